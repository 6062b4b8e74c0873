import PeerSupport
import SyncModel
import Testing

/// What is printed of a change in quarantine.
@Suite("A change in quarantine, in words") struct QuarantineTextTests {
    private func text(
        _ table: String, _ fields: [String: Value], exists: Bool = false, known: [RecordID: RecordView] = [:],
        needs: [Int64] = [], dependents: QuarantinedContent.Dependents = .init(), isAdrift: Bool = false
    ) throws -> QuarantineText {
        let layout = try #require(PeerSupportSchema.schema.table(table))
        let change = QuarantinedChange(
            id: 7, together: 7, device: "LT-11", staff: "PS07", table: table,
            refusal: Refusal(code: "permission", reason: "no"), receivedAt: 5, effective: nil,
            needs: needs)
        return QuarantineText(
            QuarantinedContent(
                change: change, record: Make.id(0xdead_beef), recordExists: exists,
                registers: Make.writes(layout, fields).map { .init(write: $0, standing: []) }, group: [7],
                dependents: dependents, isAdrift: isAdrift),
            known: known
        ) { _ in "then" }
    }

    @Test func `a new record has its article, and its name where it has one, and never a raw id`() throws {
        let assignment: [String: Value] = ["participant": .reference(Make.id(1)), "peer": .text("PS07")]
        let person = Make.view(
            "participant", ["code": .text("P0142"), "preferred_name": .text("Ana")], id: Make.id(1))
        let made = try text("assignment", assignment, known: [person.id: person])
        #expect(made.lines.last == "It makes an assignment:")
        #expect(made.rows.joined().contains { $0.contains("participant P0142 Ana") }, "\(made.rows)")
        let named = try text("participant", ["code": .text("P0300"), "preferred_name": .text("Kay")])
        #expect(named.lines.last == "It makes a participant P0300 Kay:")
        let unknown = try text("assignment", assignment)
        #expect(unknown.rows.joined().contains { $0.hasPrefix("participant 00000001, ") }, "\(unknown.rows)")
        let changed = try text("check_in", ["did": .text("walked")], exists: true)
        #expect(changed.lines.last == "It changes the check-in deadbeef:")
    }

    @Test func `what it builds upon, and what builds upon it, is said with the numbers`() throws {
        let needing = try text("check_in", ["did": .text("walked")], needs: [3, 5])
        #expect(
            needing.lines.contains(
                "What it is about is in quarantine too: 3, 5. It can only be released together with that."))
        let adrift = try text("check_in", ["did": .text("walked")], isAdrift: true)
        #expect(adrift.lines.contains { $0.hasPrefix("What it is about is neither here nor in quarantine:") })
        let needed = try text(
            "participant", ["code": .text("P1")], dependents: .init(waiting: [8, 9], taken: 1))
        #expect(needed.lines.contains("In quarantine are also, about what it makes: 8, 9"))
        #expect(
            needed.lines.contains(
                "1 record about what it makes was taken already, and nobody is shown it until this is released."
            ))
        let alone = try text("participant", ["code": .text("P1")])
        #expect(alone.lines.count == needed.lines.count - 2)
    }

    @Test func `fields have the names of the forms`() throws {
        let contact = try text(
            "participant", ["phone": .text("555"), "best_way": .text("mornings")], exists: true)
        #expect(
            contact.rows.joined().contains("phone 555, best way to reach them mornings"), "\(contact.rows)")
    }

    @Test func `what a decision keeps for programs is in words`() throws {
        let kept = DecidedValue.text([
            DecidedValue(author: "PS09", effective: 5, values: [.text("S1"), .none, .text("Oak 2")]),
            DecidedValue(author: "PS08", effective: nil, values: [.none]),
        ])
        let decision = try text("decision", ["before": .text(kept)])
        #expect(
            decision.rows.joined().contains("before S1 Oak 2 (PS09) | nothing (PS08)"), "\(decision.rows)")
    }

    @Test func `who may not merge is told so in plain words`() throws {
        let person = Make.view(
            "participant", ["code": .text("P0142"), "preferred_name": .text("Ana"), "site": .text("S1")])
        let refusal = Make.judge(
            "participant", ["merged_into": .reference(Make.id(1))], by: "PS01", .peer, before: person)
        #expect(refusal?.code == "permission")
        #expect(
            refusal?.reason == "this role may not say that two records are one person's, or that they are not"
        )
    }
}
