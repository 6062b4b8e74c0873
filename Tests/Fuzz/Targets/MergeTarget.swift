import SyncModel
import SyncWire

/// Joins up to four states that anybody could have made up.
///
/// The input is the states' bytes one after the other, each with its length before it, two octets big-endian. Of
/// states as they come, hostile or not, it is checked that joining ends, gives something that can be stored and read
/// again, and alters nothing when repeated. The whole law is checked of the same states once their contexts
/// are made what the model presupposes: acyclic, and transitive. No rule could keep the law without that,
/// since dropping a dead change presupposes that whoever replaced it is known to have read what it had read.
public enum MergeTarget {
    private static let states = 4
    private static let changes = 24

    /// An input as a corpus holds it.
    public static func input(_ states: [[UInt8]]) -> [UInt8] {
        states.flatMap {
            [UInt8(truncatingIfNeeded: $0.count >> 8), UInt8(truncatingIfNeeded: $0.count)] + $0
        }
    }

    static func run(_ input: [UInt8]) throws(Broken) {
        var found: [RecordState] = []
        var rest = input[...]
        while rest.count > 2, found.count < states {
            let length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
            if let state = try? StateCodec.decode(Array(rest.prefix(length))) { found.append(state) }
            rest = rest.dropFirst(length)
        }
        guard found.reduce(0, { $0 + $1.live.count }) <= changes else { return }
        for a in found {
            try isSound(a)
            for b in found { try isSound(merge(a, b)) }
        }
        if !found.isEmpty { try obeysLaw(honest(found)) }
    }

    /// What holds of every state, wherever it came from.
    private static func isSound(_ state: RecordState) throws(Broken) {
        try Broken.unless(merge(state, state) == state, "joining a state with itself alters nothing")
        let bytes = StateCodec.encode(state)
        if let again = try? StateCodec.decode(bytes) {
            try Broken.unless(again == state, "a joined state comes back the same")
        } else {
            throw Broken("a joined state can be stored and read again")
        }
        for register in state.conflicts where register != deletedRegister {
            try Broken.unless(state.siblings(of: register).count > 1, "a conflict has two sides")
        }
        for change in state.live {
            for write in change.writes { _ = state.winner(of: write.register) }
        }
        _ = state.deletion
    }

    /// The law, in all orders.
    static func obeysLaw(
        _ states: [RecordState],
        merge: (RecordState, RecordState) -> RecordState = { SyncModel.merge($0, $1) }
    ) throws(Broken) {
        for a in states {
            try Broken.unless(merge(a, a) == a, "idempotent")
            for b in states {
                let both = merge(a, b)
                try Broken.unless(both == merge(b, a), "commutative")
                try Broken.unless(merge(both, a) == both && merge(b, both) == both, "absorbing")
                for c in states {
                    try Broken.unless(merge(both, c) == merge(a, merge(b, c)), "associative")
                }
            }
        }
        // Dropping the dead early changes nothing: the same as all changes at once, in bytes too.
        guard let first = states.first else { return }
        let all = RecordState(table: first.table, live: states.flatMap(\.live))
        let joined = states.dropFirst().reduce(first) { merge($0, $1) }
        try Broken.unless(
            StateCodec.encode(joined) == StateCodec.encode(all), "the dead may be dropped early")
    }

    /// The same states as honest writers would have made them: one table, one content for each dot, nobody reads what
    /// comes later, and whoever read a change had read what its writer had.
    static func honest(_ states: [RecordState]) -> [RecordState] {
        var contents: [Dot: LiveChange] = [:]
        var order: [Dot] = []
        for change in states.flatMap(\.live) where contents[change.dot] == nil {
            contents[change.dot] = change
            order.append(change.dot)
        }
        // An incarnation's changes come in the order of their numbers, where its first stands.
        let rank = Dictionary(
            order.enumerated().map { ($0.element.incarnation, $0.offset) }, uniquingKeysWith: { min($0, $1) })
        order.sort { a, b in
            (rank[a.incarnation] ?? 0, a.n) < (rank[b.incarnation] ?? 0, b.n)
        }
        var made: [Dot: LiveChange] = [:]
        for (place, dot) in order.enumerated() {
            guard var change = contents[dot] else { continue }
            var context = Context()
            for earlier in order[..<place]
            where earlier.incarnation == dot.incarnation || change.context.contains(earlier) {
                context.include(earlier)
                if let known = made[earlier] { context.formUnion(known.context) }
            }
            change.context = context
            made[dot] = change
        }
        let table = states.first?.table ?? "t"
        return states.map { state in RecordState(table: table, live: state.live.compactMap { made[$0.dot] }) }
    }
}
