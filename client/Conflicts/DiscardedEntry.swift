import PeerSupport
import SyncModel
import SyncReplica

/// An entry of somebody's that was refused and then discarded out of quarantine.
///
/// The server says so to the laptop that it came from, and to no other; that one may have been lost or retired. So the
/// administrator's laptop, on which it is decided, tells the author, wherever they are.
struct DiscardedEntry {
    let notice: Notice
    /// The table of the record that the entry was about.
    let table: String
    /// Whether nothing of the record was there without it, and whether the record was; neither where nobody knows.
    private let isWhole: Bool
    private let isPart: Bool

    private static let prefix = "discarded:"
    /// Whether the record was there without it; of what an older program wrote that is not known.
    private static let (whole, part) = (":new", ":part")

    /// Reads what ``tell(_:in:at:)`` wrote; `nil` for a notice about anything else.
    init?(_ notice: Notice) {
        guard let register = notice.register, register.hasPrefix(Self.prefix) else { return nil }
        self.notice = notice
        isWhole = register.hasSuffix(Self.whole)
        isPart = register.hasSuffix(Self.part)
        let end = isWhole ? Self.whole : isPart ? Self.part : ""
        table = String(register.dropFirst(Self.prefix.count).dropLast(end.count))
    }

    /// What of some notices, the newest first, still stands: after a restore it may have been decided otherwise, or once
    /// more.
    static func standing(among notices: [Notice], in replica: Replica) throws -> [DiscardedEntry] {
        let all = notices.compactMap { DiscardedEntry($0) }
        guard all.contains(where: \.isWhole) else { return all }
        let mine = Set(try replica.outbox().map(\.record))
        var seen: Set<RecordID> = []
        return try all.filter { one in
            guard one.isWhole else { return true }
            guard seen.insert(one.notice.subject).inserted else { return false }
            // What this laptop shows of its own while it is not taken does not count.
            return try mine.contains(one.notice.subject) || replica.view(one.notice.subject) == nil
        }
    }

    /// Writes a notice for each author of some discarded changes; what was entered on one record is told once.
    ///
    /// - Returns: whom it tells, by staff code, sorted.
    static func tell(_ changes: [ClosedChange], in replica: Replica, at now: Int64) throws -> [String] {
        let me = try replica.enrolment.staff
        var seen: Set<String> = []
        let told = changes.filter { one in
            one.staff != me && seen.insert("\(one.staff) \(one.record.text)").inserted
        }
        guard !told.isEmpty else { return [] }
        let gone = Set(try told.map(\.record).filter { try replica.view($0) == nil })
        // Nothing in the register of records decided it: the notice names the record in the place of a decision.
        try replica.edit(linked: false) { edit in
            for one in told {
                let topic = prefix + one.table + (gone.contains(one.record) ? whole : part)
                let notice = try Writes(
                    "notice",
                    [
                        "to_staff": .text(one.staff), "decision": .reference(one.record),
                        "subject": .reference(one.record), "subject_register": .text(topic),
                        "at": .integer(now),
                    ])
                _ = try edit.create("notice", notice.registers)
            }
        }
        return Set(told.map(\.staff)).sorted()
    }

    /// What each was, by its id alone: what it says stands nowhere but on the laptop that wrote it.
    static func write(_ all: [DiscardedEntry], to page: inout Page, _ time: LocalTime) {
        guard !all.isEmpty else { return }
        page.line("What you entered was not taken, and an administrator discarded it:", .strong)
        for one in all {
            page.line(
                "  \(one.isPart ? "a change of " : "")\(Wording.table(one.table)) \(one.notice.subject.short), discarded "
                    + time.ago(one.notice.at)
            )
        }
        page.line(
            "  It counts for nobody. If it should, enter it again; why it was discarded an administrator can say "
                + "(porchlight conflicts export --server).")
    }

    var json: JSON {
        [
            "notice": .text(notice.id.text), "record": .text(notice.subject.text), "table": .text(table),
            "at": .moment(notice.at * 1_000_000), "seen": .flag(notice.seenAt != nil),
        ]
    }
}
