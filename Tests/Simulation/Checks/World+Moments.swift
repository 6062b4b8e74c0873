import SyncModel
import SyncReplica

/// Promises that must hold at every moment, looked at after a sync or a crash and not only at the end.
extension World {
    func checkMoment(_ device: SimulatedDevice) throws {
        if try device.replica.status().isSealed {
            try noteSealed(device)
            return
        }
        try checkCursor(device)
        if let fault = office.fault { throw fault }
        moments += 1
        // Every few times: reading every record of a log takes longer than a sync.
        if moments % 4 == 0 { try checkOwn(device) }
    }

    /// The cursor is never ahead of the data: what was given up to it is there.
    private func checkCursor(_ device: SimulatedDevice) throws {
        let (cursor, records) = try ReplicaView.held(device)
        guard let given = office.given(device.enrolment.device, cursor) else { return }
        if let lacking = given.subtracting(records).sorted().first {
            throw Broken(
                "cursor",
                "\(device.owner) has the cursor that came with \(naming.name(lacking)), and has not got it")
        }
    }

    /// A person reads their own writes, or what replaced them and had met them. What waits to be sent is shown whatever
    /// else happens, unless its record has left the laptop and was not made by what waits: then three fields would
    /// stand for a person who is not here any more.
    func checkOwn(_ device: SimulatedDevice) throws {
        let log = try log(device)
        let held = try ReplicaView.held(device).records
        let made = Set(
            log.filter { row in
                guard row.state == 0, let id = oracle.find(row.record, wall: row.wall) else { return false }
                return oracle.writes[id].met.isEmpty
            }.map(\.record))
        var shown: [RecordID: Set<Int>] = [:]
        for row in log where row.state == 0 || row.state == 3 {
            guard let id = oracle.find(row.record, wall: row.wall), !oracle.writes[id].isUndone else {
                continue
            }
            if shown[row.record] == nil { shown[row.record] = try shownMet(device, row.record) }
            guard let met = shown[row.record], !met.isEmpty else {
                if row.state == 0, held.contains(row.record) || made.contains(row.record) {
                    throw Broken(
                        "reads own writes",
                        "\(device.owner) shows nothing of \(story(id)), which waits to be sent")
                }
                continue
            }
            if !met.contains(id) {
                throw Broken("reads own writes", "\(device.owner) no longer shows \(story(id))")
            }
        }
    }
}
