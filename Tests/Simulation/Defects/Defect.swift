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
    case lateRepeat, strayRecord, ghostRecord, unshownMaking
    case garbledAnswer, stuckLog, stuckUndo, lostTable, deafToRecall, waryOfRetired

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
        /// A part of what the check then says, where one of that name looks at several things.
        package let saying: String?

        init(
            _ promise: Int, _ checks: Set<String>, _ faults: Faults, _ what: String, saying: String? = nil
        ) {
            self.promise = promise
            self.checks = checks
            self.faults = faults
            self.what = what
            self.saying = saying
        }
    }

    /// What the table says of this one.
    package var row: Row { Self.rows[self] ?? Row(0, [], [], "the table lacks \(rawValue)") }

    /// Whether it only shows when a seed is run twice.
    package var needsTwoRuns: Bool { self == .strayChance }
}
