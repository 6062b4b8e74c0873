import PeerSupport
import SyncModel
import SyncReplica

/// Somebody's answers on one session's list of which people who decided apart each kept another one. Whether one of them is
/// void is asked of each, but it is one matter: which of them stays, and one verb settles it.
struct OnListApart {
    private let roll: SessionRoll
    private let person: SessionRoll.Twice
    private let record: RecordID

    /// `nil` of anything else.
    init?(_ conflict: Conflict, in replica: Replica) throws {
        guard conflict.register == "void", let row = Attendance(conflict.view),
            let session = try replica.view(row.session)
        else { return nil }
        roll = try SessionRoll(of: session, People(replica), in: replica)
        record = row.id
        guard let found = roll.apart.first(where: { $0.lines.contains { $0.line.row.id == row.id } }) else {
            return nil
        }
        person = found
    }

    /// `no show (SV01), and beside it attended (PS07, kept by AD01)`
    var words: String {
        let own = person.lines.filter { $0.line.row.id == record }
        let others = person.lines.filter { $0.line.row.id != record }
        func said(_ lines: [(line: SessionRoll.Line, author: String)]) -> String {
            lines.map { "\($0.line.row.status.spaced) (\($0.author))" }.joined(separator: ", ")
        }
        return "\(said(own)), and beside it \(said(others))"
    }

    /// The command lines, each of which settles all of it.
    var ways: String { roll.ways(of: person).joined(separator: ", or ") }
}
