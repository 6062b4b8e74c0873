import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

/// What may be said of a member of staff. There is no field for their health, nor for why they are away.
struct StaffOptions: ParsableArguments {
    @Option(help: "Code of the site.")
    var site: String?

    @Option(help: "Code of the team.")
    var team: String?

    @Option(help: "Their floor.")
    var floor: String?

    @Option(help: "Codes of further sites, with blanks between.")
    var otherSites: String?

    @Option(help: "Codes of further teams, with blanks between.")
    var otherTeams: String?

    @Option(help: "Contracted hours a week.")
    var hours: Double?

    @Option(help: "Certification.")
    var credential: String?

    @Option(help: "Until when it holds, YYYY-MM-DD.")
    var credentialExpires: String?

    @Option(help: "Staff code of the supervisor.")
    var supervisor: String?

    @Option(help: "Staff code of the second supervisor.")
    var secondSupervisor: String?

    @Option(help: "First day away.")
    var awayFrom: String?

    @Option(help: "Last day away.")
    var awayTo: String?

    @Option(help: "Last day employed.")
    var employedTo: String?

    /// Several codes in the directory's spelling: whoever has one that nobody knows sees nothing by it, and is not told so.
    private static func codes(_ typed: String, of what: CodeOf, at desk: Desk) throws -> Value {
        let codes = try CodeList.codes(in: typed).map { try desk.code($0, of: what) }
        return codes.isEmpty ? .none : .text(codes.joined(separator: " "))
    }

    /// The options as fields; what nobody typed is not among them.
    func fill(_ writes: inout Writes, at desk: Desk) throws {
        writes.set("site", try site.map { try desk.named($0, in: "site")["code"] })
        writes.set("team", try team.map { try desk.named($0, in: "team")["code"] })
        writes.set("floor", .typed(floor))
        writes.set("other_sites", try otherSites.map { try Self.codes($0, of: .site, at: desk) })
        writes.set("other_teams", try otherTeams.map { try Self.codes($0, of: .team, at: desk) })
        writes.set("hours_per_week", hours.map { .real($0) })
        writes.set("credential", .typed(credential))
        writes.set("credential_expires", .day(try credentialExpires.map(desk.day)))
        writes.set("supervisor", .typed(try supervisor.map(desk.staffCode)))
        writes.set("second_supervisor", .typed(try secondSupervisor.map(desk.staffCode)))
        writes.set("unavailable_from", .day(try awayFrom.map(desk.day)))
        writes.set("unavailable_to", .day(try awayTo.map(desk.day)))
        writes.set("employed_to", .day(try employedTo.map(desk.day)))
    }
}
