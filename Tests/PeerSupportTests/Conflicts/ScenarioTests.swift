import PeerSupport
import SyncModel
import Testing

/// Three laptops that hold one check-in and one referral, and a server between them: nothing but states and the merge.
struct ToyOffice {
    enum Record: String, CaseIterable { case visit = "check_in", referral }

    /// One thing that somebody does.
    enum Act: Hashable {
        case note(Int, String)
        case place(Int, String)
        case step(Int, String)
        case sign(Int, String)
        case void(Int)
        case delete(Int)
        case sync(Int)
        /// Decides the first conflict of a record for the side at a place.
        case decide(Int, Record, Int)
    }

    /// A write, and all that its writer had met: what is true, told without contexts.
    struct Truth {
        let dot: Dot
        let record: Record
        let register: String
        let values: [Value]
        let past: Set<Dot>
    }

    private var laptops: [[Record: RecordState]]
    private var server: [Record: RecordState] = [:]
    private(set) var truth: [Truth] = []
    private var counts = [UInt64](repeating: 0, count: 4)
    private var now: Int64 = 1_000_000_000

    init() {
        laptops = Array(repeating: [:], count: 4)
        let person = Value.reference(Make.id(1))
        write(
            3, .visit,
            ["participant": person, "peer": .text("PS07"), "start_at": .integer(5), "did": .text("-")])
        write(3, .referral, ["participant": person, "to_team": .text("ACT1"), "status": .text("sent")])
        for laptop in 0..<4 { sync(laptop == 0 ? 3 : laptop - 1) }
    }

    mutating func apply(_ act: Act) {
        switch act {
        case .note(let who, let word): write(who, .visit, ["did": .text(word)])
        case .place(let who, let word): write(who, .visit, ["place_note": .text(word)])
        case .step(let who, let word): write(who, .referral, ["status": .text(word)])
        case .sign(let who, let word): write(who, .visit, ["did": .text(word), "signed_at": .integer(9)])
        case .void(let who):
            let mark: [String: Value] = [
                "voided_at": .integer(7), "voided_by": .text("AD01"), "void_reason": .text("twice"),
            ]
            write(who, .visit, mark)
        case .delete(let who): put(who, .visit, [RegisterWrite(deletedRegister, [.integer(1)])])
        case .sync(let who): sync(who)
        case .decide(let who, let record, let place):
            guard let conflict = conflicts(who, record).first, let register = conflict.register,
                conflict.sides.indices.contains(place)
            else { return }
            put(who, record, [RegisterWrite(register, conflict.sides[place].values)])
        }
    }

    /// Everybody meets everybody.
    mutating func meet() {
        for _ in 0..<2 { for laptop in 0..<3 { sync(laptop) } }
    }

    func conflicts(_ who: Int, _ record: Record) -> [Conflict] {
        guard let state = laptops[who][record], let view = view(who, record) else { return [] }
        return ConflictFinder.conflicts(in: view, state, DecisionChains([]))
    }

    func view(_ who: Int, _ record: Record) -> RecordView? {
        guard let state = laptops[who][record], let table = PeerSupportSchema.schema.table(record.rawValue)
        else { return nil }
        return RecordView(id: Make.id(9), state: state, table: table)
    }

    func state(_ who: Int, _ record: Record) -> RecordState? { laptops[who][record] }

    private mutating func write(_ who: Int, _ record: Record, _ fields: [String: Value]) {
        guard let table = PeerSupportSchema.schema.table(record.rawValue) else { return }
        put(who, record, Make.writes(table, fields))
    }

    private mutating func put(_ who: Int, _ record: Record, _ writes: [RegisterWrite]) {
        counts[who] += 1
        now += 1_000_000
        let state = laptops[who][record] ?? RecordState(table: record.rawValue)
        let dot = Dot(Make.id(100 + who), counts[who])
        let change = LiveChange(
            dot: dot, author: "L\(who)", writes: writes, context: state.context,
            effective: EffectiveTime(microseconds: now), deviceMicroseconds: now)
        let past = met[who, default: []]
        for write in writes {
            truth.append(
                Truth(dot: dot, record: record, register: write.register, values: write.values, past: past))
        }
        met[who, default: []].insert(dot)
        laptops[who][record] = merge(state, RecordState(table: record.rawValue, live: [change]))
    }

    /// What each laptop has met, in truth; the server's is under -1.
    private var met: [Int: Set<Dot>] = [:]

    private mutating func sync(_ who: Int) {
        for record in Record.allCases {
            let mine = laptops[who][record] ?? RecordState(table: record.rawValue)
            let theirs = server[record] ?? RecordState(table: record.rawValue)
            let joined = merge(mine, theirs)
            laptops[who][record] = joined
            server[record] = joined
        }
        let all = met[who, default: []].union(met[-1, default: []])
        met[who] = all
        met[-1] = all
    }
}

@Suite("Conflicts, act by act") struct ScenarioTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let acts: [ToyOffice.Act]
        /// The kinds that are open on every laptop once all have met.
        let open: [ConflictKind]

        var testDescription: String { name }
    }

    /// One line, one act, its outcome.
    static let cases: [Case] = [
        Case(name: "nobody writes", acts: [], open: []),
        Case(name: "one writes", acts: [.note(0, "a")], open: []),
        Case(name: "one writes twice", acts: [.note(0, "a"), .note(0, "b")], open: []),
        Case(name: "two write the same", acts: [.note(0, "a"), .note(1, "a")], open: []),
        Case(name: "two write different things", acts: [.note(0, "a"), .note(1, "b")], open: [.values]),
        Case(
            name: "two write, one after the other", acts: [.note(0, "a"), .sync(0), .sync(1), .note(1, "b")],
            open: []),
        Case(name: "two write different registers", acts: [.note(0, "a"), .place(1, "b")], open: []),
        Case(
            name: "two registers, each written apart",
            acts: [.note(0, "a"), .note(1, "b"), .place(0, "c"), .place(1, "d")], open: [.values, .values]),
        Case(name: "three write", acts: [.note(0, "a"), .note(1, "b"), .note(2, "c")], open: [.values]),
        Case(
            name: "accepted here, declined there", acts: [.step(0, "accepted"), .step(1, "declined")],
            open: [.transition]),
        Case(name: "accepted twice", acts: [.step(0, "accepted"), .step(1, "accepted")], open: []),
        Case(name: "deleted here, written there", acts: [.delete(0), .note(1, "b")], open: [.deletion]),
        Case(
            name: "deleted by who had read it", acts: [.note(1, "b"), .sync(1), .sync(0), .delete(0)],
            open: []),
        Case(name: "voided here, written there", acts: [.void(0), .note(1, "b")], open: [.void]),
        Case(
            name: "voided by who had read it", acts: [.note(1, "b"), .sync(1), .sync(0), .void(0)], open: []),
        Case(name: "signed here, edited there", acts: [.sign(0, "a"), .note(1, "b")], open: [.values]),
        Case(name: "signed here, voided there", acts: [.sign(0, "a"), .void(1)], open: [.void]),
        Case(
            name: "signed here, voided by who had read it",
            acts: [.sign(0, "a"), .sync(0), .sync(1), .void(1)],
            open: []),
        Case(
            name: "signed here, voided there, and decided that it is void",
            acts: [.sign(0, "a"), .void(1), .sync(0), .sync(1), .decide(1, .visit, 0)], open: []),
        Case(
            name: "decided",
            acts: [.note(0, "a"), .note(1, "b"), .sync(0), .sync(1), .sync(2), .decide(1, .visit, 0)],
            open: []),
        Case(
            name: "decided, and written meanwhile by who had not read it",
            acts: [.note(0, "a"), .note(1, "b"), .sync(0), .sync(1), .decide(1, .visit, 0), .note(2, "c")],
            open: [.values]),
        Case(
            name: "decided by two alike",
            acts: [
                .note(0, "a"), .note(1, "b"), .sync(0), .sync(1), .sync(0), .decide(0, .visit, 1),
                .decide(1, .visit, 1),
            ], open: []),
        Case(
            name: "decided by two differently",
            acts: [
                .note(0, "a"), .note(1, "b"), .sync(0), .sync(1), .sync(0), .decide(0, .visit, 0),
                .decide(1, .visit, 1),
            ], open: [.values]),
        Case(
            name: "a void decided",
            acts: [.void(0), .note(1, "b"), .sync(0), .sync(1), .decide(1, .visit, 0)], open: []),
        Case(
            name: "a void taken back",
            acts: [.void(0), .note(1, "b"), .sync(0), .sync(1), .decide(1, .visit, 1)], open: []),
        Case(
            name: "a deletion decided",
            acts: [.delete(0), .note(1, "b"), .sync(0), .sync(1), .decide(1, .visit, 0)], open: []),
        Case(
            name: "a deletion taken back",
            acts: [.delete(0), .note(1, "b"), .sync(0), .sync(1), .decide(1, .visit, 1)], open: []),
        Case(
            name: "a step decided",
            acts: [.step(0, "accepted"), .step(1, "declined"), .sync(0), .sync(1), .decide(1, .referral, 1)],
            open: []),
    ]

    @Test(arguments: cases) func `act by act`(scenario: Case) {
        var office = ToyOffice()
        for act in scenario.acts { office.apply(act) }
        office.meet()
        for laptop in 0..<3 {
            let open = ToyOffice.Record.allCases.flatMap { office.conflicts(laptop, $0) }.map(\.kind)
            #expect(open == scenario.open, "laptop \(laptop)")
        }
    }

    @Test func `the signed text stands on every laptop, whoever came last`() {
        for acts in [[ToyOffice.Act.sign(0, "a"), .note(1, "b")], [.note(1, "b"), .sign(0, "a")]] {
            var office = ToyOffice()
            for act in acts { office.apply(act) }
            office.meet()
            for laptop in 0..<3 {
                #expect(office.conflicts(laptop, .visit).first?.sides.first?.values.first == .text("a"))
            }
        }
    }

    @Test func `a void stands against a signature only where its writer had read that`() throws {
        for (acts, isVoid) in [
            ([ToyOffice.Act.sign(0, "a"), .void(1)], false), ([.void(1), .sign(0, "a")], false),
            ([.sign(0, "a"), .sync(0), .sync(1), .void(1)], true), ([.note(0, "a"), .void(1)], true),
            ([.sign(0, "a"), .void(1), .sync(0), .sync(1), .decide(1, .visit, 0)], true),
            ([.sign(0, "a"), .void(1), .sync(0), .sync(1), .decide(1, .visit, 1)], false),
            ([.void(1), .sync(1), .sync(0), .sign(0, "a")], true),
        ] {
            var office = ToyOffice()
            for act in acts { office.apply(act) }
            office.meet()
            for laptop in 0..<3 {
                let shown = try #require(office.view(laptop, .visit))
                #expect(shown["voided_at"].isNone != isVoid, "\(acts)")
                #expect(shown["did"] == .text("a"))
                if let open = office.conflicts(laptop, .visit).first {
                    #expect(open.kind == .void && open.shownPlace == (isVoid ? 0 : 1), "\(acts)")
                }
            }
        }
    }

    /// Conflicts are opened and closed in random order; what is open in the end is what true causality says.
    @Test(arguments: 0..<400) func `whatever people do, what is open is what was written apart`(seed: Int) {
        var dice = Dice(state: UInt64(seed) &* 7_919 &+ 3)
        func below(_ n: Int) -> Int { Int(dice.next() % UInt64(n)) }
        var office = ToyOffice()
        for number in 0..<(8 + below(30)) {
            let who = below(3)
            switch below(9) {
            case 0, 1: office.apply(.note(who, "n\(number % 5)"))
            case 2: office.apply(.place(who, "p\(number % 3)"))
            case 3: office.apply(.step(who, ["accepted", "declined", "scheduled"][below(3)]))
            case 4: office.apply(.decide(who, .visit, below(3)))
            case 5: office.apply(.decide(who, .referral, below(2)))
            default: office.apply(.sync(who))
            }
        }
        office.meet()
        for record in ToyOffice.Record.allCases {
            var open: Set<String> = []
            for (register, writes) in Dictionary(
                grouping: office.truth.filter { $0.record == record }, by: \.register)
            {
                let maximal = writes.filter { write in !writes.contains { $0.past.contains(write.dot) } }
                if Set(maximal.map(\.values)).count > 1 { open.insert(register) }
            }
            for laptop in 0..<3 {
                #expect(Set(office.conflicts(laptop, record).compactMap(\.register)) == open)
                #expect(office.state(laptop, record) == office.state(0, record))
            }
        }
    }
}
