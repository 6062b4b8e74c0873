import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// A decision about the merge of two records says nothing of merges with a third.
@Suite("Whose records two are, with a third in it") struct RingOfThreeTests {
    private struct Three {
        let desk: TestDesk
        let replica: Replica
        let a: RecordID
        let b: RecordID
        let c: RecordID

        /// Ann merged into Bea and Bea into Cal, as far as it is wanted; and Cal into Ann, as by somebody who knew of neither.
        init(_ merges: [(String, String)], closing: Bool = false) throws {
            desk = try TestDesk()
            replica = try desk.enrolled(role: "administrator")
            a = try replica.addParticipant("P0301", "Ann")
            b = try replica.addParticipant("P0302", "Bea")
            c = try replica.addParticipant("P0303", "Cal")
            for (old, kept) in merges { try merge(old, kept) }
            guard closing else { return }
            let (a, c) = (a, c)
            try replica.edit { edit in
                let redirect: [Value] = [.reference(a), .text("AD02"), .integer(TestDesk.now)]
                try edit.write(c, [RegisterWrite("redirect", redirect)])
                _ = try DecisionRecord(
                    kind: .merge, subject: c, register: nil, other: a, answers: nil, by: "SV01",
                    at: TestDesk.now, reason: "one phone", before: nil, after: nil
                ).write(to: edit, telling: [])
            }
        }

        func merge(_ old: String, _ kept: String) throws {
            try desk.said(
                "participant", "merge", old, "--into", kept, "--reason", "\(old) is \(kept)", "--yes")
        }

        func unmerge(_ old: RecordID, _ reason: String) throws {
            try desk.said("participant", "unmerge", old.text, "--reason", reason)
        }

        /// Asks for another look at the decision that was made for a reason.
        func reopen(_ reason: String) throws -> String {
            let decision = try #require(
                try OpenConflicts.decisions(in: replica).first { $0.reason == reason })
            try desk.said("reopen", decision.id.short, "--reason", "are they?")
            return "\(decision.subject.short).contested-\(decision.id.short)"
        }

        /// Where each leads.
        var leads: [RecordID?] {
            get throws { try [a, b, c].map { try replica.view($0)?["merged_into"].reference } }
        }
    }

    private static let both = [("P0301", "P0302"), ("P0302", "P0303")]

    @Test func `in a ring the end of one merge, asked about again, ends no other`() throws {
        let three = try Three(Self.both, closing: true)
        try three.unmerge(three.a, "one is enough")
        let name = try three.reopen("one is enough")
        #expect(try three.leads == [nil, three.c, three.a])
        let shown = try three.desk.said("conflicts", "show", name)
        #expect(shown.contains("others leave them one person"), "\(shown)")
        let refused = three.desk.hear(["resolve", name, "--keep", "B", "--reason", "two"])
        #expect(refused.code == 65, "\(refused)")
        for old in [three.b, three.c] {
            #expect(
                refused.err.contains("porchlight participant unmerge \(old.short) --reason \"…\""),
                "\(refused.err)")
        }
        #expect(try three.leads == [nil, three.c, three.a])
        // Somebody says which of the others is wrong; what is left of them stays.
        try three.unmerge(three.c, "another phone")
        let page = try three.desk.said("resolve", name, "--keep", "B", "--reason", "met both")
        #expect(page.contains(": they stay two people\n"), "\(page)")
        #expect(try three.leads == [nil, three.c, nil])
        #expect(try three.desk.said("conflicts") == "nothing has to be decided\n")
    }

    @Test func `that two stay two people leaves where one of them leads since`() throws {
        let three = try Three([("P0301", "P0302")])
        try three.unmerge(three.a, "father and son")
        let name = try three.reopen("father and son")
        try three.merge("P0302", "P0303")
        let page = try three.desk.said("resolve", name, "--keep", "A", "--reason", "met both")
        #expect(page.contains(": they stay two people\n"), "\(page)")
        #expect(try three.leads == [nil, three.c, nil])
    }

    @Test func `a merge in a ring that is asked about again ends alone, and says what is left`() throws {
        let three = try Three(Self.both, closing: true)
        let name = try three.reopen("P0301 is P0302")
        let page = try three.desk.said("resolve", name, "--keep", "B", "--reason", "wrong way round")
        #expect(page.contains("others leave them one person"), "\(page)")
        #expect(page.contains("Ask for another look: porchlight reopen "), "\(page)")
        #expect(!page.contains("participant merge"), "\(page)")
        #expect(try three.leads == [nil, three.c, three.a])
        let end = try #require(
            try OpenConflicts.decisions(in: three.replica).first { $0.reason == "wrong way round" })
        #expect(end.saysOne == true && end.subject == three.a && end.other == three.b)
        #expect(try three.desk.said("conflicts") == "nothing has to be decided\n")
    }

    @Test func `who are told apart again keep where one of them leads since`() throws {
        let three = try Three([])
        let name = "\(min(three.a, three.b).short).same-as-\(max(three.a, three.b).short)"
        // Told apart by two who did not know of each other, and one asks for another look.
        try three.replica.edit { edit in
            _ = try DecisionRecord(
                kind: .distinct, subject: min(three.a, three.b), register: nil, other: max(three.a, three.b),
                answers: nil, by: "SV01", at: TestDesk.now, reason: "met both", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
        _ = try three.reopen("met both")
        try three.merge("P0302", "P0303")
        try three.desk.said("resolve", name, "--keep", "both", "--reason", "two")
        #expect(try three.leads == [nil, three.c, nil])
        #expect(try three.desk.said("conflicts") == "nothing has to be decided\n")
    }

    /// Ann is Bea and Bea is Cal, and somebody who knew of neither said that Ann and Cal are two.
    @Test func `whoever others lead elsewhere does not stay by a word about these two`() throws {
        let three = try Three(Self.both)
        let pair = [three.a, three.c].sorted()
        try three.replica.edit { edit in
            _ = try DecisionRecord(
                kind: .distinct, subject: pair[0], register: nil, other: pair[1], answers: nil, by: "SV01",
                at: TestDesk.now, reason: "met both", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
        let name = "\(pair[0].short).same-as-\(pair[1].short)"
        func keep(_ record: RecordID) -> (code: Int32, out: String, err: String) {
            three.desk.hear([
                "resolve", name, "--keep", record == pair[0] ? "A" : "B", "--reason", "one phone",
            ])
        }
        let refused = keep(three.a)
        #expect(refused.code == 65 && refused.err.contains("is shown as P0303 Cal"), "\(refused)")
        for old in [three.a, three.b] {
            #expect(
                refused.err.contains("porchlight participant unmerge \(old.short) --reason \"…\""),
                "\(refused.err)")
        }
        #expect(try three.leads == [three.b, three.c, nil])
        let kept = keep(three.c)
        #expect(kept.code == 0 && kept.out.contains("Ask for another look: porchlight reopen "), "\(kept)")
        #expect(try three.leads == [three.b, three.c, nil])
        #expect(try three.desk.said("conflicts") == "nothing has to be decided\n")
    }
}
