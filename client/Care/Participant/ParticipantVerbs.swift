import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

/// `porchlight participant …`
struct ParticipantVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "participant",
        abstract: "Participants: add, edit, show, list; one person with two records.",
        subcommands: [
            ParticipantAdd.self, ParticipantEdit.self, ParticipantShow.self, ParticipantList.self,
            ParticipantMerge.self, ParticipantUnmerge.self, ParticipantRenumber.self,
        ])
}

/// What may be said of a participant, when one is added and later.
struct ParticipantOptions: ParsableArguments {
    @Option(help: "Family name.")
    var family: String?

    @Option(help: "Year of birth.")
    var born: Int?

    @Option(help: "Code of the site; otherwise your own.")
    var site: String?

    @Option(help: "Code of the team; otherwise your own.")
    var team: String?

    @Option(help: "Where they live, in words.")
    var residence: String?

    @Option(help: "Telephone number.")
    var phone: String?

    @Option(help: "How they like to be reached.")
    var bestWay: String?

    @Option(help: "active, waiting, inactive or left.")
    var standing: String?

    @Option(help: "Staff code of the primary provider, never a peer.")
    var primaryProvider: String?

    @Option(help: "Whether they agreed: yes, no or not_asked.")
    var consent: String?

    @Option(help: "What the peer should work on (primary providers).")
    var focus: String?

    @Option(help: "Their goals (primary providers).")
    var goals: String?

    @Flag(inversion: .prefixedNo, help: "Whether 42 CFR Part 2 covers them.")
    var part2: Bool?
}

extension Desk {
    /// What the options say, as fields. What nobody typed is not among them.
    func fields(_ options: ParticipantOptions, into writes: inout Writes) throws {
        let me = try enrolment().staff
        let today = Value.day(time.today)
        writes.set("family_name", .typed(options.family))
        writes.set("birth_year", .number(options.born))
        if let site = options.site { writes.set("site", .text(try code(site, of: .site))) }
        if let team = options.team {
            writes.set("team", team.trimmed.isEmpty ? Value.none : .text(try code(team, of: .team)))
        }
        writes.set("residence", .typed(options.residence))
        writes.set("phone", .typed(options.phone))
        writes.set("best_way", .typed(options.bestWay))
        if let standing = try Value.word(options.standing, of: Words.standings, called: "standing") {
            writes.set("standing", standing)
            writes.set("standing_since", today)
        }
        if let provider = options.primaryProvider {
            writes.set("primary_provider", .typed(provider.isEmpty ? "" : try code(provider, of: .staff)))
        }
        if let consent = try Value.word(options.consent, of: Words.consents, called: "consent") {
            writes.set("consent", consent)
            writes.set("consent_on", today)
        }
        for (name, text) in [("focus", options.focus), ("goals", options.goals)] {
            guard let text = Value.typed(text) else { continue }
            writes.set(name, text)
            writes.set("\(name)_set_by", .text(me))
            writes.set("\(name)_set_on", today)
        }
        if let part2 = options.part2 { writes.set("part2", .integer(part2 ? 1 : 0)) }
    }
}
