import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What is said must be so: who will see a referral, what was deleted and why, and that somebody is refused before they
/// are asked.
@Suite("What is said is so") struct SaidTests {
    @Test func `a referral to a team says who of it will see it, and who will not`() async throws {
        let desk = try await CareDesk(staff: "AD01", role: "administrator")
        let team = desk.run("referral", "add", "Ana", "--to-team", "ACT1")
        #expect(
            team.out.contains("N01, PP01 will see it after the next sync of this laptop and of theirs.\n"),
            "\(team)")
        #expect(!team.out.contains("They will"))
        // PS07 has him on the caseload, and PS09 has not.
        let peers = desk.run("referral", "add", "Ben", "--to-team", "PEER")
        #expect(peers.code == 0, "\(peers)")
        #expect(peers.out.contains("\nPS07 will see it after the next sync"), "\(peers)")
        #expect(
            peers.out.contains(
                "\nPS09 of PEER will not see it by that: a peer sees what names them (--to-peer), and what is about "
                    + "somebody on their caseload.\n"), "\(peers)")
        let named = desk.run("referral", "add", "Cleo", "--to-peer", "PS09")
        #expect(named.out.contains("\nPS07, PS09 will see it after the next sync"), "\(named)")
        #expect(!named.out.contains("will not see it"), "\(named)")
        // A referral that was sent to PS09 shows PS09 what else is said about them, until it is over.
        let again = desk.run("referral", "add", "Cleo", "--to-team", "PEER")
        #expect(again.out.contains("\nPS07, PS09 will see it after the next sync"), "\(again)")
        #expect(desk.run("assign", "Ben", "--from", "PS07", "--end").code == 0)
        let nobody = desk.run("referral", "add", "Ben", "--to-team", "PEER")
        #expect(nobody.out.contains("Nobody receives what is sent to PEER alone"), "\(nobody)")
        #expect(nobody.out.contains("\nPS07, PS09 of PEER will not see it by that"), "\(nobody)")
    }

    @Test func `who may decline a referral finds the reasons in the help`() throws {
        for verb in [["referral", "decline", "--help"], ["resolve", "--help"]] {
            let help = try TestDesk().hear(verb)
            for reason in DeclineReason.allCases {
                #expect((help.out + help.err).contains(reason.rawValue), "\(verb) \(reason)")
            }
        }
    }

    @Test func `an unmerge asks as a merge does, and takes the same answer beforehand`() throws {
        let desk = try TestDesk(answers: ["n"])
        let replica = try desk.enrolled(role: "administrator")
        let old = try replica.addParticipant("P0191", "Kay")
        try replica.addParticipant("P0188", "Lou")
        try desk.said("participant", "merge", "P0191", "--into", "P0188", "--reason", "one", "-y")
        #expect(desk.run("participant", "unmerge", "P0191", "--reason", "two") != 0)
        #expect(try replica.view(old)?["merged_into"].isNone == false)
        try desk.said("participant", "unmerge", "P0191", "--reason", "two", "-y")
        #expect(try replica.view(old)?["merged_into"].isNone == true)
    }

    @Test func `who may not record a check-in is refused before anything is asked`() async throws {
        let desk = try await CareDesk(staff: "RF01", role: "referrer")
        for arguments in [[], ["--at", "tomorrow 10:00"], ["--yes"]] {
            let refused = desk.run(["checkin", "add", "Ana", "walked"] + arguments)
            #expect(refused.code == 77, "\(refused)")
            #expect(!refused.err.contains("--yes"), "\(refused)")
            #expect(refused.err.contains("this role does not record a check-in"), "\(refused)")
        }
    }

    @Test func `a notice of a deletion does not call the deletion a mistake`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let person = try replica.addParticipant("P0300", "Ana")
        #expect(desk.run("delete", "P0300", "--reason", "nobody of this name") == 0)
        let decision = try #require(try OpenConflicts.decisions(in: replica).first)
        try replica.edit { edit in
            _ = try edit.create(
                "notice",
                try Writes(
                    "notice",
                    [
                        "to_staff": .text("SV01"), "decision": .reference(decision.id),
                        "subject": .reference(person), "at": .integer(TestDesk.now),
                        "subject_register": .text(deletedRegister),
                    ]
                ).registers)
        }
        #expect(desk.run("notices") == 0)
        #expect(
            desk.out.text.contains(
                "participant P0300 Ana: it was deleted, as an entry that should not be there.\n"),
            "\(desk.out.text)")
    }

    @Test func `a time that counts as it stands is no field with a number in the export`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let person = try replica.addParticipant("P0300", "Ana")
        try replica.edit { edit in
            _ = try DecisionRecord(
                kind: .accept, subject: person, register: "clock:04e5370e-0000-7000-8000-000000000000:5",
                other: nil,
                answers: nil, by: "SV01", at: TestDesk.now, reason: "seen", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
        #expect(desk.run("conflicts", "export") == 0)
        #expect(desk.out.text.contains("participant P0300 Ana,time of writing,"), "\(desk.out.text)")
        #expect(!desk.out.text.contains("clock:"))
    }
}
