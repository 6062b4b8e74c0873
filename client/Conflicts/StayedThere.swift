import PeerSupport
import SyncModel
import SyncReplica

/// Something that somebody recorded about a participant, or wrote on their record, while another record counted as the same
/// person's.
///
/// It stays where it is when the two are parted. Its author is told so: they meant one of the two, and which one nobody
/// else can say; and the record may have left their laptop by it.
struct StayedThere {
    /// What it is, as a notice names it in the place of a register.
    struct Topic: Hashable {
        /// The table of the entry, or of the record that was written on.
        let table: String
        /// Which of that record's registers was written; `nil` of an entry of its own.
        var register: String?

        private static let prefix = "since:"

        var text: String { Self.prefix + [table, register].compactMap { $0 }.joined(separator: ".") }

        init(table: String, register: String? = nil) {
            self.table = table
            self.register = register
        }

        /// Reads it; `nil` for a notice about anything else.
        init?(_ text: String?) {
            guard let text, text.hasPrefix(Self.prefix) else { return nil }
            let parts = text.dropFirst(Self.prefix.count).split(separator: ".", maxSplits: 1)
            guard let table = parts.first else { return nil }
            self.init(table: String(table), register: parts.count > 1 ? String(parts[1]) : nil)
        }
    }

    /// That whoever parted the two told them; `nil` for what came later, and was found on this laptop.
    let notice: Notice?
    /// The decision by which the two were parted. It may not be on this laptop.
    let decision: RecordID
    /// The entry, or the record that was written on.
    let record: RecordID
    let topic: Topic
    /// When the two were parted, seconds since 1970.
    let at: Int64
    /// When it was, seconds since 1970; `nil` where neither the entry is here nor what its author wrote of it.
    let happened: Int64?
    /// `nil` when it has left this laptop.
    let view: RecordView?
    /// The name of the conflict in which is asked whether the two are two people's at all, or once more; `nil` where that is
    /// decided.
    let asking: String?

    private init(
        _ record: RecordID, _ topic: Topic, by decision: RecordID, at: Int64, notice: Notice?,
        asking: String? = nil, in replica: Replica
    ) throws {
        self.notice = notice
        self.asking = asking
        self.decision = decision
        self.record = record
        self.topic = topic
        self.at = at
        view = try replica.view(record)
        // Of a record that has left, this laptop has what was written on it: the author's own words.
        let own = try replica.history(record).filter { entry in
            entry.outcome != nil
                && (topic.register.map { name in entry.writes.contains { $0.register == name } } ?? true)
        }
        happened =
            topic.register == nil
            ? view?["start_at"].integer ?? own.lazy.compactMap { Self.start(of: $0, topic) }.first
                ?? own.first.map { floorSeconds($0.writtenMicroseconds) }
            : own.last.map { floorSeconds($0.writtenMicroseconds) }
    }

    private static func start(of entry: HistoryEntry, _ topic: Topic) -> Int64? {
        guard let (register, place) = PeerSupportSchema.schema.table(topic.table)?.place(of: "start_at"),
            let values = entry.writes.first(where: { $0.register == register.name })?.values,
            place < values.count
        else { return nil }
        return values[place].integer
    }

    /// What somebody was told of so.
    private init?(_ notice: Notice, _ open: OpenConflicts, in replica: Replica) throws {
        guard let topic = Topic(notice.register) else { return nil }
        let asking = open.chains[notice.decision].flatMap { open.asking(about: [$0]) }
        try self.init(
            notice.subject, topic, by: notice.decision, at: notice.at, notice: notice, asking: asking?.name,
            in: replica)
    }

    /// Whether the two that were parted by a decision are one person's again, so that nothing of it is out of place.
    private func isOneAgain(_ decision: Decision, _ people: Merged) -> Bool {
        if decision.saysOne != nil {
            return decision.other.map { people.areOne(decision.subject, $0) } ?? false
        }
        let owner = topic.register == nil ? view?["participant"].reference : record
        return owner.map { people.areOne(decision.subject, $0) } ?? false
    }

    /// All of it: what somebody was told of, and what nobody could tell them, or has told them yet.
    ///
    /// - Parameters:
    ///   - notices: all that they have.
    ///   - told: those of decisions.
    static func all(
        of staff: String, _ notices: [Notice], _ told: [NoticeList.Told], _ open: OpenConflicts,
        in replica: Replica
    ) throws -> [StayedThere] {
        let known = try notices.compactMap { try StayedThere($0, open, in: replica) }
        let records = Set(known.map(\.record))
        let people = try Merged(in: replica)
        let standing = known.filter { one in
            open.chains[one.decision].map { !one.isOneAgain($0, people) } ?? true
        }
        return try standing + late(told, besides: records, open.chains, in: replica)
            + asked(of: staff, open, besides: records, in: replica)
    }

    /// What was recorded on this laptop about somebody who has left it by the end of a merge, and whom nobody could tell its
    /// author of: it came to the office only afterwards.
    ///
    /// - Parameters:
    ///   - told: the decisions that whoever is told has notices of.
    ///   - known: what they were told of already.
    static func late(
        _ told: [NoticeList.Told], besides known: Set<RecordID>, _ chains: DecisionChains, in replica: Replica
    ) throws -> [StayedThere] {
        let parted = told.compactMap { one -> (decision: Decision, merge: Decision, other: RecordID)? in
            guard let decision = one.decision, decision.saysOne == false, let other = one.other,
                !other.isHere,
                let merge = chains.merges(endedBy: decision).first(where: {
                    DecisionChains.topic(of: $0) == DecisionChains.topic(of: decision)
                })
            else { return nil }
            return (decision, merge, other.id)
        }
        let own = try replica.own(naming: Set(parted.map(\.other)))
        var seen = known
        return try parted.flatMap { decision, merge, other in
            try (own[other] ?? []).compactMap { entry in
                guard entry.table != "assignment", floorSeconds(entry.writtenMicroseconds) >= merge.at,
                    try replica.view(entry.record) == nil, seen.insert(entry.record).inserted
                else { return nil }
                return try StayedThere(
                    entry.record, Topic(table: entry.table), by: decision.id, at: decision.at, notice: nil,
                    in: replica)
            }
        }
    }

    /// What somebody recorded about two whose merges were taken back apart, each by somebody for whom the other one stood.
    /// Nobody has decided yet that they are two people's, so nobody has told them; it stands on one of the two all the same.
    ///
    /// - Parameter known: what they were told of already.
    static func asked(
        of staff: String, _ open: OpenConflicts, besides known: Set<RecordID>, in replica: Replica
    ) throws -> [StayedThere] {
        var seen: Set<String> = []
        return try open.all.flatMap { conflict -> [StayedThere] in
            guard conflict.kind == .duplicate, let decision = conflict.decision else { return [] }
            let ended = try Merging.ended(conflict.pair.sorted(), in: replica)
            return try StayedNotices.entries(ended).compactMap { author, record, topic in
                guard author == staff, !known.contains(record),
                    seen.insert("\(record.text) \(topic.text)").inserted
                else { return nil }
                return try StayedThere(
                    record, topic, by: decision.id, at: decision.at, notice: nil, asking: conflict.name,
                    in: replica)
            }
        }
    }

    /// Notes that somebody has seen what was found on this laptop, so that no laptop of theirs tells them again.
    ///
    /// - Returns: the notices, not yet marked as seen.
    static func record(_ late: [StayedThere], for staff: String, in replica: Replica) throws -> [RecordID] {
        guard !late.isEmpty else { return [] }
        return try replica.edit(linked: false) { edit in
            for one in late {
                try StayedNotices.write((staff, one.record, one.topic), one.decision, at: one.at, edit)
            }
        }
        .records
    }

    var json: JSON {
        [
            "notice": .optional(notice?.id.text), "decision": .text(decision.text),
            "record": .text(record.text),
            "table": .text(topic.table), "register": .optional(topic.register), "at": .moment(at * 1_000_000),
            "happened": .moment(happened.map { $0 * 1_000_000 }), "here": .flag(view != nil),
            "seen": .flag(notice?.seenAt != nil), "asked": .optional(asking),
        ]
    }
}

extension StayedThere {
    /// All that one parting left, and what can be done about it. Of what has left this laptop, only that it has: nobody
    /// else's words, and not whose record it stands on.
    static func write(_ all: [StayedThere], to page: inout Page, _ teller: inout ChangeTeller, at desk: Desk)
        throws
    {
        for (place, group) in grouped(all) {
            page.line(
                "Two records that counted as one person's were parted \(desk.time.ago(place.at)). What you wrote "
                    + "meanwhile stands where it was written:", .strong)
            if let asking = place.asking {
                page.line(
                    "  Whether they are two people's is being asked: porchlight conflicts show \(asking)")
            }
            var ways: [String] = []
            for one in group {
                page.line("  \(try one.title(&teller, desk.time))")
                if let way = try one.way(at: desk), !ways.contains(way) { ways.append(way) }
            }
            // Whose it is may yet be decided so that it stands where it should.
            guard place.asking == nil else { continue }
            if !ways.isEmpty {
                page.line("  What is about the other person of the two you can put right:")
                for way in ways { page.line("    \(way)") }
            }
            if try group.contains(where: { try $0.isForOthers(at: desk) }) {
                page.line(
                    "  \(ways.isEmpty ? "What is about the other person of the two" : "The rest") is put right by a "
                        + "supervisor or an administrator: tell them its id and whom you meant.")
            }
        }
    }

    private static func grouped(_ all: [StayedThere]) -> [(StayedThere, [StayedThere])] {
        var order: [RecordID] = []
        let groups = Dictionary(grouping: all) { one in
            if !order.contains(one.decision) { order.append(one.decision) }
            return one.decision
        }
        return order.compactMap { id in groups[id].flatMap { group in group.first.map { ($0, group) } } }
    }

    private func title(_ teller: inout ChangeTeller, _ time: LocalTime) throws -> String {
        let when = happened.map { " of \(time.text(of: $0))" } ?? ""
        let kind = Wording.table(topic.table)
        guard let view else {
            let what = topic.register.map { "\(Labels.register($0, in: topic.table)) that you wrote\(when)" }
            return "\(what ?? "\(kind) \(record.short)\(when)"): the record that it "
                + "\(topic.register == nil ? "is about" : "stands on") left your caseload, and it stands there"
        }
        if let register = topic.register {
            return "\(try teller.title(topic.table, record)): \(Labels.register(register, in: topic.table))"
                + (happened.map { ", written \(time.text(of: $0))" } ?? "")
        }
        let about = try view["participant"].reference.map { " about \(try teller.known($0))" } ?? ""
        return "\(kind) \(record.short)\(when)\(about)\(isVoid ? ", void since" : "")"
    }

    private var isVoid: Bool {
        view.map { $0.table.place(of: "voided_at") != nil && !$0["voided_at"].isNone } ?? false
    }

    /// The command line that puts it right, for whoever may; `nil` where there is none.
    private func way(at desk: Desk) throws -> String? {
        guard let view, !isVoid else { return nil }
        if let register = topic.register {
            let values = view.values(of: register) ?? []
            let isTheirs = try desk.isPermitted { try $0.write(record, [RegisterWrite(register, values)]) }
            return isTheirs ? "porchlight participant edit \(record.short), and the other by its own id" : nil
        }
        guard let verb = ["check_in": "checkin", "escalation": "escalation"][topic.table] else { return nil }
        let mark = try Voiding.mark("-", at: desk)
        guard try desk.isPermitted({ try $0.write(record, mark) }) else { return nil }
        return "porchlight \(verb) void \(record.short) --reason \"…\", and record it about them"
    }

    /// Whether somebody else has to put it right.
    private func isForOthers(at desk: Desk) throws -> Bool { try !isVoid && way(at: desk) == nil }
}

/// The notices that the authors of what stays there get, from whoever parts the two.
struct StayedNotices {
    private let all: [(staff: String, record: RecordID, topic: StayedThere.Topic)]
    private let at: Int64

    /// So many are written with the decision. What is beyond follows by itself: a transaction must fit an exchange.
    private static let most = 300

    /// - Parameter me: who parts the two; they are told at once.
    init(_ since: [SinceMerge], by me: String, at now: Int64) {
        at = now
        var seen: Set<String> = []
        all = Self.entries(since).filter {
            $0.0 != me && !$0.0.isEmpty && seen.insert("\($0.0) \($0.1.text) \($0.2.text)").inserted
        }
    }

    /// Who wrote what while two records counted as one person's, some of it perhaps several times.
    static func entries(
        _ since: [SinceMerge]
    ) -> [(staff: String, record: RecordID, topic: StayedThere.Topic)] {
        since.flatMap { one in
            one.written.flatMap { entry in
                entry.writes.filter { $0.register != "redirect" }.map {
                    (
                        entry.author, one.into.id,
                        StayedThere.Topic(table: one.into.table.name, register: $0.register)
                    )
                }
            }
                + one.recorded.map {
                    ($0.made.author, $0.view.id, StayedThere.Topic(table: $0.view.table.name))
                }
        }
    }

    /// Whom they tell, by staff code.
    var told: Set<String> { Set(all.map(\.staff)) }

    /// Writes them with the decision.
    func write(_ decision: RecordID, to edit: Edit) throws {
        for one in all.prefix(Self.most) { try Self.write(one, decision, at: at, edit) }
    }

    /// Writes what was too much for that.
    func writeRest(_ decision: RecordID, in replica: Replica) throws {
        guard all.count > Self.most else { return }
        try replica.edit(linked: false) { edit in
            for one in all.dropFirst(Self.most) { try Self.write(one, decision, at: at, edit) }
        }
    }

    static func write(
        _ one: (staff: String, record: RecordID, topic: StayedThere.Topic), _ decision: RecordID, at: Int64,
        _ edit: Edit
    ) throws {
        let notice = try Writes(
            "notice",
            [
                "to_staff": .text(one.staff), "decision": .reference(decision),
                "subject": .reference(one.record),
                "subject_register": .text(one.topic.text), "at": .integer(at),
            ])
        _ = try edit.create("notice", notice.registers)
    }
}
