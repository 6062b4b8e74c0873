import SyncModel
import SyncReplica

/// What is said of a sync.
enum SyncWords {
    /// `sent 3, received 12, no clashes, none held back · 1.2 kB up, 3.4 kB down`
    ///
    /// - Parameter open: on how many records of this laptop somebody has still to decide, from this sync or earlier.
    static func line(_ report: SyncReport, _ traffic: Traffic, open: Int) -> String {
        let new = Wording.count(report.conflicts, "new clash", "new clashes")
        let clashes =
            switch (report.conflicts, open) {
            case (0, 0): "no clashes"
            case (0, _): Wording.count(open, "open clash", "open clashes")
            default: "\(new) (\(Wording.count(open, "record has", "records have")) an open one)"
            }
        let refused = report.quarantined.isEmpty ? "none" : "\(report.quarantined.count)"
        return "sent \(report.sent), received \(report.received), \(clashes), \(refused) held back · "
            + "\(bytes(traffic.up)) up, \(bytes(traffic.down)) down"
    }

    /// What somebody should know or do after it.
    static func notes(_ report: SyncReport, _ status: ReplicaStatus) -> [String] {
        var notes: [String] = []
        if !report.quarantined.isEmpty {
            notes.append("not everything was taken: `porchlight outbox` says what and why")
        }
        if report.overtaken > 0 {
            let entries = Wording.count(report.overtaken, "entry", "entries")
            notes.append(
                "\(entries) that you had withdrawn stands all the same: it was released or taken before the server heard "
                    + "of it. `porchlight history` shows it")
        }
        if report.conflicts > 0 {
            notes.append(
                "somebody else wrote something different in the same place: `porchlight conflicts` shows both, and both are kept"
            )
        } else if status.conflicts > 0 {
            let records = Wording.count(status.conflicts, "record has", "records have")
            notes.append("\(records) an open clash: `porchlight conflicts` shows both values")
        }
        if report.left > 0 {
            let records = Wording.count(report.left, "record is", "records are")
            notes.append(
                "\(records) no longer on this laptop: what was handed over, or came only with a referral or an "
                    + "escalation that is over, or with a merge that was taken back. The office keeps them")
        }
        if report.reidentified {
            notes.append(
                "this replica was copied or restored; it goes on under a name of its own, and nothing is lost: "
                    + "`porchlight doctor` tells more")
        }
        if report.healed {
            notes.append(
                "the server was restored, and got back what it had lost from this laptop: `porchlight doctor` tells more"
            )
        }
        if status.isClockOff { notes += Status.attention(status).filter { $0.contains("clock") } }
        return notes
    }

    static func json(_ report: SyncReport, _ traffic: Traffic, open: Int) -> JSON {
        [
            "sent": .count(report.sent), "applied": .count(report.applied),
            "clashes": .count(report.conflicts), "clashes_open": .count(open),
            "quarantined": .count(report.quarantined.count), "withdrawn": .count(report.withdrawn),
            "withdrawn_too_late": .count(report.overtaken), "received": .count(report.received),
            "left": .count(report.left), "exchanges": .count(report.exchanges),
            "bytes_up": .count(traffic.up), "bytes_down": .count(traffic.down),
            "reidentified": .flag(report.reidentified), "healed": .flag(report.healed),
            "clock_ahead_seconds": .integer(report.skewMicroseconds / 1_000_000),
        ]
    }

    /// A failure with what it means here: how many changes wait for the next sync.
    static func explained(_ error: SyncError, waiting: Int) -> SyncError {
        let ofTheNetwork: Set<SyncError.Code> = [
            .offline, .stalled, .cutShort, .tooMany, .unavailable, .untrustedServer, .notPorchlight,
            .serverFault,
        ]
        guard ofTheNetwork.contains(error.code) else { return error }
        var error = error
        error.means =
            waiting == 0
            ? "nothing was waiting to be sent, and nothing is lost"
            : Wording.count(waiting, "change is", "changes are")
                + " kept here and will be sent by the next sync"
        return error
    }

    /// `640 B`, `1.2 kB`, `3.4 MB`.
    static func bytes(_ count: Int) -> String {
        func tenths(_ unit: Int) -> String { "\(count / unit).\(count % unit * 10 / unit)" }
        return switch count {
        case ..<1_000: "\(count) B"
        case ..<1_000_000: "\(tenths(1_000)) kB"
        default: "\(tenths(1_000_000)) MB"
        }
    }
}
