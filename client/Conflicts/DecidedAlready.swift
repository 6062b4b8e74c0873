import PeerSupport
import SyncModel
import SyncReplica

/// What is said to whoever decides, or looks up, what is not asked any more.
extension Desk {
    /// Nothing of that name is to be decided: who has decided it, and how it is asked about again.
    ///
    /// - Parameter open: everything that has to be decided.
    func noConflict(_ view: RecordView, _ topic: String, _ open: [Conflict]) throws -> SyncError {
        if let gone = try Deleted(view, at: self) {
            var error = try gone.error(
                time, means: "nothing about it waits for a decision, and nothing was changed")
            error.code = .nothing
            return error
        }
        if let last = try lastDecision(view, topic) {
            let again =
                last.closedBy == nil
                ? "if it is wrong: porchlight reopen \(last.id.short) --reason \"…\""
                : "it was decided anew since, and that is not on this laptop: ask your administrator"
            let asking = open.first { $0.asks(last) }
            return SyncError(
                .nothing, "already decided by \(last.by) \(time.ago(last.at))", means: "nothing was changed",
                advice: asking.map { "it is open again: porchlight conflicts show \($0.name)" } ?? again)
        }
        let mine = open.filter { $0.view.id == view.id }
        return SyncError(
            .nothing, "there is nothing to decide there",
            means: mine.isEmpty
                ? "nothing in this record waits for a decision"
                : "what waits in this record: \(mine.map(\.name).joined(separator: ", "))",
            advice: "`porchlight conflicts` lists everything that waits")
    }

    /// Who decided last about what a conflict had asked, and when: `SU02 today 08:41`.
    func decided(_ conflict: Conflict) throws -> String? {
        try lastDecision(conflict.view, conflict.topic).map { "\($0.by) \(time.ago($0.at))" }
    }

    /// The last word about what a conflict of this name would ask.
    private func lastDecision(_ view: RecordView, _ topic: String) throws -> Decision? {
        let all = try decisions(view, topic)
        // What stands: a decision that was decided anew, or that takes one back, is not the last word.
        let chains = DecisionChains(all)
        return all.last { $0.kind != .undo && !chains.isClosed($0) } ?? all.last
    }

    /// The decisions about what a conflict of this name would ask, the oldest first; about anything in the record where the
    /// name says no more than the record.
    private func decisions(_ view: RecordView, _ topic: String) throws -> [Decision] {
        let replica = try replica()
        let about = try OpenConflicts.decisions(in: replica, about: [view.id])
        let rest = topic.split(separator: "-").last.map(String.init) ?? ""
        switch topic {
        case "": return about
        case "amendments":
            // Each check-in about the visit that is void or counts by it has a decision of its own.
            let visit = try replica.visit(of: view.id).map(\.id)
            return try OpenConflicts.decisions(in: replica, about: visit).filter {
                $0.register == "void" && !$0.isPlain
            }
        case "merged":
            // Whichever merge of a ring was taken back, those that are left lead on to the others.
            let ring = try Merged(in: replica).all(of: view.id)
            return try OpenConflicts.decisions(in: replica, about: ring).filter { $0.kind == .unmerge }
        case "merged-into": return about.filter { $0.register == "redirect" || $0.kind == .unmerge }
        case _ where topic.hasPrefix("clock-"):
            return about.filter { one in
                one.register.map { ConflictFinder.isClockTopic($0) && $0.hasSuffix(":\(rest)") } ?? false
            }
        case _ where topic.hasPrefix("late-"):
            return try OpenConflicts.decisions(in: replica, naming: view.id).filter { $0.register == rest }
        case _ where topic.hasPrefix("same-as-"):
            let both = try about + OpenConflicts.decisions(in: replica, naming: view.id)
            let found = both.filter { one in
                one.saysOne != nil && [one.subject, one.other].contains { $0?.short == rest }
            }
            return DecisionChains(found).all
        case _ where topic.hasPrefix("contested-"):
            guard let asked = about.first(where: { $0.id.short == rest }) else { return [] }
            let pair = [asked.subject, asked.other].compactMap { $0 }
            return try OpenConflicts.chains(in: replica, about: pair).closer(of: asked).map { [$0] } ?? []
        default: return about.filter { $0.register == topic }
        }
    }
}
