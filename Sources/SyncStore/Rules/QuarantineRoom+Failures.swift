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

    /// - Parameter needs: all that would have to be released with what was chosen.
    static func inPart(_ needs: Set<Int64>, of chosen: Set<Int64>) -> SyncError {
        SyncError(
            .badValue,
            "what is to be released builds upon what is in quarantine too: \(numbers(needs)) (scope)",
            means: "nothing was released: alone it would be in the records, and nobody would be shown it",
            advice: command("release", needs.union(chosen))
                ?? "release what it needs first, or with it: \(numbers(needs))")
    }

    static func adrift(_ ids: [Int64], of chosen: Set<Int64>) -> SyncError {
        let rest = ids.count < chosen.count ? "; the others can be released without them" : ""
        return SyncError(
            .badValue,
            "\(numbers(Set(ids))) \(ids.count == 1 ? "builds" : "build") upon a record that is not here, nor in "
                + "quarantine (scope)",
            means: "nothing was released: it would be in the records, and nobody would be shown it\(rest)",
            advice:
                "the record was discarded or withdrawn, or it is on a laptop that has not synced since the server "
                + "was restored: then release this once it has; otherwise have it entered again about the right "
                + "record, and discard this one")
    }

    static func leftBehind(
        _ firsts: Set<Int64>, _ dependents: QuarantinedContent.Dependents
    ) -> SyncError {
        let waiting = dependents.waiting
        var parts: [String] = []
        if !waiting.isEmpty { parts.append("\(numbers(Set(waiting))) in quarantine") }
        if dependents.taken > 0 {
            parts.append("\(dependents.taken) that \(dependents.taken == 1 ? "was" : "were") taken already")
        }
        return SyncError(
            .badValue,
            "others build upon what is to be discarded (\(numbers(firsts))): \(parts.joined(separator: ", and "))",
            means:
                "nothing was discarded: without it nobody would be shown what was taken, and what is in quarantine "
                + "could not be released",
            advice: waiting.isEmpty
                ? "release it; or say --alone to discard it all the same"
                : (command("discard", firsts.union(waiting)) ?? "discard those with it")
                    + "; or say --alone to leave them as they are")
    }

    /// So many numbers are named: an answer has room for no more than a few thousand letters.
    private static let named = 20

    /// The command that decides all of them together; `nil` where they are too many to be named.
    private static func command(_ verb: String, _ ids: Set<Int64>) -> String? {
        guard ids.count <= named else { return nil }
        return "\(verb) them together: `quarantine \(verb) "
            + ids.sorted().map(String.init).joined(separator: " ") + "`"
    }

    /// `3, 4 and 7`, and no more than an answer holds.
    private static func numbers(_ ids: Set<Int64>) -> String {
        let shown = ids.sorted().prefix(named).map(String.init)
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
        let rest = ids.count - shown.count
        if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}
