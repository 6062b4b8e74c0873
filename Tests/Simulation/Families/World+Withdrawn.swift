import SyncModel
import SyncReplica

/// What people do about their own entries that were refused: they take them back, alone or for a corrected one.
extension World {
    func withdraw(_ device: SimulatedDevice) throws -> String {
        guard let one = dice.pick(try refused(device)) else { return idle("nothing of it was refused") }
        do {
            return try note(withdrawn: device.replica.withdraw(one.number, reason: "entered wrongly"))
        } catch let error as SyncError where one.wasTaken && error.code == .nothing && isRestored {
            // It waits for that to be seen.
            return idle("cannot, \(error.what)")
        }
    }

    /// Enters something else in the place of what was refused, and what was entered together with it once more.
    func correct(_ device: SimulatedDevice) throws -> String {
        guard let one = dice.pick(try refused(device)) else { return idle("nothing of it was refused") }
        let writes = correction(of: one, by: device.enrolment.staff)
        let group: [OutboxEntry]
        do {
            group = try device.replica.withdrawable(one.number, correcting: true)
            let plan = group.map { entry in
                Planned(.write, entry.table, entry.record, entry.number == one.number ? writes : entry.writes)
            }
            let met = try plan.map { try ownMet(device, $0.record).union(shownMet(device, $0.record)) }
            let done = try device.replica.correct(one.number, reason: "corrected") { _, _ in writes }
            guard done.receipt.records == plan.map(\.record) else {
                throw Broken("receipt", "\(device.owner) corrected other records than were written")
            }
            figures.edits += 1
            let names = try note(device, plan, met, .honest)
            return try note(withdrawn: done.withdrawn) + "; instead it "
                + zip(names, plan).map { "writes #\($0) (\(text(of: $1)))" }.joined(separator: " and ")
        } catch let error as SyncError {
            let expected: Set<SyncError.Code> = [
                .nothing, .inConflict, .notPermitted, .badValue, .unknownRecord,
            ]
            guard expected.contains(error.code) else { throw Broken("edit", "\(device.owner): \(error)") }
            figures.refusedEdits += 1
            return idle("cannot, \(error.what)")
        }
    }

    private func refused(_ device: SimulatedDevice) throws -> [OutboxEntry] {
        try device.replica.outbox().filter {
            guard case .quarantined = $0.outcome else { return false }
            return true
        }
    }

    /// The same, as whoever wrote it may write it.
    private func correction(of one: OutboxEntry, by staff: String) -> [RegisterWrite] {
        guard one.table == "check_in" else { return writesOfSomebody() }
        return one.writes.map { write in
            guard write.register == "what", write.values.count > 1 else { return write }
            var values = write.values
            values[1] = .text(staff)
            return RegisterWrite(write.register, values)
        }
    }

    private func note(withdrawn: [OutboxEntry]) throws -> String {
        let names = try withdrawn.map { entry in
            guard let id = oracle.find(entry.record, wall: entry.writtenMicroseconds) else {
                throw Broken("nothing invented", "an outbox lists a change that nobody made")
            }
            return id
        }
        for name in names { oracle.withdraw(name) }
        return names.map { "#\($0)" }.joined(separator: " and ")
    }
}
