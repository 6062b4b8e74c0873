import GRDB
import SyncModel
import SyncReplica
import SyncStore

/// The family `crash`: a laptop, or the server, breaks off between two durable steps, and its files are opened again.
extension World {
    // MARK: A laptop

    /// The laptop will break off at one of its steps, in a sync or in an edit: now, or in the next thing it does.
    func crash(_ device: SimulatedDevice) async throws -> String {
        // Who has not heard of a restore yet is about to heal the server.
        let isOutdated = try faults.restoresServer && device.replica.status().epoch < office.epoch
        let isRare = (faults.makesCopies || faults.restoresServer) && dice.chance(0.4)
        let healing: [Step] = [.offered, .answered, .healingBegun, .healingMoved, .recalled, .pageCommitted]
        let steps =
            device.isSealed || isOutdated && dice.chance(0.7)
            ? healing : Step.reachable(under: faults).filter { !isRare || Step.rare.contains($0) }
        let step = dice.pick(steps) ?? .answered
        let isEdit = step == .editStored || step == .editWritten
        device.crashPoint.arm(step, after: isEdit || isRare || dice.chance(0.5) ? 0 : dice.below(4))
        return isEdit ? try editSomebody(device) : "it syncs, \(try await trySync(device))"
    }

    /// Notes that a laptop broke off before it had brought back all that a restored server had lost.
    func noteHealing(_ device: SimulatedDevice, _ step: Step) throws {
        if try isHealing(device) || step == .healingBegun { tally.note(Self.brokeOffHealing) }
    }

    /// Whether a laptop has found the server restored, and has not brought back yet all that it had lost.
    func isHealing(_ device: SimulatedDevice) throws -> Bool {
        try device.replica.queue.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT recall <> 0 OR EXISTS (SELECT 1 FROM sync_incarnation WHERE healing IS NOT NULL)
                    FROM sync_meta
                    """) ?? false
        }
    }

    // MARK: The server

    /// The server breaks off: between two requests, or at one of its steps over what somebody wants of it.
    func crashServer(_ device: SimulatedDevice) async throws -> String {
        guard dice.chance(0.9), let point = dice.pick(StoreStep.reachable(under: faults)) else {
            try office.crash()
            return "between two requests; it is started again"
        }
        let isExchange = Self.exchangePoints.contains(point)
        office.crashPoint.arm(
            point, after: isExchange && dice.chance(0.5) ? dice.below(4) : 0, torn: 1 + dice.below(80))
        let before = office.crashes.sum
        defer {
            office.crashPoint.disarm()
            // It may never have come to the point at which it was to break off.
            if office.crashes.sum == before { isIdle = true }
        }
        return try await work(upTo: point, device)
    }

    /// Wants of the server what leads to one of its steps.
    private func work(upTo point: StoreStep, _ device: SimulatedDevice) async throws -> String {
        switch point {
        case .securityLine, .enrolmentCommitted, .enrolmentNoted, .retirementNoted:
            return try await administer()
        case .decisionWritten, .decisionCommitted:
            return try await refusedSomething(device)
                + "; the office decides about quarantine: \(try decide())"
        case .backupBegun, .backupCopied, .backupNamed: return "over a backup: \(try keepBackup())"
        case .epochLine, .epochNoted, .restoreCopied, .restoreReady, .restoreAside, .restoreNamed:
            let backup = backups.isEmpty ? "it is backed up first, \(try keepBackup()); " : ""
            return "\(backup)it is put back \(try await restoreServer())"
        default:
            guard !device.isGone else { return idle("whose laptop is gone") }
            let edit = try editSomebody(device)
            return "\(device.owner) \(edit), and syncs: \(try await trySync(device))"
        }
    }

    private static let exchangePoints: [StoreStep] = [
        .received, .ingested, .exchangeWritten, .exchangeCommitted, .answered,
    ]

    /// Sees to it that something is in quarantine, where somebody tampers with programs.
    private func refusedSomething(_ device: SimulatedDevice) async throws -> String {
        guard faults.contains(.forbidden), !device.isGone, try office.store.quarantine().isEmpty else {
            return "something was refused before"
        }
        let edit = try forbiddenEdit(device)
        return "\(device.owner) \(edit), and syncs: \(try await trySync(device))"
    }

    /// Does something with the server; where it breaks off over it, once more.
    func persist<Result>(_ story: inout [String], _ body: () throws -> Result) throws -> Result {
        while true {
            do { return try body() } catch let crash as ServerCrash {
                story.append(
                    "the server breaks off \(crash.step.words), is started again, and is asked again")
            }
        }
    }

    /// An act that found nothing to do.
    func idle(_ text: String) -> String {
        isIdle = true
        return text
    }
}
