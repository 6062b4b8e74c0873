import SyncModel
import SyncWire

/// Says of a record in conflict what its state does not: what those who disagree had both read, and where each live
/// change was written.
///
/// Of a record without a conflict nothing is read, not even its state: a page stays as fast.
struct Annotating {
    let working: WorkingSet

    private var transaction: any StoreTransaction { working.transaction }

    /// The notes that go with a record of a page; `nil` if it is in no conflict.
    func notes(of number: RecordNumber, _ item: Pager.Item) throws -> ConflictNotes? {
        if item.row.isDisputed == false { return nil }
        let state = try item.working?.state ?? StateCodec.decode(item.row.state)
        let disputes = state.disputes
        guard !disputes.isEmpty else { return nil }
        let history = try history(of: number)
        let table = working.schema.table(state.table)
        return ConflictNotes(
            bases: disputes.compactMap { dispute in
                dispute.base(in: history, rank: table?.register(dispute.register)?.rank ?? .none)
            },
            origins: try origins(of: state, number))
    }

    /// Every change of a record that was ever part of it: those of the log, and those that a restored server got back
    /// from others.
    private func history(of number: RecordNumber) throws -> [LiveChange] {
        let taken = try transaction.history(of: number).map { bytes, effective in
            LiveChange(try FrozenCodec.decode(bytes).change, effective: effective)
        }
        return try taken + transaction.brought(into: number).flatMap { try StateCodec.decode($0).live }
    }

    /// Where each live change of a record was written, as far as it is known.
    func origins(of state: RecordState, _ number: RecordNumber) throws -> [ConflictNotes.Origin] {
        let live = Set(state.live.map(\.dot))
        return try transaction.arrivals(of: number).filter { live.contains($0.dot) }.map(
            ConflictNotes.Origin.init)
    }
}

extension ConflictNotes.Origin {
    /// What is known of a change's way here. When what was brought back first came, the restored server has forgotten.
    init(_ arrived: Arrived) {
        switch arrived.way {
        case .sent:
            self.init(
                dot: arrived.dot, device: arrived.device, receivedMicroseconds: arrived.at, arrival: .sent)
        case .released(let first):
            self.init(
                dot: arrived.dot, device: arrived.device, receivedMicroseconds: first,
                arrival: .released(at: arrived.at))
        case .brought(let carrier):
            self.init(
                dot: arrived.dot, device: arrived.device, receivedMicroseconds: nil,
                arrival: .brought(at: arrived.at, by: carrier))
        }
    }
}

extension ConflictNotes {
    /// About how many octets they take in an answer.
    var octets: Int {
        bases.reduce(origins.count * 64) { sum, base in
            base.values.reduce(sum + 96) { $0 + 16 + ($1.text?.utf8.count ?? 0) }
        }
    }
}
