import SyncModel
import SyncWire

/// What the server has given each laptop, by the cursor it gave with it: whoever stores a cursor must hold it.
///
/// Read off the answers as they left the server, so it knows nothing of how a replica keeps its records.
struct Ledger {
    /// A laptop's cursor. Two copies of a laptop may share one; what it stands for is the same.
    private struct Place: Hashable {
        let device: String
        let cursor: [UInt8]
    }

    private var given: [Place: [RecordID: Set<ScopeKey>]] = [:]
    /// Which record a change that was sent is of.
    private var records: [Dot: RecordID] = [:]

    /// What a laptop with this cursor was given, and was not told to drop; `nil` for a cursor never given.
    func held(_ device: String, _ cursor: [UInt8]) -> Set<RecordID>? {
        given[Place(device: device, cursor: cursor)].map { Set($0.keys) }
    }

    /// The server was put back: its old cursors stand for nothing.
    mutating func clear() { given = [:] }

    /// Notes an answer.
    mutating func note(_ device: String, _ request: ExchangeRequest, _ reply: ExchangeReply) {
        for bytes in request.changes {
            if let change = try? FrozenCodec.decode(bytes).change { records[change.dot] = change.record }
        }
        guard reply.welcome.verdict == .ok, request.hello.pageRecords > 0 else { return }
        let keys = Set(reply.welcome.keys)
        var held = given[Place(device: device, cursor: request.hello.cursor)] ?? [:]
        if !keys.contains("all") { held = held.filter { !$0.value.isDisjoint(with: keys) } }
        // Who hears no more than that a change was taken hears that its record has left.
        for said in reply.dispositions where said.outcome == .taken {
            if let record = records[said.dot] { held[record] = nil }
        }
        for record in reply.records { held[record.id] = Set(record.keys) }
        for record in reply.leaves { held[record] = nil }
        let place = Place(device: device, cursor: reply.end.cursor)
        // By another way to the same cursor, what was given on both is what it stands for.
        if let known = given[place] { held = held.filter { known[$0.key] != nil } }
        given[place] = held
    }
}
