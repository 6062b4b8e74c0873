import SyncReplica
import SyncStore

extension Step {
    /// Steps that few syncs reach: whoever is to break off there waits until it comes.
    static let rare: [Step] = [.reissued, .healingBegun, .healingMoved, .recalled]

    /// Those that the faults of a run can lead to.
    static func reachable(under faults: Faults) -> [Step] {
        allCases.filter { step in
            switch step {
            case .reissued: faults.makesCopies
            case .healingBegun, .healingMoved, .recalled: faults.restoresServer
            default: true
            }
        }
    }

    /// Where a laptop breaks off, after "it breaks off".
    var words: String {
        switch self {
        case .editStored: "in the middle of writing an entry down"
        case .editWritten: "when an entry is written down, and not committed"
        case .offered: "when it has noted what it sends, and not sent it"
        case .answered: "when an answer has come, and nothing of it is noted"
        case .disposed: "in the middle of an answer: it has heard what became of its own entries"
        case .pageWritten: "when an answer is written down, and not committed"
        case .pageCommitted: "when an answer is committed"
        case .reissued: "when it takes a fresh incarnation, before that is committed"
        case .healingBegun: "when it has found the server restored, before that is committed"
        case .healingMoved: "when a part of what it had sent before is offered again, before that is noted"
        case .recalled: "when it has brought back what others wrote, before that is noted"
        }
    }
}

extension StoreStep {
    /// Of the steps of an exchange, those after which it is taken.
    var isCommitted: Bool { [.exchangeCommitted, .securityLine, .answered].contains(self) }

    /// Those that the faults of a run can lead to.
    static func reachable(under faults: Faults) -> [StoreStep] {
        allCases.filter { point in
            switch point {
            case .decisionWritten, .decisionCommitted: faults.quarantines
            case .epochLine, .epochNoted: faults.restoresServer
            case .restoreCopied, .restoreReady, .restoreAside, .restoreNamed: faults.contains(.restoredServer)
            default: true
            }
        }
    }

    /// Where the server breaks off, after "the server breaks off".
    var words: String {
        switch self {
        case .received: "when a request has come, before anything is done"
        case .ingested: "when entries are taken into their records, and not committed"
        case .exchangeWritten: "when all of an exchange is written, and not committed"
        case .exchangeCommitted: "when an exchange is committed, and nobody was told"
        case .answered: "when the answer is ready, and has not left"
        case .epochLine: "while it writes a line into the journal of epochs"
        case .epochNoted: "when a new epoch is in its journal, and not in the database"
        case .securityLine: "while it writes a line into the security journal"
        case .enrolmentCommitted: "when an enrolment is committed, and not in the security journal"
        case .enrolmentNoted: "when an enrolment is committed and noted, and the laptop was not told"
        case .retirementNoted: "when a retirement is in the security journal, and not in the database"
        case .decisionWritten: "when a decision about quarantine is written, and not committed"
        case .decisionCommitted: "when a decision about quarantine is committed, and nobody was told"
        case .backupBegun: "when a backup has been begun"
        case .backupCopied: "when a backup is whole, and has not its name yet"
        case .backupNamed: "when a backup has its name, and nobody was told"
        case .restoreCopied: "when a restore has its copy, and nothing is replaced"
        case .restoreReady: "when a restore's copy is ready, and nothing is replaced"
        case .restoreAside: "when the old database is set aside, and no other is in its place"
        case .restoreNamed: "when a restore is done, and nobody was told"
        }
    }
}
