import SyncModel
import SyncReplica

extension World {
    /// What a laptop suffers that nobody does.
    func befall(_ act: Act, _ device: SimulatedDevice) throws -> String {
        switch act.kind {
        case .serverCrash:
            try office.crash()
            return "the server broke off, and was opened again"
        case .clone: return try clone(device)
        case .keepCopy:
            let copy = folder.file("\(device.name).copy")
            try device.copy(to: copy)
            device.keptCopy = copy
            return "its files are copied"
        case .restoreLaptop:
            guard let copy = device.keptCopy else { return "there is no copy to go back to" }
            try device.restore(copy)
            return "put back to its copy"
        case .keepBackup:
            let name = "backup-\(backups.count)"
            try office.backup(as: name)
            backups.append(name)
            return "the server is backed up as \(name)"
        case .restoreServer: return try restoreServer()
        case .staleRequest: return office.deliverAgain(dice)
        default: return "nothing"
        }
    }

    private func clone(_ device: SimulatedDevice) throws -> String {
        guard devices.count < 8 else { return "there are copies enough" }
        let copy = try SimulatedDevice(
            "\(device.enrolment.device)-copy\(devices.count)", device.enrolment, clock: newClock(),
            folder: folder, dice: dice, copying: device.path)
        devices.append(copy)
        return "its files go on as \(copy.name) too"
    }

    private func restoreServer() throws -> String {
        guard restores < 3, let name = dice.pick(backups) else { return "no backup to go back to" }
        restores += 1
        let declared = faults.contains(.restoredServer)
        try office.restore(name, declared: declared)
        return "the server is put back to \(name)" + (declared ? "" : ", and nobody says so")
    }

    /// The laptop will break off at one of its steps, in a sync or in an edit.
    func crash(_ device: SimulatedDevice) async throws -> String {
        let step = dice.pick(Step.allCases) ?? .answered
        device.crashPoint.arm(step, after: dice.below(4))
        return "will break off at \(step.rawValue); \(try await trySync(device))"
    }

    // MARK: Syncing

    /// A sync as the field has it: whatever the link does to it is no surprise, anything else is.
    func trySync(_ device: SimulatedDevice) async throws -> String {
        do {
            return "ok, \(Self.text(try await sync(device)))"
        } catch let error as SyncError {
            guard [.offline, .stalled, .cutShort].contains(error.code) else {
                throw Broken("sync", "\(device.name): \(error)")
            }
            figures.brokenSyncs += 1
            return error.what
        }
    }

    @discardableResult
    func sync(_ device: SimulatedDevice) async throws -> SyncReport {
        figures.syncs += 1
        let link = SimulatedLink(office: office, token: device.enrolment.token, dice: dice, odds: odds)
        let options = SyncOptions(
            pageRecords: dice.pick([1, 2, 3, 50]) ?? 1, changesPerExchange: dice.pick([1, 2, 3, 50]) ?? 1)
        let report = try await device.replica.sync(with: link, options: options)
        if report.reidentified { figures.reidentified += 1 }
        if report.healed { figures.healed += 1 }
        figures.conflicts += report.conflicts
        return report
    }

    static func text(_ report: SyncReport) -> String {
        var parts = [
            "sent \(report.sent)", "received \(report.received)", "left \(report.left)",
            "\(report.exchanges) exchanges",
        ]
        if report.conflicts > 0 { parts.append("\(report.conflicts) conflicts") }
        if !report.quarantined.isEmpty { parts.append("\(report.quarantined.count) quarantined") }
        if report.reidentified { parts.append("took a fresh incarnation") }
        if report.healed { parts.append("healed the server") }
        return parts.joined(separator: ", ")
    }
}
