import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whose it is that something is neither void nor deleted, and what both had read: never who only decided so.
@Suite("Credit for what stands against a void mark or a deletion") struct CreditTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"), (code: "AD02", role: "administrator"),
    ]

    /// AD01 decides for A, and AD02 for B.
    private func decideApart(_ kind: ConflictKind, _ desks: ApartDesks) async throws {
        for (place, letter) in [(2, "A"), (3, "B")] {
            try desks[place].said(
                "resolve", desks[place].name(kind), "--keep", letter, "--reason", "apart \(place)")
        }
        try await desks.meet()
    }

    /// A check-in of PS07's that SV01 voided, while PS07 signed it; AD01 and AD02 decide apart.
    private func voided() async throws -> (ApartDesks, RecordID) {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[0].said("checkin", "sign", visit.text)
        try await desks.meet()
        try await decideApart(.void, desks)
        return (desks, visit)
    }

    @Test func `that an entry counts is its author's word, whoever decided so`() async throws {
        let (desks, _) = try await voided()
        let conflict = try #require(try desks[2].open.first)
        #expect(conflict.kind == .void)
        let counts = try #require(try desks[2].sides(of: conflict).last)
        #expect(counts.author == "PS07" && counts.decider == "AD02", "\(counts)")
        #expect(try desks[2].said("conflicts").contains("PS07, decided by AD02"))
        try desks[2].said("resolve", desks[2].name(.void), "--keep", "A", "--reason", "last")
        try await desks.meet()
        let rows = try desks[0].register()
        for row in rows {
            #expect(
                row["before"].contains("not void (PS07 wrote on it)") && !row["before"].contains("(AD0"),
                "\(row)")
        }
        #expect(rows.count == 4)
    }

    @Test func `that a correction counts is its maker's word, whoever had voided it or decided so`()
        async throws
    {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[0].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try await desks.meet()
        // Void, and counting once more, and void at last.
        for (place, keep) in [(1, "A"), (2, "B"), (3, "A")] {
            let conflict = try #require(try desks[place].open.first)
            try desks[place].said(
                "resolve", conflict.name, "--keep", keep, "--reason", "turn \(place)")
            try await desks.meet()
            let made = try #require(try desks[0].decisions("turn \(place)").first)
            if place < 3 {
                try desks[0].said("reopen", made.id.short, "--reason", "no")
                try await desks.meet()
            }
        }
        let before = try desks[0].register().map { $0["before"] }
        #expect(before.contains { $0.contains("not void (PS07 wrote on it)") }, "\(before)")
        for said in before { #expect(!said.contains("SV01 wrote") && !said.contains("AD0"), "\(before)") }
    }

    @Test func `that a deleted referral goes on is whose who last wrote on it`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[1].said("referral", "add", "P0142", "--to-peer", "PS07", "--need", "company")
        try await desks.meet()
        let referral = try #require(try desks[0].replica.find(Query("referral")).first).id
        let refused = desks[0].hear("delete", referral.text, "--reason", "not mine")
        #expect(refused.code == 77, "\(refused)")
        #expect(refused.err.contains("try:   ask a supervisor or an administrator\n"), "\(refused)")
        try desks[1].said("delete", referral.text, "--reason", "entered twice")
        try desks[0].said("referral", "accept", referral.text)
        try await desks.meet()
        try await decideApart(.deletion, desks)
        let name = try desks[2].name(.deletion)
        let list = try desks[2].said("conflicts")
        #expect(list.contains("PS07, decided by AD02"), "\(list)")
        #expect(list.contains("status accepted"), "\(list)")
        #expect(list.contains("--keep A (delete it) or B (go on with it)"), "\(list)")
        try desks[2].said("resolve", name, "--keep", "B", "--reason", "last")
        try await desks.meet()
        let row = try #require(try desks[0].register().last)
        #expect(row["before"].contains("not deleted (PS07 wrote on it)"), "\(row)")
    }

    @Test func `what both had read is its author's, and who decided for it is named beside`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "edit", "P0142", "--phone", "212-555-0101")
        try desks[1].said("participant", "edit", "P0142", "--phone", "212-555-0102")
        try await desks.meet()
        let conflict = try #require(try desks[2].open.first)
        let letter = try #require(try desks[2].sides(of: conflict).first { $0.author == "PS07" }?.letter)
        try desks[2].said("resolve", desks[2].name(.values), "--keep", letter, "--reason", "rang her")
        try await desks.meet()
        try desks[1].said("participant", "edit", "P0142", "--phone", "212-555-0103")
        try desks[3].said("participant", "edit", "P0142", "--phone", "212-555-0104")
        try await desks.meet()
        let values = try #require(
            try desks[2].replica.view(Harbor.participant("P0142"))?.values(of: "contact"))
        let decided = try #require(try desks[2].decisions("rang her").first?.valuesAfter.first?.values)
        #expect(values != decided)
        let open = try #require(try desks[2].open.first)
        let change = try #require(open.sides.first?.change)
        let credit = try desks[2].text(of: open).credit(
            of: ConflictNotes.Base(
                register: "contact", values: decided, dot: change.dot, author: "AD01", effective: nil))
        #expect(credit.author == "PS07" && credit.decider == "AD01")
        // What nobody decided for is whose it says.
        let own = try desks[2].text(of: open).credit(
            of: ConflictNotes.Base(
                register: "contact", values: values, dot: change.dot, author: "SV01", effective: nil))
        #expect(own.author == "SV01" && own.decider == nil)
    }

    /// PS07 accepted a referral that SV01 withdrew, and AD01 let that stand while AD02 deleted it.
    @Test func `what somebody went on with is whose it was, and not who decided for it`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[1].said("referral", "add", "P0142", "--to-peer", "PS07", "--need", "company")
        try await desks.meet()
        let referral = try #require(try desks[0].replica.find(Query("referral")).first).id
        try desks[0].said("referral", "accept", referral.text)
        try desks[1].said("referral", "withdraw", referral.text, "--note", "moved")
        try await desks.meet()
        let conflict = try #require(try desks[2].open.first)
        #expect(conflict.kind == .transition)
        let side = try #require(try desks[2].sides(of: conflict).first { $0.author == "PS07" })
        try desks[3].said("delete", referral.text, "--reason", "entered twice")
        try desks[2].said("resolve", conflict.name, "--keep", side.letter, "--reason", "asked her")
        try await desks.meet()
        let list = try desks[2].said("conflicts", "--kind", "deletion")
        #expect(list.contains("PS07, decided by AD01"), "\(list)")
        try await decideApart(.deletion, desks)
        let again = try desks[2].said("conflicts", "--kind", "deletion")
        #expect(again.contains("PS07, decided by AD02"), "\(again)")
        try desks[2].said("resolve", desks[2].name(.deletion), "--keep", "B", "--reason", "last")
        try await desks.meet()
        let rows = try desks[0].register().filter { $0["field"] == "deleted" }
        #expect(rows.count == 4, "\(rows)")
        for row in rows.dropFirst() {
            #expect(row["before"].contains("not deleted (PS07 wrote on it)"), "\(row)")
        }
    }
}
