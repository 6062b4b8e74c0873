public import SyncModel

/// Peer support, as the engine asks about it.
public struct PeerSupportDomain: Domain {
    /// There is only one, and it holds nothing.
    public init() {}

    /// The tables.
    public var schema: Schema { PeerSupportSchema.schema }

    /// A staff member's role stands in the directory.
    public var roleField: (table: String, field: String) { ("staff", "role") }

    /// The keys an actor's devices receive: peers their caseload, primary providers, nurses and referrers
    /// their teams, supervisors their sites, all of them the directory; administrators and the sync job
    /// everything. All of them also what is addressed to them by name. An unknown role receives nothing.
    public func subscriptions(of actor: Actor, staff: RecordView?) -> [ScopeKey] {
        guard let role = Role(rawValue: actor.role) else { return [] }
        let keys: [ScopeKey] =
            switch role {
            case .administrator, .sync: [Scope.all]
            case .peer: [Scope.caseload(actor.staff), Scope.directory]
            case .primaryProvider, .nurse, .referrer:
                Self.codes(staff, "team", "other_teams").map(Scope.team) + [Scope.directory]
            case .supervisor:
                Self.codes(staff, "site", "other_sites").map(Scope.site) + [Scope.directory]
            }
        let personal = keys.contains(Scope.all) ? [] : [Scope.person(actor.staff)]
        return Set(keys + personal).sorted()
    }

    /// The codes of a staff record: the one it stands in first, and those listed beside it.
    static func codes(_ staff: RecordView?, _ first: String, _ others: String) -> [String] {
        guard let staff else { return [] }
        return [staff[first].text ?? ""].filter { !$0.isEmpty }
            + CodeList.codes(in: staff[others].text ?? "")
    }
}

/// The scope keys of this domain.
public enum Scope {
    /// Everything, for administrators and the sync job.
    public static let all: ScopeKey = "all"
    /// Staff, sites and teams, for everybody.
    public static let directory: ScopeKey = "directory"

    /// A peer's caseload.
    public static func caseload(_ peer: String) -> ScopeKey { "caseload:\(peer)" }

    /// What was addressed to one person, wherever they work.
    public static func person(_ staff: String) -> ScopeKey { "person:\(staff)" }

    /// A team.
    public static func team(_ code: String) -> ScopeKey { "team:\(code)" }

    /// A site.
    public static func site(_ code: String) -> ScopeKey { "site:\(code)" }
}
