import PeerSupport
import SyncModel
import SyncReplica

/// What the words of a conflict are made of beside the conflict itself, each looked up once for all of its sides. It is
/// as it was when somebody was asked.
final class ConflictLookups {
    private let conflict: Conflict
    private let subject: RecordID
    private let desk: Desk
    private var decided: [Decision]?
    private var visit: [RecordView]?
    private var several: Bool?

    /// - Parameter subject: the record about which is decided.
    init(_ conflict: Conflict, about subject: RecordID, at desk: Desk) {
        self.conflict = conflict
        self.subject = subject
        self.desk = desk
    }

    /// The decisions about the record, the oldest first.
    func decisions() throws -> [Decision] {
        if let decided { return decided }
        let found = try OpenConflicts.decisions(in: desk.replica(), about: [subject])
        decided = found
        return found
    }

    /// Every check-in about the visit that the one of this conflict is about, as they are shown: from the one that nothing
    /// here corrects, all that correct it, and so on.
    func family() throws -> [RecordView] {
        if let visit { return visit }
        let replica = try desk.replica()
        var seen: Set<RecordID> = [conflict.view.id]
        var root = conflict.view.id
        while let corrected = try replica.view(root)?["amends"].reference, seen.insert(corrected).inserted {
            root = corrected
        }
        var found = try [replica.view(root)].compactMap { $0 }
        var next = [root]
        seen = [root]
        while let id = next.popLast() {
            let corrections = try replica.find(Query("check_in", where: [.equals("amends", .reference(id))]))
            for one in corrections where seen.insert(one.id).inserted {
                found.append(one)
                next.append(one.id)
            }
        }
        found.sort { $0.id < $1.id }
        visit = found
        return found
    }

    /// Whether the decision that this conflict is about was about which of several check-ins stays.
    func isAboutSeveral(_ decision: Decision) throws -> Bool {
        if let several { return several }
        let found =
            try decision.other != nil
            || OpenConflicts.decisions(in: desk.replica(), naming: decision.subject)
                .contains { $0.register == "void" && $0.isOneAct(with: decision) }
        several = found
        return found
    }
}
