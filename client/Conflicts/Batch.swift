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
        let found = try OpenConflicts(in: replica).all.filter { $0.kind == kind }
            .map { ConflictText($0, at: desk) }
        guard !found.isEmpty else {
            throw SyncError(
                .nothing, "there is no conflict of this kind", means: "nothing was decided",
                advice: "`porchlight conflicts` lists what there is")
        }
        var teller = ChangeTeller(desk)
        // Versions as of the list: what comes in while somebody thinks is not closed by their answer.
        var planned: [(text: ConflictText, choice: Deciding.Choice, token: ReadToken, line: String)] = []
        for text in found {
            let choice = try Resolve.choice(keep, text)
            guard let token = try replica.token(for: text.conflict.view.id) else { continue }
            let line = "\(try text.title(&teller)): \(try Resolve.words(choice, text, &teller))"
            planned.append((text, choice, token, line))
        }
        if !desk.common.json {
            var page = Page()
            page.line("\(Wording.count(planned.count, "conflict")):", .strong)
            for one in planned.prefix(20) { page.line("  \(one.line)") }
            if planned.count > 20 { page.line("  and \(planned.count - 20) more", .faint) }
            desk.screen.err(page.text(coloured: desk.screen.isColoured))
        }
        try desk.confirm(
            "Decide all \(planned.count) so?", yes: yes,
            doubt: SyncError(
                .ambiguous, "\(Wording.count(planned.count, "conflict")) would be decided at once",
                means: "nothing was decided", advice: "add --yes if it is right"))
        var done: [Deciding.Outcome] = []
        var left: [(id: String, why: String)] = []
        for one in planned {
            do {
                done.append(
                    try Deciding(desk: desk, text: one.text, reason: reason).decide(
                        one.choice, token: one.token))
            } catch let error as SyncError {
                left.append((one.text.id, error.what))
            }
        }
        try tell(done, left)
    }

    private func tell(_ done: [Deciding.Outcome], _ left: [(id: String, why: String)]) throws {
        let told = Set(done.flatMap(\.told)).sorted()
        let since = done.flatMap(\.since)
        try desk.show([
            "decided": .list(done.map { .text($0.decision.text) }),
            "left": .list(left.map { ["id": .text($0.id), "reason": .text($0.why)] }), "told": .told(told),
            "since": .list(since.map(\.json)),
        ]) { page in
            page.line("decided: \(Wording.count(done.count, "conflict"))", .good)
            for one in since { try one.write(to: &page, at: desk) }
            page.told(told)
            if let first = done.first?.back.lines.first {
                page.line("Take one back: \(first); `porchlight conflicts export` has all their ids", .faint)
            }
            for one in left { page.line("left: \(one.id): \(one.why)", .warning) }
        }
        guard left.isEmpty else {
            throw SyncError(
                .stale, "\(Wording.count(left.count, "conflict was", "conflicts were")) left undecided",
                means: "all their values are kept", advice: "porchlight conflicts")
        }
    }
}
