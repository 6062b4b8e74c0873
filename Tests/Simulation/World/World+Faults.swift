import SyncModel
import SyncReplica

extension World {
    /// What a laptop suffers that nobody does.
    func befall(_ act: Act, _ device: SimulatedDevice) throws -> String {
        switch act.kind {
        case .jump:
            let by = wrongness()
            device.clock.jump(by: by)
            return "by \(by / 1_000_000) s"
        case .reboot:
            var view = dice.generatorView
            device.clock.reboot(as: .version4(using: &view))
            return "its boot clock begins anew"
        case .serverJump:
            office.jump(by: Int64(dice.below(7_200) - 3_600) * 1_000_000)
            return "by less than an hour"
        case .lateRequest: return office.deliverHeld(dice) ?? idle("nothing is held up")
        case .upgrade:
            guard device.edition != .next else { return idle("it is up to date") }
            try device.upgrade()
            return "it knows the new table and the new register"
        case .serverUpgrade:
            guard office.domain.edition != .next else { return idle("it is up to date") }
            try office.upgrade()
            return "it knows the new table and the new register"
        case .clone: return try clone(device)
        case .keepCopy:
            let copy = folder.file("\(device.name).copy")
            try device.copy(to: copy)
            device.keptCopy = copy
            return "done"
        case .restoreLaptop:
            guard let copy = device.keptCopy else { return idle("there is no copy to go back to") }
            let whole = try putBack(device, to: copy)
            return whole ? "all of its files" : "its database alone"
        case .keepBackup: return try keepBackup()
        case .staleRequest: return office.deliverAgain(dice) ?? idle("there is no request to repeat")
        default: return "nothing"
        }
    }

    private func clone(_ device: SimulatedDevice) throws -> String {
        guard devices.count < 8 else { return idle("there are copies enough") }
        // By turns, what the laptop itself can find out and what only the server can.
        let whole = devices.count.isMultiple(of: 2)
        let copy = try SimulatedDevice(
            "\(device.name)-copy\(devices.count)", device.enrolment, clock: newClock(),
            folder: folder, dice: dice, .copy(device.path, whole: whole),
            edition: device.edition)
        devices.append(copy)
        copies += 1
        return "the other is \(copy.name), of \(whole ? "all files" : "the database alone")"
    }

    // MARK: Syncing

    /// A sync as the field has it: whatever the link does to it is no surprise, anything else is.
    func trySync(_ device: SimulatedDevice, _ interlude: Interlude? = nil) async throws -> String {
        var outcome = ""
        try dropUnsent(device)
        try forgetMaking(device)
        do {
            outcome = Self.text(try await sync(device, interlude))
            let waiting = try device.replica.status().waiting
            if interlude == nil, waiting > 0 {
                throw Broken("queues", "\(device.owner) synced, and \(waiting) changes wait still")
            }
        } catch let error as SyncError where error.code == .retired {
            return try noteSealed(device)
        } catch let error as SyncError {
            let isTaken = interlude != nil && error.code == .syncing
            guard [.offline, .stalled, .cutShort].contains(error.code) || isTaken else {
                throw Broken("sync", "\(device.owner): \(error)")
            }
            figures.brokenSyncs += 1
            outcome = error.what
        }
        try checkMoment(device)
        return outcome
    }

    @discardableResult
    func sync(
        _ device: SimulatedDevice, _ interlude: Interlude? = nil, in process: Replica? = nil,
        batch: Int? = nil
    ) async throws -> SyncReport {
        figures.syncs += 1
        let link = SimulatedLink(
            office: office, device: device.enrolment.device, token: device.enrolment.token, dice: dice,
            odds: odds, tally: tally,
            saboteur: defect.map {
                Saboteur(defect: $0, device: device.enrolment.device, edition: device.edition)
            }, interlude: interlude)
        let options = SyncOptions(
            pageRecords: dice.pick([1, 2, 3, 50]) ?? 1,
            changesPerExchange: batch ?? dice.pick([1, 2, 3, 50]) ?? 1)
        let report = try await (process ?? device.replica).sync(with: link, options: options)
        if report.reidentified { figures.reidentified += 1 }
        if report.healed { figures.healed += 1 }
        figures.conflicts += report.conflicts
        if report.left > 0 { device.hasLost = true }
        return report
    }

    /// What a sync did, in words; what it did not do is left out.
    static func text(_ report: SyncReport) -> String {
        var parts: [String] = []
        if report.sent > 0 { parts.append("sent \(report.sent) (\(answer(in: report)))") }
        if report.received > 0 { parts.append("received \(report.received)") }
        if report.left > 0 { parts.append("\(report.left) left its scope") }
        if report.reidentified {
            parts.append("was told that it is a copy or was put back, and goes on as another")
        }
        if report.healed { parts.append("found the server restored, and healed it") }
        if parts.isEmpty { parts.append("nothing to say") }
        if report.exchanges > 1 { parts.append("\(report.exchanges) exchanges") }
        return parts.joined(separator: ", ")
    }

    /// What the server said to what was sent.
    private static func answer(in report: SyncReport) -> String {
        let rest = report.sent - report.applied - report.quarantined.count
        let parts = [
            report.applied > 0 ? "\(report.applied) taken" : nil,
            report.conflicts > 0 ? "of them \(report.conflicts) beside another value" : nil,
            report.quarantined.isEmpty ? nil : "\(report.quarantined.count) quarantined",
            rest > 0 ? "\(rest) known to it already" : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
