import PeerSupport

/// Who works where: three sites, nine teams, and their staff.
struct Agency {
    /// One member of staff, as far as other rows need them.
    struct Person {
        let code: String
        let site: Int
        let team: String
    }

    private(set) var peers: [Person] = []
    private(set) var providers: [Person] = []
    private(set) var nurses: [Person] = []
    private(set) var supervisors: [Person] = []
    private(set) var referrers: [Person] = []

    static let programs = ["ACT", "PROS", "residential"]

    static func site(_ index: Int) -> String { "S\(index + 1)" }

    static func team(_ program: Int, site: Int) -> String {
        "\(["ACT", "PROS", "RES"][program])\(site + 1)"
    }

    /// Writes the directory.
    init(into files: inout SampleFiles, using dice: inout SplitMix64) {
        for site in 0..<3 {
            let approach = site == 2 ? "housing_first" : "treatment_first"
            files.add(
                "site",
                [
                    "code": Self.site(site), "name": ["Riverside", "Hillcrest", "Northgate"][site],
                    "kind": "residence", "approach": approach, "place_of_service": "12",
                ])
            for program in 0..<3 {
                files.add(
                    "team",
                    [
                        "code": Self.team(program, site: site), "program": Self.programs[program],
                        "name": "\(Self.programs[program]) team \(site + 1)", "site": Self.site(site),
                        "floor": String(program + 1), "proximity": Words.proximities[(program + site) % 3],
                        "proximity_since": "2024-01-01",
                    ])
            }
        }
        supervisors = add("SV", 3, "supervisor", into: &files, &dice)
        peers = add("PS", 12, "peer", into: &files, &dice)
        nurses = add("NU", 9, "nurse", into: &files, &dice)
        providers = add("PP", 36, "primary_provider", into: &files, &dice)
        referrers = add("RF", 100, "referrer", into: &files, &dice)
        _ = add("AD", 1, "administrator", into: &files, &dice)
        _ = add("SY", 1, "sync", into: &files, &dice)
    }

    /// Those of some staff who work at a site.
    static func at(_ site: Int, _ people: [Person]) -> [Person] { people.filter { $0.site == site } }

    private func add(
        _ prefix: String, _ count: Int, _ role: String, into files: inout SampleFiles,
        _ dice: inout SplitMix64
    ) -> [Person] {
        (0..<count).map { index in
            let person = Person(
                code: prefix + Text.padded(index + 1, count > 99 ? 3 : 2), site: index % 3,
                team: Self.team(index / 3 % 3, site: index % 3))
            let name = "\(dice.pick(Phrases.givenNames)) \(dice.pick(Phrases.familyNames))"
            var row = [
                "code": person.code, "name": name, "role": role, "site": Self.site(person.site),
                "team": person.team, "employed_from": "2022-0\(dice.within(1...9))-01",
            ]
            if role == "peer" {
                row["hours_per_week"] = dice.chance(50) ? "20" : "37.5"
                row["credential"] = "Certified peer specialist"
                row["credential_expires"] = "2027-06-30"
                row["required_hours"] = "12"
                row["required_per"] = "week"
                row["supervisor"] = "SV0\(person.site + 1)"
                // Two supervisors at once are ordinary in this work.
                if dice.chance(30) { row["second_supervisor"] = "SV0\((person.site + 1) % 3 + 1)" }
                row["other_teams"] = Self.team((index / 3 + 1) % 3, site: person.site)
            }
            files.add("staff", row)
            return person
        }
    }
}

/// Small texts.
enum Text {
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
