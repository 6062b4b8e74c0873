/// Something broken on purpose, in the tests' own parts, to see that a promise's check can fail.
///
/// None is in the program: the link alters what passes, the server is handed a false domain or clock, or a
/// file is altered behind its owner's back.
package enum Defect: String, Sendable, CaseIterable {
    case forgottenChange, forgottenReading, alteredState, doubledRepeat, stuckQueue, cursorAhead, hiddenEdit
    case wideScope, keptLeaves, unsentLeaves, blindToCopies, trustedClock, crashForgets, crashInvents
    case strayChance, erasingClient, allPermitted
    case forgottenRelease, greedyRelease, revivedDiscard, partialDecision, keptMark, deafToWithdrawals
    case forgottenDecisions, repeatedEpoch, halfBackup, lateDisk
    case alteredAudit, damagedFile, alteredLog, alteredRow, stolenLease, shortFeed, falseRefusal, shortReceipt

    /// What a table says of a defect.
    package struct Row: Sendable {
        /// The promise of DESIGN.md, section 8, whose check must find it.
        package let promise: Int
        /// The checks that may find it.
        package let checks: Set<String>
        /// Under which faults it shows.
        package let faults: Faults
        /// What is broken, as the rest of a sentence.
        package let what: String

        init(_ promise: Int, _ checks: Set<String>, _ faults: Faults, _ what: String) {
            self.promise = promise
            self.checks = checks
            self.faults = faults
            self.what = what
        }
    }

    package var row: Row {
        switch self {
        case .forgottenChange: Row(1, ["lost"], .loss, "the server forgets a change that it had taken")
        case .forgottenReading:
            Row(2, ["false conflict"], .loss, "the server forgets who had read what")
        case .alteredState:
            Row(3, ["converges"], .loss, "the link moves a time by a microsecond in what a laptop receives")
        case .doubledRepeat: Row(4, ["repetition"], .loss, "a request that comes again is taken as a new one")
        case .stuckQueue: Row(5, ["drains"], .loss, "no answer to what one laptop sends ever arrives")
        case .cursorAhead: Row(6, ["cursor"], .loss, "a record is lost on the way, and the cursor is not")
        case .hiddenEdit: Row(7, ["reads own writes"], .loss, "what a person has just written is not shown")
        case .wideScope: Row(8, ["scope"], .scope, "a peer receives a whole site")
        case .keptLeaves: Row(8, ["scope"], .scope, "nobody is told that a record leaves")
        case .unsentLeaves:
            Row(8, ["lost"], [.loss, .scope], "a record that leaves takes unsent changes along")
        case .blindToCopies:
            Row(9, ["lost", "queues"], .clone, "the server never sees copies of a laptop")
        case .trustedClock: Row(9, ["time"], .clocks, "the server believes the laptop's clock")
        case .crashForgets: Row(10, ["lost"], .crash, "a crash takes the last committed edit along")
        case .crashInvents: Row(10, ["nothing invented"], .crash, "an edit that broke off is there after all")
        case .strayChance: Row(11, ["same seed"], .loss, "chance comes from outside the seed")
        case .erasingClient:
            Row(
                12, ["passes through"], .versions, "an older laptop drops the registers that it does not know"
            )
        case .forgottenRelease:
            Row(1, ["released"], .forbidden, "the server forgets what it issued for a released change")
        case .greedyRelease:
            Row(2, ["lost"], [.loss, .forbidden], "a released change replaces what was written since")
        case .revivedDiscard: Row(1, ["discarded"], .forbidden, "what was discarded is in quarantine again")
        case .partialDecision:
            Row(10, ["decided"], [.forbidden, .crash], "of what was entered together only a part is decided")
        case .deafToWithdrawals:
            Row(5, ["withdrawn"], .forbidden, "what an author takes back stays in quarantine")
        case .keptMark: Row(5, ["outbox"], .forbidden, "nobody is told what was decided about quarantine")
        case .forgottenDecisions:
            Row(9, ["tokens"], .restoredServer, "a restore takes along who was enrolled and retired since")
        case .repeatedEpoch: Row(9, ["epochs"], .restoredServer, "a restore knows nothing of earlier epochs")
        case .halfBackup: Row(10, ["backup"], .crash, "a backup has its name before it is whole")
        case .lateDisk: Row(10, ["epochs"], .crash, "a server that breaks off loses what it had committed")
        case .alteredAudit: Row(10, ["verify"], .loss, "an entry of the audit log is altered")
        case .damagedFile: Row(10, ["integrity"], .loss, "an index of the server's file lacks a row")
        case .alteredLog: Row(10, ["doctor"], .loss, "an entry of a laptop's own log is altered")
        case .alteredRow: Row(3, ["rebuild"], .loss, "a visible row of a laptop is altered")
        case .stolenLease: Row(4, ["lease"], .twoProcesses, "a second process finds no lease")
        case .shortFeed: Row(3, ["digest"], .loss, "the server's feed leaves out a record")
        case .falseRefusal: Row(1, ["quarantine"], .loss, "the server refuses what is honest")
        case .shortReceipt: Row(7, ["receipt"], .loss, "an edit says that it wrote less than it did")
        case .allPermitted: Row(1, ["permission"], .forbidden, "the server lets everybody write everything")
        }
    }

    /// Whether it only shows when a seed is run twice.
    package var needsTwoRuns: Bool { self == .strayChance }
}
