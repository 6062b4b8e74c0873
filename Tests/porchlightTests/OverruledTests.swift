import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Notices of decisions that were made anew since, or are being asked again.
@Suite("Notices of what was overruled") struct OverruledTests {
    /// A decision that gives up what SV01 wrote, and tells them.
    private func told(_ apart: Apart, _ at: Int64, _ answers: RecordID?, _ reason: String) throws -> RecordID
    {
        var made: RecordID?
        try apart.replica.edit(resolving: true) { edit in
            try edit.write(apart.person, [RegisterWrite("contact", [.text("555 0134"), .none])])
            made = try DecisionRecord(
                kind: .resolve, subject: apart.person, register: "contact", other: nil, answers: answers,
                by: "SV01", at: at, reason: reason,
                before: DecidedValue.text([
                    DecidedValue(author: "SV01", effective: nil, values: [.text("555 0199"), .none])
                ]),
                after: DecidedValue.text([
                    DecidedValue(author: "AD01", effective: nil, values: [.text("555 0134"), .none])
                ])
            ).write(to: edit, telling: ["SV01"])
        }
        return try #require(made)
    }

    @Test func `they name the newer decision, and offer nothing that is refused`() async throws {
        for isLinked in [true, false] {
            let apart = try await Apart()
            let first = try told(apart, TestDesk.now - 60, nil, "rang her up")
            #expect(try apart.desk.said("notices").contains("porchlight reopen \(first.short)"))
            let second = try told(apart, TestDesk.now, isLinked ? first : nil, "asked her sister")
            let notices = try apart.desk.said("notices")
            #expect(!notices.contains("porchlight reopen \(first.short)"), "\(notices)")
            let how = isLinked ? "it anew" : "about it apart from this"
            #expect(notices.contains("SV01 decided \(how) today 09:30: asked her sister"), "\(notices)")
            #expect(notices.ranges(of: "porchlight reopen \(second.short)").count == 2)
            #expect(
                try apart.desk.said("notices", "--json").contains(#""decided_anew":"\#(second.text)""#))
            // Whoever tries all the same is told which one stands.
            #expect(apart.desk.run("reopen", first.short, "--reason", "no") == 65)
            #expect(apart.desk.err.text.contains("porchlight reopen \(second.short) --reason"))
            // And what they offer is done.
            #expect(try apart.desk.said("reopen", second.short, "--reason", "no").contains("open again"))
            let open = try apart.desk.said("notices")
            let name = "deadbeef.contested-\(second.short)"
            #expect(open.ranges(of: "It is being asked again: porchlight conflicts show \(name)").count == 2)
            #expect(!open.contains("porchlight reopen"))
            #expect(
                try apart.desk.said("notices", "--json").contains(#""asked_again":"\#(name)""#))
        }
    }

    @Test func `decisions about one field are one question, and the newest stands`() async throws {
        let apart = try await Apart()
        _ = try apart.desk.said("resolve", "P0142", "contact", "--keep", "A", "--reason", "first")
        let first = try #require(apart.decisions.first)
        _ = try apart.desk.said("reopen", first.id.short, "--reason", "look again")
        let name = "deadbeef.contested-\(first.id.short)"
        _ = try apart.desk.said("resolve", name, "--keep", "A", "--reason", "second")
        let export = try apart.desk.said("conflicts", "export", "--json")
        #expect(export.ranges(of: #""question":"\#(first.id.text)""#).count == 2)
        // Nor does what decides values that were written apart since.
        #expect(
            apart.decisions.filter { DecisionChains(apart.decisions).newer(than: $0) == nil }.map(\.reason)
                == ["second"])
    }
}
