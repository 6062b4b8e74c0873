import SyncModel

/// What can go wrong when something is decided about quarantine, in words.
extension QuarantineRoom {
    static func missing(_ id: Int64, _ why: String = "there is no such change") -> SyncError {
        SyncError(
            .nothing, "change \(id) is not in quarantine: \(why)", means: "nothing was changed",
            advice: "`quarantine list` shows what is")
    }

    static func unfit(_ id: Int64, _ refusal: Refusal, isTogether: Bool) -> SyncError {
        let advice =
            refusal.code == "scope"
            ? "release the entry it builds upon first, or both in one command"
            : "have it entered again, and discard this one"
        return SyncError(
            .badValue, "change \(id) cannot be released: \(refusal.reason) (\(refusal.code))",
            means: "nothing was released"
                + (isTogether ? "; what was entered together is released together or not at all" : "")
                + ", and everything is still in quarantine",
            advice: advice)
    }

    static func inPart(_ id: Int64, _ needs: [Int64], of chosen: Set<Int64>) -> SyncError {
        let whole = Set(needs).union(chosen).sorted()
        return SyncError(
            .badValue,
            "change \(id) builds upon what is in quarantine too: \(Self.numbers(needs)) (scope)",
            means: "nothing was released: alone it would be in the records, and nobody would be shown it",
            advice:
                "release them together: `quarantine release \(whole.map(String.init).joined(separator: " "))`"
        )
    }

    static func adrift(_ id: Int64) -> SyncError {
        SyncError(
            .badValue,
            "change \(id) builds upon a record that is not here, nor in quarantine (scope)",
            means: "nothing was released: it would be in the records, and nobody would be shown it",
            advice:
                "the record was discarded or withdrawn, or it is on a laptop that has not synced since the server "
                + "was restored: then release this once it has; otherwise have it entered again about the right "
                + "record, and discard this one")
    }

    static func leftBehind(
        _ firsts: Set<Int64>, _ dependents: QuarantinedContent.Dependents
    ) -> SyncError {
        let waiting = dependents.waiting
        let named = firsts.sorted().map(String.init).joined(separator: " ")
        let together = firsts.union(waiting).sorted().map(String.init).joined(separator: " ")
        var parts: [String] = []
        if !waiting.isEmpty { parts.append("\(Self.numbers(waiting)) in quarantine") }
        if dependents.taken > 0 {
            parts.append("\(dependents.taken) that \(dependents.taken == 1 ? "was" : "were") taken already")
        }
        return SyncError(
            .badValue,
            "others build upon what is to be discarded (\(named)): \(parts.joined(separator: ", and "))",
            means:
                "nothing was discarded: without it nobody would be shown what was taken, and what is in quarantine "
                + "could not be released",
            advice: waiting.isEmpty
                ? "release it; or say --alone to discard it all the same"
                : "discard them together: `quarantine discard \(together)`; or say --alone to leave them as they are"
        )
    }

    /// `3, 4 and 7`, and no more than a line holds.
    private static func numbers(_ ids: [Int64]) -> String {
        let shown = ids.prefix(20).map(String.init)
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
        let rest = ids.count - shown.count
        if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}
