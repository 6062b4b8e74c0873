import Foundation
import GRDB
import SyncModel
import SyncReplica

/// One change that somebody means to make.
struct Planned {
    enum Kind { case create, write }
    let kind: Kind
    let table: String
    let record: RecordID
    let writes: [RegisterWrite]

    init(_ kind: Kind, _ table: String, _ record: RecordID, _ writes: [RegisterWrite]) {
        self.kind = kind
        self.table = table
        self.record = record
        self.writes = writes
    }
}

/// One row of a laptop's own log, as it lies in the file.
struct LogRow: Hashable {
    let place: Int64
    let record: RecordID
    let wall: Int64
    let state: Int64
}

extension World {
    /// A person edits; what they had met is noted before, and what they wrote after.
    ///
    /// - Returns: what came of it, for the trace.
    @discardableResult
    func edit(
        _ device: SimulatedDevice, _ plan: [Planned], looked: (token: ReadToken, met: Set<Int>)? = nil,
        resolving: Bool = false
    ) throws -> String {
        guard !plan.isEmpty else { return "nothing to do" }
        var met: [Set<Int>] = []
        for one in plan {
            let own = try ownMet(device, one.record)
            met.append(own.union(try looked?.met ?? shownMet(device, one.record)))
        }
        do {
            let receipt = try device.replica.edit(token: looked?.token, resolving: resolving) { edit in
                for one in plan {
                    switch one.kind {
                    case .create: try edit.create(one.table, id: one.record, one.writes)
                    case .write: try edit.write(one.record, one.writes)
                    }
                }
            }
            guard receipt.records == plan.map(\.record) else {
                throw Broken("receipt", "\(device.name) recorded other records than were written")
            }
        } catch let error as SyncError {
            let expected: Set<SyncError.Code> = [
                .unknownRecord, .inConflict, .notPermitted, .badValue, .stale,
            ]
            guard expected.contains(error.code) else { throw Broken("edit", "\(device.name): \(error)") }
            figures.refusedEdits += 1
            return "refused, \(error.what)"
        }
        figures.edits += 1
        let ids = try note(device, plan, met)
        try checkReadsOwn(device, plan)
        return "written as \(ids.map { "#\($0)" }.joined(separator: " "))"
    }

    private func note(_ device: SimulatedDevice, _ plan: [Planned], _ met: [Set<Int>]) throws -> [Int] {
        let rows = try log(device).suffix(plan.count)
        return try zip(zip(plan, met), rows).map { pair, row in
            let (one, met) = pair
            guard row.record == one.record,
                let id = oracle.note(
                    device.name, one.record, one.table, one.writes, wall: row.wall, met: met)
            else { throw Broken("oracle", "two writes cannot be told apart on \(device.name)") }
            return id
        }
    }

    /// A person reads their own writes, from the moment the edit returns.
    private func checkReadsOwn(_ device: SimulatedDevice, _ plan: [Planned]) throws {
        for one in plan {
            guard let view = try device.replica.view(one.record) else {
                throw Broken("reads own writes", "\(device.name) does not show what it just wrote")
            }
            for write in one.writes {
                let shown =
                    write.register == deletedRegister
                    ? [.integer(view.deletion == .none ? 0 : 1)] : view.values(of: write.register)
                if shown != write.values {
                    throw Broken(
                        "reads own writes",
                        "\(device.name) wrote \(write.register) = \(write.values) of \(one.table), and shows "
                            + "\(String(describing: shown))")
                }
            }
        }
    }

    func undo(_ device: SimulatedDevice) throws -> String {
        let before = try log(device)
        do { try device.replica.undo() } catch let error as SyncError {
            guard [.alreadySent, .nothing].contains(error.code) else {
                throw Broken("undo", "\(device.name): \(error)")
            }
            return error.what
        }
        let after = Set(try log(device).map(\.place))
        var names: [String] = []
        for row in before where !after.contains(row.place) {
            guard let id = oracle.find(row.record, wall: row.wall) else { continue }
            oracle.undo(id)
            names.append("#\(id)")
        }
        return "took back \(names.joined(separator: " "))"
    }

    // MARK: What somebody has met

    /// The device's own log, oldest first.
    func log(_ device: SimulatedDevice) throws -> [LogRow] {
        try device.replica.queue.read { db in
            try Row.fetchAll(db, sql: "SELECT place, record, written, state FROM sync_change ORDER BY place")
                .compactMap { row in
                    let octets: [UInt8] = Array(row["record"] as Data)
                    return Identifier(bytes: octets).map {
                        LogRow(place: row["place"], record: $0, wall: row["written"], state: row["state"])
                    }
                }
        }
    }

    /// What is shown of a record now, and all that its writers had met.
    func shownMet(_ device: SimulatedDevice, _ record: RecordID) throws -> Set<Int> {
        guard let live = try device.replica.state(record)?.live else { return [] }
        return oracle.closure(
            try live.map { change in
                guard let id = oracle.find(record, wall: change.deviceMicroseconds) else {
                    throw Broken("nothing invented", "\(device.name) shows a change that nobody made")
                }
                return id
            })
    }

    /// A device never forgets its own writes.
    func ownMet(_ device: SimulatedDevice, _ record: RecordID) throws -> Set<Int> {
        oracle.closure(
            try log(device).filter { $0.record == record }.compactMap { oracle.find(record, wall: $0.wall) })
    }
}
