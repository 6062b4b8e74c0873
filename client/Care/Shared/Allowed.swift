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

    /// Who of the directory receives what is sent to a team about somebody, and of it to a peer who is named: their laptops
    /// show it. So do those of the peers of that team who have the person already.
    ///
    /// - Returns: staff codes, sorted; `others` are the other peers of the team, who see what names them and what is about
    ///   somebody on their caseload.
    func readers(of team: String, _ peer: String?, about person: RecordID) throws -> (
        seeing: [String], others: [String]
    ) {
        let domain = PeerSupportDomain()
        let holding = try holders(of: person)
        let wanted = Set([Scope.team(team)] + (peer.map { [Scope.caseload($0)] } ?? []))
        var seeing: [String] = []
        var others: [String] = []
        for view in try replica().find(.init("staff")) {
            guard let code = view["code"].text, let role = view["role"].text, view.deletion != .deleted else {
                continue
            }
            let keys = domain.subscriptions(of: Actor(staff: code, role: role, device: ""), staff: view)
            let isPeer = role == Role.peer.rawValue && view["team"].text == team
            if !wanted.isDisjoint(with: keys) || isPeer && holding.contains(code) {
                seeing.append(code)
            } else if isPeer {
                others.append(code)
            }
        }
        return (seeing.sorted(), others.sorted())
    }

    /// On whose caseload somebody is, and who was sent a referral about them that is not over: staff codes.
    private func holders(of person: RecordID) throws -> Set<String> {
        let assigned = try replica().find(Query.openAssignments(of: person)).compactMap {
            Assignment($0)?.peer
        }
        let asked = try replica().find(Query("referral", where: [.equals("participant", .reference(person))]))
            .compactMap { view -> String? in
                guard let referral = Referral(view), referral.status != .new, !referral.status.isFinal else {
                    return nil
                }
                return view["to_peer"].text
            }
        return Set(assigned + asked)
    }
}
