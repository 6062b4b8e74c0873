import PeerSupport
import SyncModel
import Testing

/// Corrections by others than who had recorded a check-in are noted as decisions, and choose between nothing.
@Suite("Check-ins that somebody else corrected") struct PlainCorrectionTests {
    private func visit(_ n: Int, void: Bool = true) -> RecordView {
        var fields: [String: Value] = [
            "participant": .reference(Make.id(1)), "peer": .text("PS01"), "start_at": .integer(5),
            "did": .text("walked \(n)"),
        ]
        if n > 10 { fields["amends"] = .reference(Make.id(n - 1)) }
        if void {
            fields["voided_at"] = .integer(Int64(n))
            fields["voided_by"] = .text("AD01")
            fields["void_reason"] = .text("corrected")
        }
        return Make.view("check_in", fields, id: Make.id(n))
    }

    /// That the one after it corrects a check-in.
    private func note(_ n: Int, effective: Int64? = 7, contested: Bool = false) throws -> Decision {
        func one(_ effective: Int64?, _ values: [Value]) -> String {
            DecidedValue.text([DecidedValue(author: "AD01", effective: effective, values: values)])
        }
        var fields: [String: Value] = [
            "kind": .text("resolve"), "subject": .reference(Make.id(n)), "subject_register": .text("void"),
            "other": .reference(Make.id(n + 1)), "decided_by": .text("AD01"),
            "decided_at": .integer(Int64(n)), "reason": .text("corrected"),
            "before": .text(one(effective, [.none, .none, .none])),
            "after": .text(one(nil, [.integer(Int64(n)), .text("AD01"), .text("corrected")])),
        ]
        if contested {
            fields["contested_by"] = .text("PS01")
            fields["contested_at"] = .integer(99)
            fields["contest_reason"] = .text("no")
        }
        return try #require(Decision(Make.view("decision", fields, id: Make.id(n + 40))))
    }

    @Test func `a chain of them of which the last is void is no question`() throws {
        let chain = [10, 11, 12, 13].map { visit($0) }
        let notes = try [10, 11, 12].map { try note($0) }
        #expect(notes.allSatisfy { $0.isPlainCorrection && $0.isPlain && !$0.isPlainVoid })
        #expect(Amendments.groups(chain, DecisionChains(notes)).isEmpty)
        // Who chose between several has given some up.
        let choices = try [10, 11, 12].map { try note($0, effective: nil) }
        #expect(choices.allSatisfy { !$0.isPlain })
        #expect(Amendments.groups(chain, DecisionChains(choices)).map { $0.choice.count } == [2])
    }

    @Test func `asked about again there is the entry as it was, and the one that counts`() throws {
        let chain = [visit(10), visit(11), visit(12, void: false)]
        let quiet = DecisionChains(try [10, 11].map { try note($0) })
        #expect(Amendments.groups(chain, quiet).isEmpty)
        let asked = DecisionChains(try [note(10, contested: true), note(11)])
        let group = try #require(Amendments.groups(chain, asked).first)
        #expect(group.corrected.id == Make.id(10))
        #expect(Set(group.choice.map(\.id)) == [Make.id(10), Make.id(12)])
    }
}
