import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What the register says of questions that several people decided apart, and that somebody decides anew.
@Suite("The register of what was decided apart") struct RegisterApartTests {
    /// Of each row with a reason the decisions that it answers.
    private func answers(_ rows: [RegisterRow], _ reason: String) -> [Set<String>] {
        rows.filter { $0["reason"] == reason }.map { row in
            Set(row["answers"].split(separator: " | ").map(String.init))
        }
    }

    /// Whether there are rows with a reason, and each of them answers all of these.
    private func each(_ rows: [RegisterRow], _ reason: String, _ all: Set<String>) -> Bool {
        let found = answers(rows, reason)
        return !found.isEmpty && found.allSatisfy { $0 == all }
    }

    /// A check-in that PS07 corrected on two laptops apart. All have it.
    private func corrected(_ deciders: [(code: String, role: String)]) async throws -> ApartDesks {
        let desks = try await ApartDesks([("PS07", "peer"), ("PS07", "peer")] + deciders)
        let visit = try await desks.visited()
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the pharmacy", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "y")
        try await desks.meet()
        return desks
    }

    @Test(arguments: [["A", "B"], ["A", "A", "B"], ["A", "B", "B"], ["B", "A", "B"]])
    func `of corrections every decision that one decides anew is named, and nothing else to choose from`(
        letters: [String]
    ) async throws {
        for keep in ["A", "B"] {
            let staff = [("AD01", "administrator"), ("SV01", "supervisor"), ("AD02", "administrator")]
            let desks = try await corrected(
                Array(staff.prefix(letters.count)).map { (code: $0.0, role: $0.1) })
            let original = try #require(
                try desks[0].replica.find(Query("check_in", where: [.isNone("amends")])).first)
            for (place, letter) in letters.enumerated() {
                let decider = desks[2 + place]
                try decider.said(
                    "resolve", decider.name(.amendments), "--keep", letter, "--reason", "first \(place)")
            }
            try await desks.meet()
            #expect(try desks[2].kinds == [.amendments])
            let last = desks[2]
            let told = try last.said("resolve", last.name(.amendments), "--keep", keep, "--reason", "anew")
            try await desks.meet()
            for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
            let rows = try last.register()
            let first = Set(rows.filter { $0["reason"].hasPrefix("first") }.map { $0["decision_id"] })
            // Each check-in has a decision of its own, and each of these its own part.
            let anew = answers(rows, "anew")
            #expect(Set(anew.joined()) == first, "\(letters) \(keep)\n\(rows)")
            for place in letters.indices { #expect(each(rows, "first \(place)", [])) }
            #expect(Set(rows.map { $0["question_id"] }).count == 1)
            let choices = rows.filter { $0["before"].contains("to choose from") }
            #expect(choices.count >= letters.count + 1, "\(rows)")
            for row in choices {
                #expect(!row["before"].contains("check-in \(original.id.short)"), "\(row)")
                let choice = row["before"].split(separator: "to choose from: ").last
                #expect(choice?.split(separator: " | ").count == 2, "\(row)")
            }
            // Everybody else who had decided is told.
            for (place, letter) in letters.enumerated().dropFirst() where letter != keep {
                #expect(told.contains(staff[place].0), "\(letters) \(keep): \(told)")
            }
        }
    }

    @Test(arguments: [["both", "A"], ["A", "both", "both"], ["both", "B", "both"], ["both", "A", "A"]])
    func `of two records every decision that one decides anew is named`(letters: [String]) async throws {
        for keep in ["A", "B", "both"] {
            let staff = [("AD01", "administrator"), ("SV01", "supervisor"), ("AD02", "administrator")]
            let desks = try await ApartDesks(
                Array(staff.prefix(letters.count)).map { (code: $0.0, role: $0.1) })
            try desks[0].said(
                "participant", "add", "Zoe", "--family", "West", "--code", "P0900", "--site", "S1", "--yes")
            try desks[1].said(
                "participant", "add", "Zoey", "--family", "West", "--code", "P0900", "--site", "S1", "--yes")
            try await desks.meet()
            for (place, letter) in letters.enumerated() {
                let decider = desks[place]
                try decider.said(
                    "resolve", decider.name(.duplicate), "--keep", letter, "--reason", "first \(place)")
            }
            try await desks.meet()
            #expect(try desks[0].kinds == [.duplicate], "\(letters)")
            try desks[0].said("resolve", desks[0].name(.duplicate), "--keep", keep, "--reason", "anew")
            try await desks.meet()
            for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
            let rows = try desks[0].register()
            let first = Set(rows.filter { $0["reason"].hasPrefix("first") }.map { $0["decision_id"] })
            #expect(each(rows, "anew", first), "\(letters) \(keep)\n\(rows)")
            #expect(Set(rows.map { $0["question_id"] }).count == 1)
        }
    }

    /// Two telephone numbers, of which each of two keeps another one; then both decide anew, apart again.
    @Test func `of two who decide the same anew apart each has all before it`() async throws {
        let desks = try await ApartDesks([
            (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
            (code: "AD02", role: "administrator"),
        ])
        try desks[0].said("participant", "edit", "P0142", "--phone", "212-555-0101")
        try desks[1].said("participant", "edit", "P0142", "--phone", "212-555-0102")
        try await desks.meet()
        var last: Set<String> = []
        for round in 0..<3 {
            for (place, letter) in ["A", "B"].enumerated() {
                try desks[place].said(
                    "resolve", desks[place].name(.values), "--keep", letter, "--reason", "\(round) \(place)")
            }
            try await desks.meet()
            let rows = try desks[2].register()
            for place in 0..<2 { #expect(each(rows, "\(round) \(place)", last), "\(rows)") }
            last = Set(rows.filter { $0["reason"].hasPrefix("\(round) ") }.map { $0["decision_id"] })
            #expect(last.count == 2)
        }
    }

    /// A check-in that SV01 voided and PS07, not knowing of it, corrected; decided apart, and anew apart.
    @Test func `of two who say anew apart whether a visit counts each has all before it`() async throws {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"),
        ])
        let visit = try await desks.visited()
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "x")
        try desks[1].said("checkin", "void", visit.text, "--reason", "not so")
        try await desks.meet()
        // That SV01 voided it is decided anew by either.
        var last = Set(try desks[2].decisions("not so").map(\.id.text))
        #expect(last.count == 1)
        for round in 0..<3 {
            for (place, letter) in ["A", "B"].enumerated() {
                let decider = desks[1 + place]
                try decider.said(
                    "resolve", decider.name(.void), "--keep", letter, "--reason", "\(round) \(place)")
            }
            try await desks.meet()
            let rows = try desks[2].register().filter { $0["record"] == visit.text }
            for place in 0..<2 { #expect(each(rows, "\(round) \(place)", last), "\(rows)") }
            last = Set(rows.filter { $0["reason"].hasPrefix("\(round) ") }.map { $0["decision_id"] })
            #expect(last.count == 2)
        }
    }

    private static let office = [
        (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
        (code: "AD02", role: "administrator"),
    ]

    /// Two take one decision back apart: what is decided then names both.
    @Test func `of a decision that was taken back twice both are named by what is decided then`() async throws
    {
        let desks = try await ApartDesks(Self.office)
        try desks[0].said("participant", "edit", "P0142", "--phone", "212-555-0101")
        try desks[1].said("participant", "edit", "P0142", "--phone", "212-555-0102")
        try await desks.meet()
        try desks[2].said("resolve", desks[2].name(.values), "--keep", "A", "--reason", "first")
        try await desks.meet()
        let first = try #require(try desks[0].decisions("first").first)
        for place in [0, 1] {
            try desks[place].said("resolve", "--undo", first.id.short, "--reason", "back \(place)")
        }
        try await desks.meet()
        let name = try #require(try desks[2].open.first?.name)
        try desks[2].said("resolve", name, "--keep", "B", "--reason", "then")
        try await desks.meet()
        let rows = try desks[0].register()
        let undos = Set(rows.filter { $0["kind"] == "undo" }.map { $0["decision_id"] })
        #expect(undos.count == 2 && each(rows, "then", undos), "\(rows)")
    }

    /// A record that AD01 merged into one person and SV01 into another. Two say apart whose it is, then one says it for all.
    @Test
    func `whose a record is that was merged twice decides the merges anew, and is one question with them`()
        async throws
    {
        let desks = try await ApartDesks(Self.office)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "merge 0")
        try desks[1].said("participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "merge 1")
        try await desks.meet()
        for (place, letter) in [(0, "A"), (1, "B")] {
            try desks[place].said(
                "resolve", desks[place].name(.fork), "--keep", letter, "--reason", "apart \(place)")
        }
        try await desks.meet()
        try desks[2].said("resolve", desks[2].name(.fork), "--keep", "A", "--reason", "last")
        try await desks.meet()
        let rows = try desks[0].register()
        func ids(_ reason: String) -> Set<String> {
            Set(rows.filter { $0["reason"].hasPrefix(reason) }.map { $0["decision_id"] })
        }
        for place in 0..<2 {
            #expect(each(rows, "merge \(place)", []))
            #expect(each(rows, "apart \(place)", ids("merge")), "\(rows)")
        }
        #expect(each(rows, "last", ids("apart")), "\(rows)")
        #expect(Set(rows.map { $0["question_id"] }).count == 1, "\(rows)")
    }

    @Test func `of two codes that were given apart both are named by what decides between them`() async throws
    {
        let desks = try await ApartDesks(Self.office)
        for place in [0, 1] {
            try desks[place].said(
                "participant", "renumber", "P0190", "--to", "P095\(place)", "--reason", "code \(place)")
        }
        try await desks.meet()
        try desks[2].said("resolve", desks[2].name(.values), "--keep", "A", "--reason", "last")
        try await desks.meet()
        let rows = try desks[0].register()
        let codes = Set(rows.filter { $0["kind"] == "renumber" }.map { $0["decision_id"] })
        #expect(codes.count == 2 && each(rows, "last", codes), "\(rows)")
    }
}
