import PeerSupport
import SyncModel
import SyncReplica

extension Desk {
    /// The code that somebody typed for a site, a team or a member of staff, as the directory spells it; or for a
    /// participant to have.
    ///
    /// - Parameter person: whose code it is to be, of a participant's.
    /// - Throws: ``SyncError`` `unknownRecord` for one that the directory does not have; `badValue` for somebody who is
    ///   no peer specialist where one is meant, and for a participant's code that is none, is taken, or was somebody
    /// else's.
    func code(_ typed: String, of what: CodeOf, for person: RecordID? = nil) throws -> String {
        switch what {
        case .site: try named(typed, in: "site")["code"].text ?? typed
        case .team: try named(typed, in: "team")["code"].text ?? typed
        case .staff: try staffCode(typed)
        case .peer: try peer(typed)["code"].text ?? typed
        case .participant:
            try ParticipantCode.chosen(
                typed, anewFor: person, at: self,
                advice:
                    "choose another; `porchlight participant renumber` without --to takes the next free one")
        }
    }

    /// The peer specialist of a staff code.
    private func peer(_ typed: String) throws -> RecordView {
        let staff = try named(typed, in: "staff")
        guard staff["role"].text == Role.peer.rawValue else {
            throw SyncError(
                .badValue, "\(Wording.label(of: staff)) is not a peer specialist",
                means: "nothing was recorded",
                advice: "`porchlight staff list` shows the peers")
        }
        return staff
    }
}
