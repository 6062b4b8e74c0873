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

    private func waiting(_ id: Int64, from device: String, at time: EffectiveTime?) -> QuarantinedChange {
        QuarantinedChange(
            id: id, together: id, device: device, staff: "PS07", table: "assignment",
            refusal: Refusal(code: "permission", reason: "no"), receivedAt: 5, effective: time)
    }

    /// After a restore a number may stand for something else than whoever decides remembers.
    @Test func `what was decided is said with what the number stood for`() {
        let known = [
            waiting(3, from: "LT-2", at: EffectiveTime(microseconds: 8, isEstimated: true)),
            waiting(4, from: "LT-9", at: nil),
        ]
        func decided(_ id: Int64, _ isConflict: Bool) -> DecidedChange {
            DecidedChange(id: id, device: "LT-2", isConflict: isConflict)
        }
        let both = [decided(3, false), decided(4, false)]
        let discarded = QuarantineText.discarded(both, of: known) { "at \($0)" }
        #expect(
            discarded == [
                "3 is discarded: assignment, by PS07 on LT-2, written about at 8",
                "4 is discarded: assignment, by PS07 on LT-9",
            ])
        let one = [decided(4, true), decided(5, false)]
        let released = QuarantineText.released(one, of: known) { "at \($0)" }
        #expect(
            released.prefix(2) == [
                "4 is released, and stands beside what was written since: assignment, by PS07 on LT-9",
                "5 is released",
            ])
    }

    @Test func `a list ends with how many there are, from which laptops, and how many it does not print`() {
        let found = (1...7).flatMap { laptop in
            (0..<laptop).map { waiting(Int64(10 * laptop + $0), from: "LT-\(laptop)", at: nil) }
        }
        #expect(
            QuarantineText.count(found, printed: 28) == [
                "28 changes in quarantine: 7 from LT-7, 6 from LT-6, 5 from LT-5, 4 from LT-4, 3 from LT-3, "
                    + "the rest from 2 more laptops"
            ])
        let cut = QuarantineText.count(found, printed: 20)
        #expect(cut.count == 2 && cut[1].hasPrefix("The first 20 are printed; --all prints all"))
        #expect(QuarantineText.count([found[0]], printed: 1) == ["1 change in quarantine: 1 from LT-1"])
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
