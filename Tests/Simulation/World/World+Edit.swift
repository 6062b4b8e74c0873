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
    /// Under which of its laptop's incarnations it is numbered now.
    let incarnation: Int64
    let record: RecordID
    let wall: Int64
    let state: Int64
}

extension World {
    /// A person edits; what they had met is noted before, and what they wrote after.
    ///
    /// - Parameters:
    ///   - process: the process they work in, if it is not the usual one.
    ///   - standing: what should become of it; what is forbidden is written on a program without rules.
    /// - Returns: what came of it, for the trace.
    @discardableResult
    func edit(
        _ device: SimulatedDevice, _ plan: [Planned], looked: (token: ReadToken, met: Set<Int>)? = nil,
        resolving: Bool = false, in process: Replica? = nil, standing: Oracle.Standing = .honest
    ) throws -> String {
        guard !plan.isEmpty else { return "nothing to do" }
        let met = try plan.map { one in
            try ownMet(device, one.record).union(looked?.met ?? shownMet(device, one.record))
        }
        do {
            try noteBefore(device)
            let receipt = try writing(standing, on: device) {
                try record(plan, in: process ?? device.replica, looked?.token, resolving: resolving)
            }
            let records = defect == .shortReceipt ? Array(receipt.records.dropLast()) : receipt.records
            guard records == plan.map(\.record) else {
                throw Broken("receipt", "\(device.owner) recorded other records than were written")
            }
        } catch let error as SyncError {
            let expected: Set<SyncError.Code> = [
                .unknownRecord, .inConflict, .notPermitted, .badValue, .stale,
            ]
            guard expected.contains(error.code) else { throw Broken("edit", "\(device.owner): \(error)") }
            figures.refusedEdits += 1
            return "cannot, \(error.what)"
        } catch let crash as Crash {
            try inventAfter(crash, device, plan)
            throw crash
        }
        figures.edits += 1
        let ids = try note(device, plan, met, standing)
        try hideNewest(device)
        try checkReadsOwn(device, plan)
        return zip(zip(ids, plan), met).map { pair, met in
            let read = oracle.newest(of: met).map { "#\($0)" }.joined(separator: " ")
            return "writes #\(pair.0) (\(text(of: pair.1)))" + (read.isEmpty ? "" : ", having read \(read)")
        }.joined(separator: ", and together with it ")
    }

    /// What is written, for a person.
    func text(of one: Planned) -> String {
        let name = naming.name(one.record)
        return one.kind == .create ? "\(name), new" : "\(name): \(naming.text(one.writes))"
    }

    private func record(
        _ plan: [Planned], in process: Replica, _ token: ReadToken?, resolving: Bool
    ) throws -> EditReceipt {
        try process.edit(token: token, resolving: resolving) { edit in
            for one in plan {
                switch one.kind {
                case .create: try edit.create(one.table, id: one.record, one.writes)
                case .write: try edit.write(one.record, one.writes)
                }
            }
        }
    }

    private func writing<Result>(
        _ standing: Oracle.Standing, on device: SimulatedDevice, _ body: () throws -> Result
    ) throws -> Result {
        standing == .forbidden ? try device.laxity.during(body) : try body()
    }

    func note(
        _ device: SimulatedDevice, _ plan: [Planned], _ met: [Set<Int>], _ standing: Oracle.Standing
    ) throws -> [Int] {
        let rows = try log(device).suffix(plan.count)
        let now = time.look()
        return try zip(zip(plan, met), rows).map { pair, row in
            let (one, met) = pair
            guard row.record == one.record,
                let id = oracle.note(
                    device.owner, one.record, one.table, one.writes, wall: row.wall, met: met,
                    standing: standing, at: now)
            else { throw Broken("oracle", "two writes cannot be told apart on \(device.owner)") }
            firstIncarnations[id] = row.incarnation
            naming.note(one.record, one.table, one.writes)
            return id
        }
    }

    /// A person reads their own writes, from the moment the edit returns.
    private func checkReadsOwn(_ device: SimulatedDevice, _ plan: [Planned]) throws {
        for one in plan {
            guard let view = try device.replica.view(one.record) else {
                throw Broken("reads own writes", "\(device.owner) does not show what it just wrote")
            }
            for write in one.writes {
                let shown =
                    write.register == deletedRegister
                    ? [.integer(view.deletion == .none ? 0 : 1)] : view.values(of: write.register)
                if shown != write.values {
                    throw Broken(
                        "reads own writes",
                        "\(device.owner) wrote \(naming.name(one.record)): \(naming.text([write])), and shows "
                            + (shown.map { naming.text([RegisterWrite(write.register, $0)]) }
                                ?? "nothing there"))
                }
            }
        }
    }

    func undo(_ device: SimulatedDevice) throws -> String {
        let before = try log(device)
        let withdrawing = try device.replica.outbox().filter { $0.outcome == .withdrawing }.map(\.number)
        try jam(device, "DELETE", as: .stuckUndo)
        do { try device.replica.undo() } catch let error as SyncError {
            guard [.alreadySent, .nothing].contains(error.code) else {
                throw Broken("undo", "\(device.owner): \(error)")
            }
            return error.what
        }
        let after = Set(try log(device).map(\.place))
        var names: [String] = []
        for row in before where !after.contains(row.place) {
            guard let id = oracle.find(row.record, wall: row.wall) else { continue }
            oracle.undo(id)
            // For them it was never written: should a copy of the laptop have sent it, that is news to them.
            for place in device.looked.indices { device.looked[place].met.remove(id) }
            names.append("#\(id)")
        }
        for entry in try device.replica.outbox() where withdrawing.contains(entry.number) {
            guard case .quarantined = entry.outcome,
                let id = oracle.find(entry.record, wall: entry.writtenMicroseconds)
            else { continue }
            oracle.keep(id)
        }
        return "took back \(names.joined(separator: " "))"
    }

    // MARK: What somebody has met

    /// The device's own log, oldest first.
    func log(_ device: SimulatedDevice) throws -> [LogRow] {
        try device.replica.queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT place, incarnation, record, written, state FROM sync_change ORDER BY place"
            )
            .compactMap { row in
                let octets: [UInt8] = Array(row["record"] as Data)
                return Identifier(bytes: octets).map {
                    LogRow(
                        place: row["place"], incarnation: row["incarnation"], record: $0,
                        wall: row["written"], state: row["state"])
                }
            }
        }
    }

    /// What is shown of a record now, and all that its writers had met.
    func shownMet(_ device: SimulatedDevice, _ record: RecordID) throws -> Set<Int> {
        guard let live = try device.replica.state(record)?.live else { return [] }
        return oracle.closure(
            try live.map { change in
                guard
                    let id = oracle.find(
                        record, wall: change.deviceMicroseconds, under: change.dot.incarnation)
                else {
                    throw Broken("nothing invented", "\(device.owner) shows a change that nobody made")
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
