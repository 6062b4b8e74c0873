import SyncModel
import Testing

@testable import PeerSupport

/// What was written on a participant's record that leads to another, unread by whoever merged the two.
@Suite("Written on a merged record") struct LateWritesTests {
    private let rosa = Make.id(101)
    private let office = Make.id(102)
    private let layout = PeerSupportSchema.schema.table("participant") ?? Table("participant", [])

    private func change(
        _ laptop: RecordID, _ n: UInt64, _ fields: [String: Value], read: [Context.Entry] = [],
        at time: Int64 = 1_000_000
    ) -> LiveChange {
        LiveChange(
            dot: Dot(laptop, n), author: laptop == rosa ? "PS07" : "AD01",
            writes: Make.writes(layout, fields),
            context: Context(read), effective: EffectiveTime(microseconds: time), deviceMicroseconds: time)
    }

    private func phone(_ number: String) -> [String: Value] { ["phone": .text(number)] }
    private var redirect: [String: Value] {
        ["merged_into": .reference(Make.id(1)), "merged_by": .text("AD01")]
    }
    private var made: LiveChange {
        change(rosa, 1, ["code": .text("P0191"), "preferred_name": .text("Ben")])
    }

    private func conflicts(old: [LiveChange], root: [LiveChange], _ decisions: [Decision] = []) -> [Conflict]
    {
        let oldState = RecordState(table: "participant", live: old)
        let rootState = RecordState(table: "participant", live: root)
        return LateWrites.conflicts(
            on: RecordView(id: Make.id(2), state: oldState, table: layout), oldState,
            under: RecordView(id: Make.id(1), state: rootState, table: layout), rootState, decisions)
    }

    @Test func `what whoever merged them had not read is asked about, beside what is shown`() throws {
        let late = change(rosa, 2, phone("555 0107"), read: [.init(rosa, 1)], at: 9_000_000)
        let found = conflicts(
            old: [made, change(office, 1, redirect, read: [.init(rosa, 1)]), late],
            root: [change(office, 5, phone("555 0100"))])
        #expect(found.map(\.kind) == [.late])
        let one = try #require(found.first)
        #expect(one.register == "contact" && one.view.id == Make.id(2) && one.other?.id == Make.id(1))
        #expect(one.sides.map { $0.values.first } == [.text("555 0100"), .text("555 0107")])
        #expect(one.sides.map { $0.change?.author } == ["AD01", "PS07"])
        #expect(one.since == 9_000_000)
    }

    /// Of the merge nothing is asked where two say the same; of what neither had read, it is.
    @Test func `where two merged the same two apart, what neither had read is asked about`() {
        let late = change(rosa, 2, phone("555 0107"), read: [.init(rosa, 1)], at: 9_000_000)
        let root = [change(office, 5, phone("555 0100"))]
        func asked(_ readByOne: UInt64, into target: Int = 1) -> Int {
            var other = redirect
            other["merged_by"] = .text("SV01")
            other["merged_into"] = .reference(Make.id(target))
            let merges = [
                change(office, 1, redirect, read: [.init(rosa, readByOne)]),
                change(Make.id(103), 1, other, read: [.init(rosa, 1)]),
            ]
            return conflicts(old: [made, late] + merges, root: root).count
        }
        #expect(asked(1) == 1)
        // One of them had it before them.
        #expect(asked(2) == 0)
        // Into two different people: that is to be decided before.
        #expect(asked(1, into: 3) == 0)
    }

    /// Nothing is written on the old record by it: what was read stands in the decision.
    @Test func `what somebody had before them who decided is not asked again, and what came since is`() throws
    {
        let merged = change(office, 1, redirect, read: [.init(rosa, 1)])
        let late = change(rosa, 2, phone("555 0107"), read: [.init(rosa, 1)], at: 9_000_000)
        let root = [change(office, 5, phone("555 0100"))]
        func decided(
            _ kind: DecisionKind = .resolve, at effective: Int64? = 9_000_000, by author: String = "PS07",
            register: String = "contact", other: Int = 2
        ) throws -> Decision {
            let before = [
                DecidedValue(author: "AD01", effective: 1_000_000, values: [.text("555 0100"), .none]),
                DecidedValue(author: author, effective: effective, values: [.text("555 0107"), .none]),
            ]
            let fields: [String: Value] = [
                "kind": .text(kind.rawValue), "subject": .reference(Make.id(1)),
                "subject_register": .text(register), "other": .reference(Make.id(other)),
                "decided_by": .text("PS07"), "decided_at": .integer(10), "reason": .text("asked"),
                "before": .text(DecidedValue.text(before)),
            ]
            return try #require(Decision(Make.view("decision", fields, id: Make.id(50))))
        }
        let old = [made, merged, late]
        #expect(conflicts(old: old, root: root, [try decided()]).isEmpty)
        // No server had judged it on the laptop of whoever decided.
        #expect(conflicts(old: old, root: root, [try decided(at: nil)]).isEmpty)
        #expect(conflicts(old: old, root: root, [try decided(at: nil, by: "PS09")]).count == 1)
        // About something else, or nothing.
        for other in [
            try decided(.undo), try decided(register: "home"), try decided(other: 3), try decided(at: 8),
        ] {
            #expect(conflicts(old: old, root: root, [other]).count == 1)
        }
        // What that laptop wrote since: other values, and the same ones once more.
        for number in ["555 0108", "555 0107"] {
            let since = change(rosa, 3, phone(number), read: [.init(rosa, 2)], at: 11_000_000)
            let found = conflicts(old: [made, merged, since], root: root, [try decided()])
            #expect(found.map { $0.sides.map { $0.values.first } } == [[.text("555 0100"), .text(number)]])
        }
    }

    @Test func `where the person's record says nothing, that stands against it`() {
        let late = change(rosa, 2, phone("555 0107"), read: [.init(rosa, 1)])
        let found = conflicts(
            old: [made, change(office, 1, redirect, read: [.init(rosa, 1)]), late], root: [])
        #expect(found.first?.sides.first?.values == [.none, .none])
        #expect(found.first?.sides.first?.change == nil)
    }

    @Test func `what was read, says the same, or is the record's own business is not asked about`() {
        let before = change(rosa, 2, phone("555 0107"), read: [.init(rosa, 1)])
        let root = [change(office, 5, phone("555 0100"))]
        // Read when they were merged.
        #expect(
            conflicts(old: [made, before, change(office, 1, redirect, read: [.init(rosa, 2)])], root: root)
                .isEmpty)
        // Read since: the redirect was written anew.
        #expect(
            conflicts(
                old: [
                    made, before, change(office, 1, redirect, read: [.init(rosa, 1)]),
                    change(office, 2, redirect, read: [.init(rosa, 2), .init(office, 1)]),
                ], root: root
            ).isEmpty)
        // Says the same.
        let same = change(rosa, 2, phone("555 0100"), read: [.init(rosa, 1)])
        let merged = change(office, 1, redirect, read: [.init(rosa, 1)])
        #expect(conflicts(old: [made, same, merged], root: root).isEmpty)
        // Its code is its own.
        let renumbered = change(rosa, 2, ["code": .text("P0192")], read: [.init(rosa, 1)])
        #expect(conflicts(old: [made, renumbered, merged], root: root).isEmpty)
        // Leads nowhere.
        #expect(conflicts(old: [made, before], root: root).isEmpty)
    }

    @Test
    func `while the person's record has several values, they are decided first, so that none goes under`() {
        let late = change(rosa, 2, phone("555 0107"), read: [.init(rosa, 1)])
        let merged = change(office, 1, redirect, read: [.init(rosa, 1)])
        let root = [change(office, 5, phone("555 0100")), change(rosa, 9, phone("555 0111"))]
        #expect(conflicts(old: [made, late, merged], root: root).isEmpty)
        #expect(conflicts(old: [made, late, merged], root: Array(root.prefix(1))).count == 1)
    }

    @Test func `while two say where it leads, that is decided first`() {
        let late = change(rosa, 2, phone("555 0107"), read: [.init(rosa, 1)])
        let other = change(rosa, 3, ["merged_into": .reference(Make.id(3))], read: [.init(rosa, 2)])
        let merged = change(office, 1, redirect, read: [.init(rosa, 1)])
        #expect(conflicts(old: [made, late, merged, other], root: []).isEmpty)
    }
}
