import PeerSupport
import SyncModel
import SyncReplica

extension Desk {
    /// Refuses what somebody's role may not record at all, before they are asked anything about it.
    ///
    /// - Throws: ``SyncError`` `notPermitted`.
    func mustRecord(_ table: String) throws {
        let code = try enrolment().role
        // Of a role that is not known here the record's own rules speak.
        guard let role = Role(rawValue: code),
            Permissions.standard.of(role, table: table, register: "what").create == .none
        else { return }
        throw SyncError(
            .notPermitted, "this role does not record \(Labels.aTable(table))", means: "nothing was recorded",
            advice: "ask somebody whose role allows it")
    }

    /// Who of the directory receives what is sent to a team, and of it to a peer who is named: their laptops show it.
    ///
    /// - Returns: staff codes, sorted; `others` are the peers of the team, who see what names them and what is about somebody
    ///   on their caseload.
    func readers(of team: String, _ peer: String?) throws -> (seeing: [String], others: [String]) {
        let domain = PeerSupportDomain()
        let wanted = Set([Scope.team(team)] + (peer.map { [Scope.caseload($0)] } ?? []))
        var seeing: [String] = []
        var others: [String] = []
        for view in try replica().find(.init("staff")) {
            guard let code = view["code"].text, let role = view["role"].text, view.deletion != .deleted else {
                continue
            }
            let keys = domain.subscriptions(of: Actor(staff: code, role: role, device: ""), staff: view)
            if !wanted.isDisjoint(with: keys) {
                seeing.append(code)
            } else if role == Role.peer.rawValue, view["team"].text == team {
                others.append(code)
            }
        }
        return (seeing.sorted(), others.sorted())
    }
}
