import SyncModel

extension Desk {
    /// Asks before going on. Where nobody can answer, the safe answer is no.
    ///
    /// - Parameters:
    ///   - question: One sentence with a question mark.
    ///   - yes: Whether the answer was given beforehand, by `--yes`.
    ///   - doubt: What is doubtful, in words for somebody who was not asked; its code decides how it ends.
    /// - Throws: `doubt`, when the answer is no, or nobody is there to give one.
    func confirm(_ question: String, yes: Bool, doubt: SyncError) throws {
        if yes { return }
        var doubt = doubt
        guard screen.isInteractive, !common.json else {
            if doubt.means.isEmpty { doubt.means = "nothing was recorded" }
            if doubt.advice.isEmpty { doubt.advice = "add --yes if it is right" }
            throw doubt
        }
        for _ in 0..<3 {
            screen.err(TextWidth.safe(question) + " [y/N] ")
            switch screen.answer()?.lowercased().filter({ !$0.isWhitespace }) {
            case "y", "yes": return
            case "n", "no", "", nil:
                throw SyncError(doubt.code, "you answered no", means: "nothing was recorded")
            default: continue
            }
        }
        throw SyncError(doubt.code, "no answer was understood", means: "nothing was recorded")
    }
}
