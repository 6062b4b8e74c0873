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
    private var apart: OnListApart??
    private var made: [RecordID: LiveChange] = [:]
    private var written: RecordID??

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

    /// Of whether an answer on a session's list is void, what people kept apart of the same; `nil` of anything else.
    func onListApart() throws -> OnListApart? {
        if let apart { return apart }
        let found = try OnListApart(conflict, in: desk.replica())
        apart = .some(found)
        return found
    }

    /// Of somebody who was deleted, the record about them that somebody made who did not know of that; `nil` of anything else.
    func writtenAbout() throws -> RecordID? {
        if let written { return written }
        let found = try Origins.written(about: conflict, in: desk.replica())
        written = .some(found)
        return found
    }

    /// The change with which somebody added a participant, where it is known here and still stands; otherwise what gave the code.
    func making(_ view: RecordView) throws -> LiveChange? {
        if let made = made[view.id] { return made }
        let replica = try desk.replica()
        let live = try replica.state(view.id)?.live ?? []
        let first = try replica.history(view.id).first { entry in
            entry.writes.contains { $0.register == "identity" }
        }
        let found = live.first { $0.dot == first?.dot } ?? live.first { $0.values(of: "identity") != nil }
        made[view.id] = found
        return found
    }

    /// Every check-in about the visit that the one of this conflict is about, as they are shown.
    func family() throws -> [RecordView] {
        if let visit { return visit }
        let found = try desk.replica().visit(of: conflict.view.id)
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

extension Replica {
    /// Every check-in about the visit that one of them is about, as they are shown, sorted by id: from the one that corrects
    /// nothing, all that correct it, and so on.
    func visit(of checkIn: RecordID) throws -> [RecordView] {
        var seen: Set<RecordID> = [checkIn]
        var root = checkIn
        while let corrected = try view(root)?["amends"].reference, seen.insert(corrected).inserted {
            root = corrected
        }
        var found = try [view(root)].compactMap { $0 }
        var next = [root]
        seen = [root]
        while let id = next.popLast() {
            for one in try find(Query("check_in", where: [.equals("amends", .reference(id))]))
            where seen.insert(one.id).inserted {
                found.append(one)
                next.append(one.id)
            }
        }
        return found.sorted { $0.id < $1.id }
    }
}
