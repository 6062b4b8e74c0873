import Synchronization

/// How much happened in a run, or in many.
package struct Figures: Sendable, Equatable {
    package var runs = 0
    package var edits = 0
    package var refusedEdits = 0
    package var syncs = 0
    package var brokenSyncs = 0
    package var exchanges = 0
    /// Changes that the server has.
    package var changes = 0
    package var conflicts = 0
    package var reidentified = 0
    package var healed = 0
    /// Refused changes, by the server's reason.
    package var quarantined: [String: Int] = [:]
    /// Faults, by what they are.
    package var faults: [String: Int] = [:]
    /// Crashes of a laptop, by the step at which it broke off.
    package var steps: [String: Int] = [:]
    /// Crashes of the server, by the step at which it broke off.
    package var serverSteps: [String: Int] = [:]
    /// Runs, by the families of faults in them.
    package var families: [String: Int] = [:]

    package init() {}

    package mutating func add(_ other: Figures) {
        runs += other.runs
        edits += other.edits
        refusedEdits += other.refusedEdits
        syncs += other.syncs
        brokenSyncs += other.brokenSyncs
        exchanges += other.exchanges
        changes += other.changes
        conflicts += other.conflicts
        reidentified += other.reidentified
        healed += other.healed
        quarantined.merge(other.quarantined, uniquingKeysWith: +)
        faults.merge(other.faults, uniquingKeysWith: +)
        steps.merge(other.steps, uniquingKeysWith: +)
        serverSteps.merge(other.serverSteps, uniquingKeysWith: +)
        families.merge(other.families, uniquingKeysWith: +)
    }
}

/// Counts what happens, wherever it happens.
final class Tally: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    func note(_ what: String) { counts.withLock { $0[what, default: 0] += 1 } }

    var all: [String: Int] { counts.withLock { $0 } }

    /// How much it is of everything.
    var sum: Int { counts.withLock { $0.values.reduce(0, +) } }
}
