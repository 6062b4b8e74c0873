import Foundation
import GRDB
import SyncModel
import SyncReplica
import SyncWire

/// What a ``Defect`` does outside the link: to a laptop's file, to the server's file, and at a crash.
extension World {
    // MARK: Edits

    /// What is written last is not shown.
    func hideNewest(_ device: SimulatedDevice) throws {
        guard defect == .hiddenEdit else { return }
        try device.replica.queue.write {
            try $0.execute(
                sql: "UPDATE sync_change SET state = 4 WHERE place = (SELECT max(place) FROM sync_change)")
        }
    }

    /// The state of the disk before an edit, which a crash then brings back.
    func noteBefore(_ device: SimulatedDevice) throws {
        try jam(device, "INSERT", as: .stuckLog)
        guard defect == .crashForgets else { return }
        try device.copy(to: device.path + ".before")
    }

    /// A laptop's log refuses every entry, or to give one back.
    func jam(_ device: SimulatedDevice, _ doing: String, as one: Defect) throws {
        guard defect == one else { return }
        try device.replica.queue.write {
            try $0.execute(
                sql: """
                    CREATE TRIGGER IF NOT EXISTS jammed BEFORE \(doing) ON sync_change
                    BEGIN SELECT RAISE(ABORT, 'jammed'); END
                    """)
        }
    }

    /// Opens a laptop again after a crash.
    func recover(_ device: SimulatedDevice) throws {
        let before = device.path + ".before"
        guard defect == .crashForgets, FileManager.default.fileExists(atPath: before) else {
            return try device.recover()
        }
        _ = try device.restore(before)
    }

    /// An edit that broke off is made all the same.
    func inventAfter(_ crash: Crash, _ device: SimulatedDevice, _ plan: [Planned]) throws {
        guard defect == .crashInvents else { return }
        _ = try device.replica.edit { edit in
            for one in plan where one.kind == .write { try edit.write(one.record, one.writes) }
        }
        try device.copy(to: device.path + ".wreck")
    }

    // MARK: Syncs

    /// What was made here, and is not sent yet, is no more known to have been made.
    func forgetMaking(_ device: SimulatedDevice) throws {
        guard defect == .unshownMaking else { return }
        try device.replica.queue.write {
            try $0.execute(sql: "UPDATE sync_change SET creates = 0 WHERE state = 0")
        }
    }

    /// After a record has left, what is not sent yet is dropped from the log.
    func dropUnsent(_ device: SimulatedDevice) throws {
        guard defect == .unsentLeaves, device.hasLost else { return }
        try device.replica.queue.write { db in
            let last = "(SELECT max(place) FROM sync_incarnation)"
            let mark = "(SELECT acknowledged FROM sync_incarnation WHERE place = \(last))"
            try db.execute(sql: "DELETE FROM sync_change WHERE incarnation = \(last) AND n > \(mark)")
            try db.execute(
                sql: """
                    UPDATE sync_incarnation SET newest = acknowledged, offered = acknowledged, hash = coalesce(
                        (SELECT hash FROM sync_change WHERE incarnation = \(last) AND n = \(mark)),
                        zeroblob(32))
                    WHERE place = \(last)
                    """)
        }
    }

    // MARK: The server's file, when all has settled

    func spoilFiles() throws {
        try spoilTables()
        guard defect == .forgottenChange || defect == .forgottenReading else { return }
        let queue = try DatabaseQueue(path: office.path)
        try queue.write { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT number, \"table\", state FROM record WHERE length(state) > 0 ORDER BY number"
            )
            for row in rows where row["table"] == "participant" {
                let state = try StateCodec.decode(Array(row["state"] as Data))
                let history = try Row.fetchAll(
                    db, sql: "SELECT bytes, effective FROM change WHERE record = ? AND outcome < 2",
                    arguments: [row["number"] as Int64])
                let changes = try history.map { row in
                    LiveChange(
                        try FrozenCodec.decode(Array(row["bytes"] as Data)).change,
                        effective: (row["effective"] as Int64?).map { EffectiveTime(microseconds: $0) })
                }
                guard let spoiled = spoiled(state, changes) else { continue }
                try db.execute(
                    sql: "UPDATE record SET state = ? WHERE number = ?",
                    arguments: [Data(StateCodec.encode(spoiled)), row["number"] as Int64])
            }
        }
    }

    private func spoiled(_ state: RecordState, _ history: [LiveChange]) -> RecordState? {
        guard defect == .forgottenReading else {
            // Without the newest, what it replaced would have to stand.
            guard state.live.count > 1 else { return nil }
            return RecordState(table: state.table, live: Array(state.live.dropLast()))
        }
        let unread = history.map { change in
            var copy = change
            copy.context = Context()
            return copy
        }
        return RecordState(table: state.table, live: unread)
    }
}
