import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ConflictsReview: Verb {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Go through the conflicts one after the other, with single keys.",
        discussion: """
            The letter of a value keeps it; e opens $EDITOR; s leaves one for later; q ends. A reason is asked for twice; \
            without one it is left undecided, and goes on after the return key. What was decided stays \
            decided, and the next review goes on with what is left.

            Example: porchlight conflicts review
            """)

    @Option(help: "Only of this kind.")
    var kind: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        guard desk.screen.isInteractive, !common.json else {
            throw SyncError(
                .nothing, "a review needs somebody at a terminal", means: "nothing was decided",
                advice: "`porchlight conflicts` lists them, and `porchlight resolve` decides one")
        }
        let wanted = try kind.map { try ConflictKind.named($0) }
        let replica = try desk.replica()
        var skipped: Set<String> = []
        var decided = 0
        // Looked up anew each time: a sync may have brought something in between, and a decision may close two.
        while let next = try OpenConflicts(in: replica).all.lazy
            .filter({ wanted == nil || $0.kind == wanted })
            .map({ ConflictText($0, at: desk) }).first(where: { !skipped.contains($0.id) })
        {
            var whole = next
            whole.isWhole = true
            switch try Turn(desk: desk, text: whole).take() {
            case .decided: decided += 1
            case .left: skipped.insert(next.id)
            case .quit:
                try tell(decided, wanted, desk)
                return
            }
        }
        try tell(decided, wanted, desk)
    }

    private func tell(_ decided: Int, _ kind: ConflictKind?, _ desk: Desk) throws {
        let left = try OpenConflicts(in: try desk.replica()).all.count { kind == nil || $0.kind == kind }
        desk.show(["decided": .count(decided), "left": .count(left)]) { page in
            page.line("decided: \(decided), left: \(left)", .good)
        }
    }

    /// One conflict in front of somebody.
    private struct Turn {
        enum End { case decided, left, quit }

        let desk: Desk
        let text: ConflictText

        func take() throws -> End {
            guard let token = try desk.replica().token(for: text.conflict.view.id) else { return .left }
            ConflictText.remember([text], at: desk)
            // A key that was pressed while another one stood there is no answer to this.
            desk.screen.forgetKeys()
            var page = Page()
            var teller = ChangeTeller(desk)
            page.line()
            try text.write(to: &page, &teller)
            try ConflictsShow.compare(text, on: &page, desk.time, &teller)
            try text.details(on: &page)
            try text.quarrel(on: &page)
            try text.refused(on: &page)
            desk.screen.err(page.text(coloured: desk.screen.isColoured))
            let theirs = try text.theirLetters()
            let letters = theirs.filter(text.possible.contains).map { $0.lowercased() }
            let keep = letters.isEmpty ? "" : "keep \(letters.joined(separator: "/")), "
            // Who may choose neither of two may not part them either.
            let parts = text.conflict.kind == .duplicate && !theirs.isEmpty
            let extra = parts ? "t two people, " : ""
            let edits = text.takesValues && !theirs.isEmpty
            let edit = edits ? "e edit, " : ""
            while true {
                desk.screen.err("\(keep)\(extra)\(edit)s leave, q quit: ")
                guard let key = desk.screen.key(), key != "\u{4}" else { return .quit }
                desk.screen.err("\(key)\n")
                switch String(key).lowercased() {
                case "q": return .quit
                case "s": return .left
                case "e" where edits:
                    return try attempt(token) { .values(try ThreeWay(text: text, desk: desk).edited()) }
                case "t" where parts: return try attempt(token) { .both }
                case let letter where letters.contains(letter):
                    return try attempt(token) { try Resolve.choice(letter, text) }
                default: continue
                }
            }
        }

        /// Why, as it is typed; `nil` when nothing was typed twice. Whoever is late with their reason must not have it taken
        /// for keys that decide the next conflict, so it goes on only after the return key.
        private func reason() -> String? {
            for question in ["why? ", "A decision needs a reason. why? "] {
                desk.screen.err(question)
                guard let typed = desk.screen.answer() else { break }
                if !typed.trimmed.isEmpty { return typed.trimmed }
            }
            desk.screen.err("left undecided: a decision needs a reason\nReturn goes on: ")
            _ = desk.screen.answer()
            return nil
        }

        /// Asks why, and decides. What goes wrong is said, and the conflict left.
        private func attempt(_ token: ReadToken, _ choice: () throws -> Deciding.Choice) throws -> End {
            do {
                let choice = try choice()
                guard let reason = reason() else { return .left }
                let outcome = try Deciding(desk: desk, text: text, reason: reason)
                    .decide(choice, token: token)
                var page = Page()
                page.line("decided (\(outcome.decision.short)): \(outcome.kept)", .good)
                for since in outcome.since { try since.write(to: &page, at: desk) }
                page.wayBack(outcome.back)
                desk.screen.err(page.text(coloured: desk.screen.isColoured))
                return .decided
            } catch let error as SyncError {
                desk.screen.err("left undecided: \(TextWidth.safe(error.what))\n")
                return .left
            }
        }
    }
}
