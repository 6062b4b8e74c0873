import SyncModel
import SyncWire

/// Spoils what passes the link, for one ``Defect``.
struct Saboteur {
    let defect: Defect
    /// The device whose link it is.
    let device: String
    let edition: SimulatedDomain.Edition

    /// One laptop only, so that the others show what should be.
    private var isVictim: Bool { device == "LT-2" }

    /// A request that comes again, as a server takes it that does not know it again: under another number.
    func repeated(_ request: ExchangeRequest) -> ExchangeRequest? {
        defect == .doubledRepeat ? Self.renumbered(request) : nil
    }

    /// The first change of a request under another number, as if nobody had sent it before.
    static func renumbered(_ request: ExchangeRequest) -> ExchangeRequest? {
        guard let bytes = request.changes.first,
            var change = try? FrozenCodec.decode(bytes).change
        else { return nil }
        change.dot = Dot(
            NaturalKey.id(table: "incarnation", key: "\(change.dot)\(request.hello.newestHash.short)"), 1)
        change.transaction = nil
        guard let seed = Optional([UInt8](repeating: 7, count: FrozenCodec.seedBytes)),
            let (frozen, octets) = try? FrozenCodec.encode(change, seed: seed)
        else { return nil }
        var again = request
        again.changes = [octets]
        again.hello.incarnation = change.dot.incarnation
        again.hello.newest = 1
        again.hello.newestHash = frozen.hash(after: .zero)
        again.hello.firstUnsent = 1
        again.hello.hashBefore = .zero
        return again
    }

    /// What to ask instead of a request that was found to come from a copy, to get an answer as if all were well.
    func blinded(_ request: ExchangeRequest, _ reply: ExchangeReply) -> ExchangeRequest? {
        guard defect == .blindToCopies else { return nil }
        switch reply.welcome.verdict {
        case .reidentify, .rewind: break
        default: return nil
        }
        var plain = ExchangeRequest(hello: request.hello, changes: [])
        plain.hello.incarnation = NaturalKey.id(
            table: "incarnation", key: "\(device) \(request.hello.newest)")
        plain.hello.newest = 0
        plain.hello.newestHash = .zero
        plain.hello.firstUnsent = 1
        plain.hello.hashBefore = .zero
        return plain
    }

    /// A request as a server hears it that takes nothing back from those who hold everything.
    func muted(_ request: ExchangeRequest) -> ExchangeRequest {
        guard defect == .deafToRecall else { return request }
        var muted = request
        muted.remembered.kept = []
        return muted
    }

    /// Whether an answer to what a laptop sends never arrives.
    func isStuck(_ request: ExchangeRequest) -> Bool {
        defect == .stuckQueue && isVictim && !request.changes.isEmpty
    }

    /// An answer's octets as they arrive.
    func garbled(_ octets: [UInt8]) -> [UInt8] {
        defect == .garbledAnswer && isVictim ? octets.map { ~$0 } : octets
    }

    /// An answer as the laptop gets it.
    func altered(_ reply: ExchangeReply, to request: ExchangeRequest) -> ExchangeReply {
        var altered = reply
        switch defect {
        case .alteredState where isVictim:
            altered.records = reply.records.map { Self.edited($0, Self.later) }
        case .erasingClient where edition == .current:
            altered.records = reply.records.map { Self.edited($0, Self.known) }
        case .cursorAhead where isVictim && reply.records.count > 1: altered.records.removeLast()
        case .keptLeaves: altered.leaves = []
        case .keptMark: altered.dispositions.removeAll { $0.outcome == .released || $0.outcome == .withdrawn }
        default: break
        }
        return altered
    }

    private static func edited(_ record: PageRecord, _ edit: (RecordState) -> RecordState) -> PageRecord {
        guard case .state(let bytes) = record.body, let state = try? StateCodec.decode(bytes) else {
            return record
        }
        var copy = record
        copy.body = .state(StateCodec.encode(edit(state)))
        return copy
    }

    private static func later(_ state: RecordState) -> RecordState {
        RecordState(
            table: state.table,
            live: state.live.map { change in
                var moved = change
                moved.effective?.microseconds += 1
                return moved
            })
    }

    private static func known(_ state: RecordState) -> RecordState {
        RecordState(
            table: state.table,
            live: state.live.map { change in
                var rest = change
                rest.writes.removeAll { $0.register == SimulatedDomain.nextRegister.name }
                return rest
            }.filter { !$0.writes.isEmpty })
    }
}
