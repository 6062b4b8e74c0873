import PeerSupport
import SyncModel

extension Page {
    /// Says who will have a notice of a decision. Nothing, when it is nobody's but the decider's.
    mutating func told(_ staff: [String]) {
        guard !staff.isEmpty else { return }
        line("\(staff.joined(separator: ", ")) will be told at their next sync", .faint)
    }

    /// How a decision is taken back; or, for whoever may not do that, how it is asked about again.
    mutating func wayBack(_ back: WayBack) {
        if let who = back.who {
            line("\(who.prefix(1).uppercased())\(who.dropFirst()) can take it back.", .faint)
        }
        if back.lines.count > 1 {
            line("It is \(back.lines.count) decisions; all of these belong together:", .faint)
        }
        for line in back.lines { self.line("\(back.label): \(line)", .faint) }
    }
}

/// The command lines that take back what was decided.
struct WayBack {
    let lines: [String]
    /// Whether they only ask for another look: whoever reads them may not write what had stood there before.
    private(set) var asks = false
    /// Who may, where they do.
    private(set) var who: String?

    /// What they do.
    var label: String { asks ? "Ask for another look" : "Take it back" }

    /// Of decisions about values, codes and times, and that two are not one person.
    init(undoing decisions: [RecordID]) {
        lines = decisions.map { "porchlight resolve --undo \($0.short) --reason \"…\"" }
    }

    /// The same for whoever is at this desk. What they may not take back they can ask about again.
    init(undoing decisions: [RecordID], at desk: Desk) {
        let undoing = Undoing(desk: desk)
        self.init(undoing: decisions)
        guard let refused = decisions.first(where: { (try? undoing.isAllowed($0)) == false }) else { return }
        self = WayBack(asking: decisions)
        who = try? undoing.who(refused)
    }

    /// For whoever may not take them back, or where nothing takes them back alone.
    init(asking decisions: [RecordID]) {
        lines = decisions.map { "porchlight reopen \($0.short) --reason \"…\"" }
        asks = true
    }

    /// Of a merge.
    init(unmerging old: RecordID) {
        lines = ["porchlight participant unmerge \(old.short) --reason \"…\""]
    }

    /// Of a merge that was taken back.
    init(merging old: RecordID, into kept: RecordID) {
        lines = ["porchlight participant merge \(old.short) --into \(kept.short) --reason \"…\""]
    }
}

extension JSON {
    /// Staff codes of those who will have a notice of a decision.
    static func told(_ staff: [String]) -> JSON { .list(staff.map { .text($0) }) }
}
