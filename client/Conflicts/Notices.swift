import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Notices: Verb {
    static let configuration = CommandConfiguration(
        abstract:
            "What became of things you wrote: decided otherwise, kept beside another value, or not taken.",
        discussion: """
            Each says what to do if it is not right. --seen marks as seen those about decisions, and of a merge that was taken \
            back what others wrote who did not know of that. What you wrote while two records counted as one person's is listed \
            when the two are parted: it stays where it was written, also where that has left your caseload.

            Example: porchlight notices
                     porchlight notices --seen
            """)

    @Flag(help: "Mark the notices of decisions as seen.")
    var seen = false

    @Flag(help: "Also those that were seen.")
    var all = false

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let me = try desk.enrolment().staff
        let found = try NoticeList(in: replica, for: me)
        let shown = found.decided.filter { all || $0.notice.seenAt == nil }
        let stayed = found.stayed.filter { all || $0.notice?.seenAt == nil }
        let discarded = found.discarded.filter { all || $0.notice.seenAt == nil }
        try desk.show([
            "decided": .list(try shown.map { try $0.json(desk) }),
            "undecided": .list(
                try found.undecided.map { one in
                    try ConflictText(one, at: desk).json().adding("waiting", .text(one.waiting(for: me)))
                        .adding("decided_before", .flag(found.isDecided(one)))
                }),
            "refused": .list(found.refused.map { ChangeTeller.json($0) }),
            "parted": .list(found.parted.map(\.json)), "stayed": .list(stayed.map(\.json)),
            "discarded": .list(discarded.map(\.json)),
        ]) { page in
            var teller = ChangeTeller(desk)
            try Self.write(shown, to: &page, &teller, desk.time)
            try StayedThere.write(stayed, to: &page, &teller, at: desk)
            DiscardedEntry.write(discarded, to: &page, desk.time)
            try Self.write(found, for: me, to: &page, &teller, at: desk)
            for one in found.parted { try one.write(to: &page, &teller, desk.time) }
            let refused = RefusedEntry.all(found.refused, in: replica)
            for (entry, one) in zip(found.refused, refused) {
                page.line(try teller.summary(entry.table, entry.record, entry.writes), .strong)
                page.line("  \(ChangeTeller.sentence(entry.outcome)) It is kept, and counts for nobody.")
                page.line("  \(one.advice)")
            }
            if shown.isEmpty, stayed.isEmpty, discarded.isEmpty, found.undecided.isEmpty,
                found.refused.isEmpty,
                found.parted.isEmpty
            {
                page.line("no notices")
            }
        }
        guard seen else { return }
        let late = try StayedThere.record(
            found.stayed.filter { $0.notice == nil && $0.asking == nil }, for: me, in: replica)
        let known =
            found.decided.map(\.notice) + found.stayed.compactMap(\.notice) + found.discarded.map(\.notice)
        try mark(known.filter { $0.seenAt == nil }.map(\.id) + late, replica, desk)
        guard !found.parted.isEmpty else { return }
        // Written anew, the mark has read what they were told of.
        try replica.edit(linked: false) { edit in
            for one in found.parted { try Merging.mark(one.kept.id, edit) }
        }
    }

    private func mark(_ notices: [RecordID], _ replica: Replica, _ desk: Desk) throws {
        guard !notices.isEmpty else { return }
        let now = desk.time.now
        // One by one, so that a long list is no transaction that a server would have to take whole.
        try replica.edit(linked: false) { edit in
            for notice in notices {
                try edit.write(notice, [RegisterWrite("seen", [.integer(now)])])
            }
        }
    }
}

/// What somebody has to be told.
struct NoticeList {
    /// A decision about something they wrote.
    struct Told {
        let notice: Notice
        /// `nil` when the record has left this laptop, and what was decided with it; or, of two records, when the other
        /// one has.
        let decision: Decision?
        /// `nil` when the record has left this laptop.
        let table: String?
        /// The other of two records, and whether it is here.
        let other: (id: RecordID, isHere: Bool)?
        /// What the decided register says now.
        let now: [Value]?
        /// Of a merge that was taken back: whether they are one person still, because it was made both ways. Where the
        /// decision is not here, whether any other record on this laptop is the same person's.
        let isOne: Bool
        /// What asks the same once more, if anything does.
        let asking: Conflict?
        /// The decision that was made anew since, if there is one, of several the newest.
        let newer: Decision?
        /// Whether that decides it anew, was made by somebody who did not know of it, or came after it.
        let how: Since
        /// Of a check-in or an attendance, what else counts about the same visit, or the same person at that session.
        let instead: Instead
        /// Whether it decides anew what they had asked for another look at.
        let wasAsked: Bool
        /// Whether they have the record on their caseload again by it.
        let isGivenBack: Bool
        /// Whether they had written what stands by it, and it had not been kept before.
        let isRestored: Bool
    }

    /// How a newer decision has to do with one that somebody is told of.
    enum Since: String {
        case anew, apart, later

        var words: String {
            switch self {
            case .anew: "decided it anew"
            case .apart: "decided about it apart from this"
            case .later: "decided about it again"
            }
        }
    }

    /// What counts where a check-in or an attendance does not.
    enum Instead: Equatable {
        case nothing
        /// Another entry, by whomever.
        case another(RecordID)
        /// A correction that whoever is told made.
        case theirs(RecordID)
    }

    /// Decisions, the newest first.
    let decided: [Told]
    /// Conflicts in which what they wrote is kept and not shown, is one of several corrections that count, or is
    /// void against a correction.
    let undecided: [Conflict]
    /// What the server did not take.
    let refused: [OutboxEntry]
    /// What was written on a record by people who did not know that whoever is told had taken a merge back.
    let parted: [SinceParted]
    /// What they wrote while two records counted as one person's, and that stays where it is since the two were parted.
    let stayed: [StayedThere]
    /// What was refused of what they entered, and then discarded by an administrator.
    let discarded: [DiscardedEntry]
    let chains: DecisionChains

    init(in replica: Replica, for staff: String) throws {
        let people = try Merged(in: replica)
        let open = try OpenConflicts(in: replica)
        chains = open.chains
        let deciders = open.chains.decidersAnew()
        parted = try SinceParted.all(by: staff, in: replica, open.chains)
        let notices = try replica.find(
            Query(
                "notice", where: [.equals("to_staff", .text(staff))],
                order: [Query.Order("at", descending: true)])
        )
        .compactMap { Notice($0) }
        let told = try notices.filter {
            StayedThere.Topic($0.register) == nil && DiscardedEntry($0) == nil
        }
        .map { try Self.told($0, staff, people, open, deciders, in: replica) }
        discarded = try DiscardedEntry.standing(among: notices, in: replica)
        stayed = try StayedThere.all(of: staff, notices, told, open, in: replica)
        // Of one second, what still stands comes before what it has replaced.
        decided = told.enumerated().sorted { a, b in
            let (one, other) = (a.element, b.element)
            if one.notice.at != other.notice.at { return one.notice.at > other.notice.at }
            if (one.newer == nil) != (other.newer == nil) { return one.newer == nil }
            return a.offset < b.offset
        }
        .map(\.element)
        undecided = try Self.undecided(open, for: staff, in: replica)
        refused = try Self.refused(in: replica)
    }

    /// Conflicts in which what somebody wrote is kept and not shown, or may not stay.
    static func undecided(_ open: OpenConflicts, for staff: String, in replica: Replica) throws -> [Conflict]
    {
        try open.all.filter { conflict in
            // Of several corrections each counts, the one that is listed first as well.
            let isMine: (Conflict.Side) -> Bool = { $0.change?.author == staff }
            return switch conflict.kind {
            case .void where conflict.correction != nil: conflict.sides.contains(where: isMine)
            case .void where conflict.isDecidedApart: try Self.isBeside(conflict, staff, replica)
            // Whoever deleted it and whoever went on with it each wrote something that may not stay.
            case .deletion: conflict.sides.contains(where: isMine)
            case .values, .transition, .void, .fork, .late:
                conflict.sides.enumerated().contains { $0 != conflict.shownPlace && isMine($1) }
            // Of what somebody asked to look at again those whom it concerns have a notice.
            case .amendments: !conflict.isDoubted && conflict.sides.contains(where: isMine)
            case .duplicate, .clock, .contested, .ring: false
            }
        }
    }

    /// What the server did not take.
    static func refused(in replica: Replica) throws -> [OutboxEntry] {
        try replica.outbox().filter { entry in
            if case .quarantined = entry.outcome { true } else { false }
        }
    }

    static func told(
        _ notice: Notice, _ staff: String, _ people: Merged, _ open: OpenConflicts,
        _ deciders: [RecordID: [Decision]], in replica: Replica
    ) throws -> Told {
        let view = try replica.view(notice.subject)
        let table = view?.table.name
        // Of a record that has left, nobody else's words are shown, even if the decision is still here.
        let decision = table == nil ? nil : open.chains[notice.decision]
        let now = decision?.register.flatMap { register -> [Value]? in
            guard decision?.subject == notice.subject else { return nil }
            guard register == deletedRegister else { return view?.values(of: register) }
            return view.map { [.integer($0.deletion == .deleted ? 1 : 0)] }
        }
        let other = try decision.flatMap { decision in
            try (decision.subject == notice.subject ? decision.other : decision.subject).map {
                (id: $0, isHere: try replica.view($0) != nil)
            }
        }
        let isOne =
            other.map { people.areOne($0.id, notice.subject) }
            ?? (people.all(of: notice.subject).count > 1)
        // What took a decision back was decided anew with that.
        let first = decision.map { $0.kind == .undo ? open.chains.answered(by: $0) ?? $0 : $0 }
        let anew = first.flatMap { open.chains.newest(after: $0, deciders) }
        let newer = anew ?? decision.flatMap { open.chains.newer(than: $0) }
        let isApart = first.flatMap { first in newer.map { open.chains.areApart($0, first) } } ?? false
        return Told(
            notice: notice, decision: decision, table: table, other: other, now: now, isOne: isOne,
            asking: decision.flatMap { open.asking(about: [$0]) },
            newer: newer, how: anew != nil ? .anew : isApart ? .apart : .later,
            instead: try view.map { try instead($0, staff, people, replica) } ?? .nothing,
            wasAsked: try decision.map { try asked(staff, open.chains.before($0), replica) } ?? false,
            isGivenBack: try decision.map { try isBack($0, notice, replica) } ?? false,
            isRestored: decision.map { isRestored($0, staff, open.chains) } ?? false
        )
    }

    /// Whether somebody said of a void mark something else than what is shown. A side stands for all who said the same.
    private static func isBeside(_ conflict: Conflict, _ staff: String, _ replica: Replica) throws -> Bool {
        guard let register = conflict.register else { return false }
        let shown = conflict.view.values(of: register)
        return try replica.siblings(conflict.view.id, of: register).contains {
            $0.change.author == staff && $0.values != shown
        }
    }

    private static func instead(
        _ view: RecordView, _ staff: String, _ people: Merged, _ replica: Replica
    ) throws -> Instead {
        if let row = Attendance(view) {
            guard try replica.view(row.session)?["voided_at"].isNone ?? true else { return .nothing }
            let rows = try replica.find(
                Query("attendance", where: [.equals("session", .reference(row.session))]))
            return rows.compactMap { Attendance($0) }.first {
                $0.id != row.id && $0.counts && people.areOne($0.participant, row.participant)
            }
            .map { .another($0.id) } ?? .nothing
        }
        guard view.table.name == "check_in", !view["voided_at"].isNone else { return .nothing }
        let counting = try replica.visit(of: view.id).filter {
            $0.id != view.id && CheckIn($0)?.counts ?? false
        }
        let own = try counting.first { one in
            try !one["amends"].isNone && replica.siblings(one.id, of: "what").first?.change.author == staff
        }
        return own.map { .theirs($0.id) } ?? counting.first.map { .another($0.id) } ?? .nothing
    }

    private static func isBack(_ decision: Decision, _ notice: Notice, _ replica: Replica) throws -> Bool {
        guard decision.register == "redirect", decision.subject != notice.subject else { return false }
        return try Merging.givesBack(decision, notice.subject, to: notice.to, in: replica)
    }

    /// Whether a decision lets stand what somebody wrote and one that it goes back to did not keep.
    private static func isRestored(_ decision: Decision, _ staff: String, _ chains: DecisionChains) -> Bool {
        guard decision.kind == .resolve, let kept = decision.valuesAfter.first?.values else { return false }
        return chains.lineage(of: chains.before(decision)).contains { one in
            one.losers.contains(staff)
                && one.valuesBefore.contains { $0.author == staff && $0.values == kept }
        }
    }

    /// Whether somebody asked for another look at one of some decisions.
    private static func asked(_ staff: String, _ decisions: [Decision], _ replica: Replica) throws -> Bool {
        try decisions.contains { try Contest.all(of: $0, in: replica).contains { $0.by == staff } }
    }
}
