import PeerSupport
import SyncModel
import SyncReplica

/// What was written on a record while another one was merged into it.
///
/// Whoever named the one wrote on the other. Taking the merge back leaves all of it there, so whoever does that is told
/// what there is, and can put right what belongs to the one that stands for itself again.
struct SinceMerge {
    /// The record that the other was merged into.
    let into: RecordView
    /// Its changes since then, the oldest first.
    let written: [HistoryEntry]
    /// What was recorded about it since then, the oldest first, with the change that made each.
    private(set) var recorded: [(view: RecordView, made: LiveChange)]
    /// The other one, where that is shown in the place of this from now on.
    private var shown: RecordView?

    private let values: HistoryValues

    /// Looks it up; `nil` where the record was not merged, or the other is not on this laptop.
    ///
    /// - Parameter old: the record that leads to the other, as it stands before the merge is taken back.
    init?(_ old: RecordView, in replica: Replica) throws {
        guard let into = old["merged_into"].reference,
            let merge = try replica.siblings(old.id, of: "redirect").first?.change
        else { return nil }
        try self.init(into: into, by: merge, in: replica)
    }

    /// The same of a merge by the change that made it, whether that stands or another one beside it.
    init?(into: RecordID, by merge: LiveChange, in replica: Replica) throws {
        try self.init(into: into, after: Moment(merge), in: replica)
    }

    /// The same of a merge that stands no more, by the decision.
    init?(_ merge: Decision, in replica: Replica) throws {
        guard let into = merge.other else { return nil }
        try self.init(into: into, after: Moment(second: merge.at), in: replica)
    }

    private init?(into: RecordID, after moment: Moment, in replica: Replica) throws {
        guard let into = try replica.view(into) else { return nil }
        let history = try replica.history(into.id)
        values = HistoryValues(history)
        self.into = into
        written = history.filter { entry in
            // Where a record leads is no part of what it says: that is how they were merged and parted.
            moment < Moment(entry) && entry.writes.contains { $0.register != "redirect" }
                && (entry.outcome.map(Self.isTaken) ?? true)
        }
        recorded = try Dependents(of: into.id, in: replica).views
            .compactMap { view in
                try replica.state(view.id)?.siblings(of: "what").first.map { (view, $0.change) }
            }
            .filter { moment < Moment($0.1) }.sorted { Moment($0.1) < Moment($1.1) }
    }

    /// The same where the two stay one person and only change places: what is recorded about them is shown as before.
    func turned(into shown: RecordView) -> SinceMerge {
        var turned = self
        turned.recorded = []
        turned.shown = shown
        return turned
    }

    var isEmpty: Bool { written.isEmpty && recorded.isEmpty }

    /// Whether a change of one's own is part of the record, or will be.
    private static func isTaken(_ outcome: OwnOutcome) -> Bool {
        switch outcome {
        case .waiting, .applied, .conflict, .taken: true
        case .quarantined, .released, .withdrawn, .withdrawing: false
        }
    }

    /// The order in which changes of different records count as written. What no server has judged is the latest.
    private struct Moment: Comparable {
        let effective: Int64
        let written: Int64
        let dot: Dot

        /// Before everything of a second since 1970.
        init(second: Int64) {
            effective = second * 1_000_000
            written = .min
            dot = Dot(Identifier(high: 0, low: 0), 0)
        }

        init(_ change: LiveChange) {
            effective = change.effective?.microseconds ?? .max
            written = change.deviceMicroseconds
            dot = change.dot
        }

        init(_ entry: HistoryEntry) {
            effective = entry.effective?.microseconds ?? .max
            written = entry.writtenMicroseconds
            dot = entry.dot
        }

        static func < (a: Self, b: Self) -> Bool {
            (a.effective, a.written, a.dot) < (b.effective, b.written, b.dot)
        }
    }

    /// So many of what was recorded are listed; programs get all of it.
    private static let most = 20

    /// Who wrote what, when, in the place of what; and how it is put right.
    func write(to page: inout Page, at desk: Desk) throws {
        guard !isEmpty else { return }
        var teller = ChangeTeller(desk)
        let name = Wording.label(of: into)
        let time = desk.time
        if !written.isEmpty {
            page.line(
                shown == nil
                    ? "Written on \(name) while they were one, and still there:"
                    : "Written on \(name) while that was shown, and not shown any more:", .warning)
            let words = HistoryWords(view: into, values: values, desk: desk)
            page.table(
                [],
                try written.map { entry in
                    [
                        Page.Cell("  \(History.when(entry, time))"), Page.Cell(entry.author),
                        Page.Cell(try words.words(entry, &teller)),
                    ]
                })
            page.line("  what stood there before: porchlight history \(into.id.short) --server", .faint)
            page.line(
                shown.map { "  to write it there: porchlight participant edit \($0.id.short)" }
                    ?? "  to put it right: porchlight participant edit \(into.id.short), and the other by its own id",
                .faint)
        }
        guard !recorded.isEmpty else { return }
        page.line("Recorded about \(name) in that time, and still there:", .warning)
        page.table(
            [],
            try recorded.prefix(Self.most).map { one in
                let at = one.made.effective?.microseconds ?? one.made.deviceMicroseconds
                return [
                    Page.Cell("  \(time.text(of: floorSeconds(at)))"), Page.Cell(one.made.author),
                    Page.Cell(try teller.title(one.view.table.name, one.view.id)),
                ]
            })
        let more = recorded.count - Self.most
        if more > 0 { page.line("  and \(more) more: porchlight participant show \(into.id.short)", .faint) }
        page.line(
            "  what is about the other person: void it by its own verb, and record it about them", .faint)
    }

    /// For programs.
    var json: JSON {
        [
            "into": .text(into.id.text),
            "written": .list(written.map { History.json($0, values, in: "participant") }),
            "recorded": .list(
                recorded.map { view, made in
                    [
                        "record": .text(view.id.text), "table": .text(view.table.name),
                        "author": .text(made.author),
                        "at": .moment(made.effective?.microseconds ?? made.deviceMicroseconds),
                    ]
                }),
        ]
    }
}
