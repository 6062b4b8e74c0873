import PeerSupport
import SyncModel
import SyncReplica

/// Decides every conflict of a kind alike, after a look at what it would do.
struct Batch {
    let desk: Desk
    let kind: ConflictKind
    let keep: String

    init(desk: Desk, kind: String, keep: String) throws {
        self.desk = desk
        self.kind = try ConflictKind.named(kind)
        self.keep = keep
    }

    /// Shows how many there are and what would stay, asks, and decides them one by one.
    func run(_ reason: String, yes: Bool) throws {
        let replica = try desk.replica()
        let found = try OpenConflicts(in: replica).all.filter { $0.kind == kind }.map {
            ConflictText($0, at: desk)
        }
        guard !found.isEmpty else {
            throw SyncError(
                .nothing, "there is no conflict of this kind", means: "nothing was decided",
                advice: "`porchlight conflicts` lists what there is")
        }
        var teller = ChangeTeller(desk)
        // Versions as of the list: what comes in while somebody thinks is not closed by their answer.
        var planned: [Planned] = []
        var skipped: [Skipped] = []
        for text in found {
            let choice = try Resolve.choice(keep, text)
            if let left = try whySkipped(text, choice, &teller) {
                skipped.append(left)
                continue
            }
            guard let token = try replica.token(for: text.conflict.view.id) else { continue }
            let words = try Resolve.words(choice, text, &teller)
            let effect = try text.effect(of: choice, &teller)
            planned.append(
                Planned(
                    text: text, choice: choice, token: token,
                    line: "\(try text.title(&teller)): \(words)\(effect.words)", changes: effect.changes,
                    stays: try text.clockLeft().map { "\(try text.title(&teller)): \($0)" }))
        }
        try refuseIfNone(planned, skipped)
        if !desk.common.json { preview(planned, skipped) }
        try desk.confirm(
            "Decide all \(planned.count) so?", yes: yes,
            doubt: SyncError(
                .ambiguous, "\(Wording.count(planned.count, "conflict")) would be decided at once",
                means: "nothing was decided", advice: "add --yes if it is right"))
        // What a sync brought while somebody thought does not arise by their answer.
        let asked = Set(try OpenConflicts(in: replica).all.map(\.name))
        var done: [Deciding.Outcome] = []
        var stays: [String] = []
        var left: [(id: String, why: String)] = []
        for one in planned {
            do {
                done.append(
                    try Deciding(desk: desk, text: one.text, reason: reason).decide(
                        one.choice, token: one.token))
                if let wrong = one.stays { stays.append(wrong) }
            } catch let error as SyncError {
                let whom = error.code == .notPermitted ? "; \(error.advice)" : ""
                left.append((one.text.id, error.what + whom))
            }
        }
        let records = Set(planned.flatMap { $0.text.conflict.concerned })
        let raised = try OpenConflicts(in: replica).all.filter {
            !asked.contains($0.name) && !records.isDisjoint(with: $0.concerned)
        }
        try tell(done, left, raised, skipped, stays)
    }

    /// What is not decided with the others.
    private struct Skipped {
        let text: ConflictText
        let title: String
        /// Whom to ask, where somebody else has to decide it; otherwise `nil`.
        let whom: String?
        /// The command lines that settle it, where none of the others does.
        let ways: String?
        /// Why it cannot be decided so as things stand.
        var why: String?

        var line: String {
            if let why { return "\(title): \(why)" }
            return whom.map { "\(title): not yours to decide so, ask \($0)" }
                ?? "\(title): decided one by one, by \(ways ?? "")"
        }
    }

    /// `nil` of what whoever is at this desk may decide so, and what is a matter of its own.
    private func whySkipped(
        _ text: ConflictText, _ choice: Deciding.Choice, _ teller: inout ChangeTeller
    ) throws -> Skipped? {
        let title = try text.title(&teller)
        if let apart = try text.lookups.onListApart() {
            return Skipped(text: text, title: title, whom: nil, ways: apart.ways)
        }
        if case .side(let side) = choice, let objection = try text.objection(to: side) {
            return Skipped(
                text: text, title: title, whom: nil, ways: objection.advice, why: objection.what)
        }
        let isTheirs =
            switch choice {
            case .side(let side): try text.isTheirs(side)
            case .both, .values: try text.sides().contains(where: text.isTheirs)
            }
        return isTheirs ? nil : Skipped(text: text, title: title, whom: try text.whoDecides(), ways: nil)
    }

    /// - Throws: ``SyncError`` `notPermitted` where somebody else has to decide all of it; `nothing` where all of it is decided
    ///   one by one.
    private func refuseIfNone(_ planned: [Planned], _ skipped: [Skipped]) throws {
        guard planned.isEmpty, !skipped.isEmpty else { return }
        func each(_ texts: [String]) -> [String] {
            texts.enumerated().filter { place, text in !texts[..<place].contains(text) }.map(\.element)
        }
        let ways = each(skipped.compactMap(\.ways))
        let whom = Set(skipped.compactMap(\.whom)).sorted()
        guard !whom.isEmpty else {
            throw SyncError(
                .nothing, "of these each is decided by itself", means: "nothing was decided",
                advice: ways.joined(separator: "; "))
        }
        let foreign = skipped.count { $0.whom != nil }
        let asking = "ask \(whom.joined(separator: "; or of others of them "))"
        throw SyncError(
            .notPermitted, Self.refusal(foreign, of: skipped.count),
            means: "nothing was decided, and all values are kept",
            advice: ([asking] + ways).joined(separator: "; "))
    }

    /// That none of so many conflicts can be decided so, of which some are somebody else's.
    private static func refusal(_ foreign: Int, of all: Int) -> String {
        if all == 1 { return "this conflict is not yours to decide so" }
        if foreign == all { return "none of these \(all) conflicts is yours to decide so" }
        let rest = all - foreign
        return
            "\(foreign) of these \(all) conflicts \(foreign == 1 ? "is" : "are") not yours to decide so, and \(rest) "
            + "\(rest == 1 ? "is" : "are") decided one by one"
    }

    private struct Planned {
        let text: ConflictText
        let choice: Deciding.Choice
        let token: ReadToken
        let line: String
        let changes: Bool
        /// What it says of a time that is wrong and stays so; `nil` where nothing does.
        let stays: String?
    }

    /// What is decided, with what that alters; one letter may mean what is shown in one and something else in another, so
    /// those that it alters come first.
    private func preview(_ planned: [Planned], _ skipped: [Skipped]) {
        var page = Page()
        Self.list(planned, on: &page)
        if !skipped.isEmpty { page.line("\(Wording.count(skipped.count, "conflict")) not among them:") }
        for one in skipped.prefix(Self.most) { page.line("  \(one.line)", .warning) }
        if skipped.count > Self.most { page.line("  and \(skipped.count - Self.most) more", .faint) }
        desk.screen.err(page.text(coloured: desk.screen.isColoured))
    }

    private static func list(_ planned: [Planned], on page: inout Page) {
        let ordered = planned.filter(\.changes) + planned.filter { !$0.changes }
        let stay = planned.count { !$0.changes }
        page.line(
            "\(Wording.count(planned.count, "conflict"))"
                + (stay > 0 ? ", of which \(stay) \(stay == 1 ? "stays" : "stay") as shown" : "") + ":",
            .strong)
        for one in ordered.prefix(Self.most) { page.line("  \(one.line)") }
        if ordered.count > Self.most { page.line("  and \(ordered.count - Self.most) more", .faint) }
    }

    /// So many are listed.
    private static let most = 20

    private func tell(
        _ done: [Deciding.Outcome], _ left: [(id: String, why: String)], _ raised: [Conflict],
        _ skipped: [Skipped], _ stays: [String]
    ) throws {
        let told = Set(done.flatMap(\.told)).sorted()
        let since = done.flatMap(\.since)
        try desk.show([
            "decided": .list(done.map { .text($0.decision.text) }),
            "left": .list(
                (left + skipped.map { (id: $0.text.id, why: $0.line) }).map {
                    ["id": .text($0.id), "reason": .text($0.why)]
                }), "told": .told(told),
            "since": .list(since.map(\.json)), "asked": .list(raised.map { .text($0.name) }),
            "advice": .list(stays.map { .text($0) }),
        ]) { page in
            page.line("decided: \(Wording.count(done.count, "conflict"))", .good)
            for one in stays.prefix(Self.most) { page.line(one, .warning) }
            if stays.count > Self.most { page.line("and \(stays.count - Self.most) more such", .warning) }
            for one in raised { page.asks(one, desk) }
            for one in since { try one.write(to: &page, at: desk) }
            page.told(told)
            if let first = done.first?.back.lines.first {
                page.line("Take one back: \(first); `porchlight conflicts export` has all their ids", .faint)
            }
            for one in left { page.line("left: \(one.id): \(one.why)", .warning) }
            for one in skipped { page.line("left: \(one.text.id): \(one.line)", .warning) }
        }
        guard left.isEmpty else {
            throw SyncError(
                .stale, "\(Wording.count(left.count, "conflict was", "conflicts were")) left undecided",
                means: "all their values are kept", advice: "porchlight conflicts")
        }
    }
}

extension Page {
    /// That a decision has raised another question.
    mutating func asks(_ one: Conflict, _ desk: Desk) {
        let kind = ConflictText(one, at: desk).kind
        line("This asks something else (\(kind)): porchlight conflicts show \(one.name)", .warning)
    }
}
