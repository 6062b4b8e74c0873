import PeerSupport

/// Makes an agency and its year from a seed. The same options give the same bytes.
struct Generator {
    /// What to make.
    struct Options {
        var seed: UInt64
        var participants = 2_000
        /// Multiplies how much is recorded of each participant.
        var scale = 1.0
        /// The last day of the year.
        var until: CivilDate
    }

    /// One participant, as far as other rows need them.
    struct Person {
        let index: Int
        let code: String
        let site: Int
        let team: String
        let peer: Agency.Person
        let joined: CivilDate
    }

    let options: Options
    var dice: SplitMix64
    var files = SampleFiles()
    let agency: Agency
    var keys: [String: Int] = [:]

    init(_ options: Options) {
        self.options = options
        dice = SplitMix64(seed: options.seed)
        agency = Agency(into: &files, using: &dice)
    }

    /// Makes everything.
    static func run(_ options: Options) -> SampleFiles {
        var generator = Generator(options)
        let people = (0..<options.participants).compactMap { generator.participant($0) }
        for person in people {
            generator.checkIns(of: person)
            generator.referrals(of: person)
            generator.occasions(of: person)
        }
        generator.groups(people)
        generator.supervision()
        return generator.files
    }

    var firstDay: CivilDate { options.until.adding(days: -363) }

    /// The key of the next row of a table.
    mutating func key(_ prefix: String) -> String {
        keys[prefix, default: 0] += 1
        return prefix + Text.padded(keys[prefix] ?? 0, 6)
    }

    /// A moment on a day within working hours, on a five-minute mark. The agency lies five hours behind UTC.
    mutating func moment(_ day: CivilDate) -> Int64 {
        day.days * 86_400 + 14 * 3600 + Int64(dice.below(96)) * 300
    }

    /// Moves a weekend's day to the Monday after it.
    func workday(_ day: CivilDate) -> CivilDate {
        switch day.weekday {
        case .saturday: day.adding(days: 2)
        case .sunday: day.adding(days: 1)
        default: day
        }
    }

    private mutating func participant(_ index: Int) -> Person? {
        let site = index % 3
        let peers = Agency.at(site, agency.peers)
        guard let fallback = peers.first else { return nil }
        let peer = dice.pick(peers, or: fallback)
        let team = Agency.team(dice.below(3), site: site)
        let providers = Agency.at(site, agency.providers).filter { $0.team == team }
        let provider = dice.pick(providers.map(\.code))
        // Two thirds were here before the year began.
        let joined = dice.chance(66) ? firstDay : firstDay.adding(days: Int64(dice.below(300)))
        let code = "P" + Text.padded(index + 1, 4)
        var row = [
            "code": code, "preferred_name": dice.pick(Phrases.givenNames),
            "family_name": dice.pick(Phrases.familyNames), "birth_year": String(dice.within(1948...2004)),
            "site": Agency.site(site), "team": team,
            "residence": "\(dice.pick(Phrases.houses)), apartment \(dice.within(1...60))",
            "best_way": dice.pick(["call", "text", "knock", "ask at the front desk"]), "standing": "active",
            "standing_since": joined.text, "primary_provider": provider,
            "focus": dice.pick(Phrases.focus), "focus_set_by": provider, "focus_set_on": joined.text,
            "goals": dice.pick(Phrases.goals), "goals_set_by": provider, "goals_set_on": joined.text,
            "consent": "yes", "consent_on": joined.text, "part2": dice.chance(15) ? "yes" : "no",
            "recorded_by": provider, "recorded_at": Instant.text(moment(workday(joined))),
        ]
        if dice.chance(70) { row["phone"] = "555-01" + Text.padded(dice.below(100), 2) }
        files.add("participant", row)
        let person = Person(
            index: index, code: code, site: site, team: team, peer: peer, joined: joined)
        assign(person, peers)
        return person
    }

    /// One open assignment each; some had another peer before.
    private mutating func assign(_ person: Person, _ peers: [Agency.Person]) {
        var from = person.joined
        if dice.chance(15), let before = peers.first(where: { $0.code != person.peer.code }) {
            let moved = person.joined.adding(days: Int64(dice.within(20...60)))
            if moved < options.until {
                add(person, before.code, from, to: moved)
                from = moved
            }
        }
        add(person, person.peer.code, from, to: nil)
    }

    private mutating func add(_ person: Person, _ peer: String, _ from: CivilDate, to: CivilDate?) {
        let basis = dice.pick(["referral", "referral", "own", "team_decision"])
        files.add(
            "assignment",
            [
                "key": key("AS"), "participant_code": person.code, "peer": peer, "basis": basis,
                "decided_by": basis == "team_decision" ? "Team meeting" : "", "from_date": from.text,
                "to_date": to?.text ?? "",
            ])
    }
}
