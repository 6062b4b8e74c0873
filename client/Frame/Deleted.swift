import PeerSupport
import SyncModel
import SyncReplica

/// A record that was deleted as a mistake: who did it, when and why. Nothing of it is erased, so it is still found.
struct Deleted {
    /// The record, with what it said.
    let view: RecordView
    /// Who deleted it, by staff code.
    let by: String
    /// When, seconds since 1970.
    let at: Int64?
    /// The decision by which it was deleted; `nil` where that is not on this laptop.
    let decision: Decision?
    /// The decision that brings it back when it is taken back: it had replaced what was there.
    private let undoing: Decision?
    /// The decisions that deleted it, the oldest first.
    private let deletions: [Decision]
    private let desk: Desk

    /// Looks up what became of a record; `nil` for one that is not deleted.
    init?(_ view: RecordView, at desk: Desk) throws {
        guard view.deletion == .deleted else { return nil }
        let replica = try desk.replica()
        let change = try replica.siblings(view.id, of: deletedRegister).first?.change
        self.view = view
        self.desk = desk
        // What stands again because something was taken back is whoever's it was, with their reason.
        let deciding = try OpenConflicts.decisions(in: replica, about: [view.id]).filter { decision in
            decision.register == deletedRegister
        }
        deletions = deciding.filter {
            $0.kind != .undo && $0.valuesAfter.first?.values == [.integer(1)]
        }
        let chains = DecisionChains(deciding)
        decision = deletions.last { !chains.isClosed($0) } ?? deletions.last
        undoing = deletions.last { one in
            !chains.isClosed(one) && !chains.isUndone(one)
                && one.valuesBefore.contains { $0.values == [.integer(0)] }
        }
        by = decision?.by ?? change?.author ?? ""
        at =
            decision?.at
            ?? change.map { floorSeconds($0.effective?.microseconds ?? $0.deviceMicroseconds) }
    }

    /// `deleted by AD01 today 09:30: nobody of this name`
    func words(_ time: LocalTime) -> String {
        "deleted by \(by)\(at.map { " \(time.ago($0))" } ?? "")\(decision.map { ": \($0.reason)" } ?? "")"
    }

    /// What whoever thinks it wrong can do.
    struct Way {
        /// Whether it waits for a decision already: somebody recorded something about it apart, or asked again.
        let isAsked: Bool
        /// The command line that brings it back, asks for another look, or shows what is to be decided.
        let line: String
        /// What the line does.
        let label: String
    }

    /// What can be done; `nil` where nothing can.
    func wayBack() throws -> Way? {
        let open = try OpenConflicts(in: desk.replica())
        let asking = open.all.first { $0.view.id == view.id && $0.register == deletedRegister }
        if let asking = asking ?? (undoing == nil ? open.asking(about: deletions) : nil) {
            return Way(
                isAsked: true, line: "porchlight conflicts show \(asking.name)",
                label: "Whether it stays so is to be decided")
        }
        guard let undoing else { return nil }
        // Only whoever decided it, or the office, takes it back.
        let isTheirs = try undoing.by == desk.enrolment().staff || desk.isOffice
        let way =
            isTheirs ? WayBack(undoing: [undoing.id], at: desk) : WayBack(asking: [undoing.id])
        return way.lines.first.map { Way(isAsked: false, line: $0, label: way.label) }
    }

    /// What somebody is told who asks a verb of the living for it.
    func error(_ time: LocalTime, means: String = "nothing was recorded") throws -> SyncError {
        let look = "porchlight history \(view.id.short) shows what it said"
        return SyncError(
            .unknownRecord, "\(Wording.table(view.table.name)) \(label) was \(words(time))", means: means,
            advice: try wayBack().map {
                "\($0.isAsked ? "whether it stays so is to be decided" : "if that is wrong"): \($0.line); \(look)"
            } ?? look)
    }

    private var label: String {
        view["code"].isNone ? view.id.short : Wording.label(of: view)
    }

    /// For programs.
    var json: JSON {
        [
            "by": .text(by), "at": .moment(at.map { $0 * 1_000_000 }),
            "reason": .optional(decision?.reason), "decision": .optional(decision?.id.text),
        ]
    }
}

extension Desk {
    /// The deleted records that fit what somebody typed: by code, else by the end of the id, else by name. It is asked
    /// only where no living record answers, and looks at those that somebody decided to delete.
    func deleted(_ typed: String, in table: String? = nil) throws -> [RecordView] {
        let replica = try replica()
        let decided = try replica.find(
            Query("decision", where: [.equals("subject_register", .text(deletedRegister))]))
        let gone = try Set(decided.compactMap { $0["subject"].reference }).sorted()
            .compactMap { try replica.view($0) }
            .filter { $0.deletion == .deleted && (table == nil || $0.table.name == table) }
        let typed = typed.trimmed.lowercased()
        let coded = gone.filter { $0["code"].text?.lowercased() == typed }
        guard coded.isEmpty, !typed.isEmpty else { return coded }
        let ended =
            Identifier.end(meantBy: typed).map { end in gone.filter { $0.id.text.hasSuffix(end) } } ?? []
        guard ended.isEmpty else { return ended }
        let named = gone.filter { $0.table.name == "participant" }
            .map { (view: $0, fit: Self.fit(Wording.name(of: $0), typed)) }
        let best = named.map(\.fit).max() ?? 0
        return named.filter { best > 0 && $0.fit == best }.map(\.view)
    }
}
