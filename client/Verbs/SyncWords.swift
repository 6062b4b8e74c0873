import SyncModel
import SyncReplica

/// What is still to be decided on this laptop, from this sync or earlier.
struct StillOpen: Sendable {
    /// Records with a clash.
    var records: Int
    /// Everything that `conflicts` lists: one record can have several clashes, and not all it lists is a clash.
    var toDecide: Int
}

extension StillOpen {
    /// Looks through the replica. A retired laptop shows no records any more, and nothing is decided on it.
    init(_ status: ReplicaStatus, in replica: Replica) throws {
        self.init(
            records: status.conflicts,
            toDecide: status.isSealed ? 0 : try OpenConflicts(in: replica).all.count)
    }
}

/// What is said of a sync.
enum SyncWords {
    /// `sent 3, received 12, no clashes, none held back · 1.2 kB up, 3.4 kB down`
    static func line(_ report: SyncReport, _ traffic: Traffic, _ open: StillOpen) -> String {
        let new = Wording.count(report.conflicts, "new clash", "new clashes")
        let all = Wording.count(open.toDecide, "thing") + " to decide"
        let clashes =
            switch (report.conflicts, open.toDecide) {
            case (0, 0): "no clashes"
            case (0, _): all
            case (_, 0): new
            default: "\(new) (\(all))"
            }
        let refused = report.quarantined.isEmpty ? "none" : "\(report.quarantined.count)"
        return "sent \(report.sent), received \(report.received), \(clashes), \(refused) held back · "
            + "\(bytes(traffic.up)) up, \(bytes(traffic.down)) down"
    }

    /// What somebody should know or do after it.
    ///
    /// - Parameters:
    ///   - wasRestored: whether the server was restored lately.
    ///   - gaveBack: whether something was offered, issued anew or brought back to the server that was restored last.
    static func notes(
        _ report: SyncReport, _ status: ReplicaStatus, _ open: StillOpen, wasRestored: Bool = false,
        gaveBack: Bool = true
    ) -> [String] {
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
                "somebody else wrote something different in the same place, and both are kept: `porchlight conflicts` shows "
                    + "what has to be decided"
            )
        } else if open.toDecide > 0 {
            let things = Wording.count(open.toDecide, "thing waits", "things wait")
            let about = open.toDecide == 1 ? "it is" : "they are"
            notes.append("\(things) for a decision: `porchlight conflicts` lists what \(about) about")
        }
        if report.left > 0 {
            let records = Wording.count(report.left, "record is", "records are")
            let causes =
                "what was handed over, or came only with a referral or an escalation that is over, or with a merge "
                + "that was taken back"
            notes.append(
                "\(records) no longer on this laptop: "
                    + (wasRestored
                        ? "since the server was restored it may not know yet that they are yours, and then they come "
                            + "back once an administrator or whoever gave them to you has synced; or it is \(causes)"
                        : causes) + ". The office keeps them")
        }
        if report.reidentified {
            notes.append(
                "this replica was copied or put back from an older copy; it goes on under a name of its own. What had "
                    + "been synced is not lost; what was recorded since the copy was made and never sent is not in it: "
                    + "`porchlight doctor` tells more")
        }
        if report.healed {
            notes.append(
                "the server was restored. "
                    + (gaveBack
                        ? "What this laptop had sent it was offered again, and it took what it had lost"
                        : "This laptop had nothing to give back to it")
                    + ". What others wrote since the backup is shown as it stood then until they or an administrator "
                    + "have synced: `porchlight doctor` tells more"
            )
        }
        if status.isClockOff {
            notes += Status.attention(status, toDecide: 0).filter { $0.contains("clock") }
        }
        return notes
    }

    /// How many notices a sync has brought; `nil` where it brought none.
    static func news(_ count: Int) -> String? {
        guard count > 0 else { return nil }
        return
            "\(Wording.count(count, "new notice")): `porchlight notices` says what became of what you wrote"
    }

    static func json(_ report: SyncReport, _ traffic: Traffic, _ open: StillOpen) -> JSON {
        [
            "sent": .count(report.sent), "applied": .count(report.applied),
            "clashes": .count(report.conflicts), "clashes_open": .count(open.records),
            "to_decide": .count(open.toDecide),
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
