import PeerSupport
import SyncModel
import SyncReplica

/// The attendance of a session, which is void with it and counts again with it.
struct WithSession {
    /// Who recorded it, by staff code: each is told what becomes of the session.
    let authors: [String]
    private let rows: [RecordID]
    private let values: [Value]

    /// What alters with a session's void mark; `nil` of anything else.
    ///
    /// Where the session is void, all that counted of its list is void for the same reason; where it counts, that counts
    /// again which was void for one of the reasons for which the session was. What somebody voided for itself stays void.
    ///
    /// - Parameter values: the mark that is written.
    init?(_ session: RecordView, _ register: String?, _ values: [Value], in replica: Replica) throws {
        guard session.table.name == "session", register == "void" else { return nil }
        let marks = try replica.siblings(session.id, of: "void").map(\.values)
        let isVoid = values.contains { !$0.isNone }
        let list = Query("attendance", where: [.equals("session", .reference(session.id))])
        let altered = try replica.find(list).filter { row in
            guard row.deletion != .deleted, row["voided_at"].isNone == isVoid else { return false }
            if isVoid { return !row.conflicts.contains("void") }
            return try replica.siblings(row.id, of: "void").allSatisfy { marks.contains($0.values) }
        }
        self.values = values
        rows = altered.map(\.id)
        authors = try altered.flatMap { try Voiding.authors(of: $0, in: replica) }
    }

    /// Writes it beside the session's own mark.
    func write(to edit: Edit) throws {
        for row in rows { try edit.write(row, [RegisterWrite("void", values)]) }
    }
}
