import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Status: LookingVerb {
    static let configuration = CommandConfiguration(
        abstract: "Say what waits, when the last sync was, and what needs attention.",
        discussion: """
            One line. With --digest only a fingerprint of all records: two laptops that hold the same show the same.

            Example: porchlight status
            """)

    @Flag(help: "Print only the fingerprint of all records on this laptop.")
    var digest = false

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        if digest {
            let digest = try replica.digest()
            desk.show(["digest": .text(digest)]) { $0.line(digest) }
            return
        }
        let status = try replica.status()
        let attention = try Attention(status, in: replica)
        desk.show(
            Self.json(status).adding("double_codes", attention.doubleCodes)
                .adding("notices", .count(attention.notices))
                .adding("to_decide", .count(attention.open.toDecide))
        ) { page in
            page.line(
                Self.line(status, attention.words, desk.time), attention.words.isEmpty ? .plain : .warning)
        }
    }

    /// The one line.
    static func line(_ status: ReplicaStatus, _ attention: [String], _ time: LocalTime) -> String {
        var parts = [
            waits(status),
            status.lastSyncMicroseconds.map { "last sync \(time.ago(floorSeconds($0)))" } ?? "never synced",
        ]
        if let failure = status.lastFailure { parts.append("the sync since then failed: \(failure.what)") }
        parts += attention
        return parts.joined(separator: " · ")
    }

    /// How many changes wait for a sync.
    private static func waits(_ status: ReplicaStatus) -> String {
        guard status.waiting > 0 else { return "nothing waits" }
        return Wording.count(status.waiting, "change waits", "changes wait")
    }

    /// What somebody should do something about, each in a few words.
    ///
    /// - Parameter toDecide: how many things `conflicts` lists.
    static func attention(_ status: ReplicaStatus, toDecide: Int) -> [String] {
        var found: [String] = []
        if status.isSealed { found.append("this laptop was retired: speak to your administrator") }
        if toDecide > 0 {
            found.append("\(Wording.count(toDecide, "thing")) to decide (porchlight conflicts)")
        }
        if status.quarantined > 0 {
            let refused = Wording.count(status.quarantined, "change was not taken", "changes were not taken")
            found.append("\(refused) (porchlight outbox)")
        }
        if status.isClockOff, let skew = status.skewMicroseconds {
            found.append("this laptop's clock is \(Self.span(skew)): please set it")
        }
        return found
    }

    /// `2 hours 59 minutes fast`: two units at the most, and what is less than the second is rounded, so that whoever
    /// sets the clock by it does not set it wrong.
    static func span(_ skew: Int64) -> String {
        let minutes = Int(
            clamping: skew.magnitude.addingReportingOverflow(30_000_000).partialValue / 60_000_000)
        let hours = (minutes + 30) / 60
        let parts =
            minutes < 1_440
            ? [Wording.count(minutes / 60, "hour"), Wording.count(minutes % 60, "minute")]
            : [Wording.count(hours / 24, "day"), Wording.count(hours % 24, "hour")]
        let said = parts.filter { !$0.hasPrefix("0 ") }
        return "\((said.isEmpty ? [parts[1]] : said).joined(separator: " ")) \(skew > 0 ? "fast" : "slow")"
    }

    static func json(_ status: ReplicaStatus) -> JSON {
        [
            "waiting": .count(status.waiting), "oldest_waiting": .moment(status.oldestWaitingMicroseconds),
            "last_sync": .moment(status.lastSyncMicroseconds),
            "last_failure": status.lastFailure.map { failure in
                [
                    "code": .text(failure.code.rawValue), "what": .text(failure.what),
                    "at": .moment(status.lastFailureMicroseconds),
                ]
            } ?? .null,
            "quarantined": .count(status.quarantined), "withdrawing": .count(status.withdrawing),
            "conflicts": .count(status.conflicts),
            "clock_off": .flag(status.isClockOff),
            "clock_ahead_seconds": .optional(status.skewMicroseconds.map { $0 / 1_000_000 }),
            "retired": .flag(status.isSealed), "device": .text(status.enrolment.device),
            "staff": .text(status.enrolment.staff), "role": .text(status.enrolment.role),
            "agency": .text(status.enrolment.agency), "time_zone": .text(status.enrolment.timeZone),
            "server": .text(status.enrolment.server), "keys": .list(status.keys.map { .text($0) }),
        ]
    }
}

extension LocalTime {
    /// `today 14:05`, `yesterday 09:30`, `on 2026-03-02 at 14:30`.
    func ago(_ instant: Int64) -> String {
        let date = date(of: instant)
        if date == today { return "today \(clock(of: instant))" }
        if date == today.adding(days: -1) { return "yesterday \(clock(of: instant))" }
        return "on \(date.text) at \(clock(of: instant))"
    }
}
