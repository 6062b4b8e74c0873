import SyncModel
import SyncReplica

/// Promises that must hold at every moment, looked at after a sync or a crash and not only at the end.
extension World {
    func checkMoment(_ device: SimulatedDevice) throws {
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

    /// A person reads their own writes, or what replaced them and had met them.
    private func checkOwn(_ device: SimulatedDevice) throws {
        var shown: [RecordID: Set<Int>] = [:]
        for row in try log(device) where row.state == 0 || row.state == 3 {
            guard let id = oracle.find(row.record, wall: row.wall), !oracle.writes[id].isUndone else {
                continue
            }
            if shown[row.record] == nil { shown[row.record] = try shownMet(device, row.record) }
            guard let met = shown[row.record], !met.isEmpty else { continue }
            if !met.contains(id) {
                throw Broken("reads own writes", "\(device.owner) no longer shows \(story(id))")
            }
        }
    }
}
