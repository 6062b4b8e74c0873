import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Three corrections of one check-in, of which three people each keep another one, not knowing of each other.
@Suite("Three corrections, each kept by somebody") struct ThreeKeptApartTests {
    /// Everybody has the check-in and all corrections, and each of the last three has decided for another one.
    private func apart() async throws -> ApartDesks {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "PS07", role: "peer"), (code: "PS07", role: "peer"),
            (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
            (code: "AD02", role: "administrator"),
        ])
        let visit = try await desks.visited()
        for (place, did) in ["to the pharmacy", "to the clinic", "to the library"].enumerated() {
            try desks[place].said("checkin", "amend", visit.text, "--did", did, "--reason", "c\(place)")
        }
        try await desks.meet()
        for (place, letter) in ["A", "B", "C"].enumerated() {
            let decider = desks[3 + place]
            try decider.said(
                "resolve", decider.name(.amendments), "--keep", letter, "--reason", "first \(letter)")
        }
        try await desks.meet()
        return desks
    }

    private func corrections(_ laptop: ApartDesks.Laptop) throws -> [RecordView] {
        try laptop.replica.find(Query("check_in", where: [.isSet("amends")])).sorted { $0.id < $1.id }
    }

    @Test(arguments: [("A", 0), ("B", 1), ("C", 2)]) func `all three are asked about, and one stays`(
        letter: String, place: Int
    ) async throws {
        let desks = try await apart()
        let all = try corrections(desks[0])
        #expect(all.count == 3 && all.allSatisfy { !$0["voided_at"].isNone })
        for laptop in desks.all {
            #expect(try laptop.kinds == [.amendments], "\(laptop.staff)")
            #expect(Set(try laptop.open[0].sides.compactMap { $0.record?.id }) == Set(all.map(\.id)))
            let list = try laptop.said("conflicts", "show", laptop.name(.amendments))
            for one in ["A", "B", "C"] {
                #expect(
                    list.contains(try Regex("\(one)  was decided by [A-Z0-9]+ .*: first \(one)")), "\(list)")
            }
        }
        // Every correction is void by somebody's word, and no notice of that says that it is settled.
        let notices = try desks[0].said("notices")
        #expect(!notices.contains("If that is wrong"), "\(notices)")
        try desks[4].said("resolve", desks[4].name(.amendments), "--keep", letter, "--reason", "anew")
        try await desks.meet()
        for laptop in desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            let counting = try corrections(laptop).filter { $0["voided_at"].isNone }
            #expect(counting.map(\.id) == [all[place].id], "\(laptop.staff)")
        }
        let rows = try desks[4].register()
        let anew = rows.filter { $0["reason"] == "anew" }
        for row in anew {
            for one in all { #expect(row["before"].contains("check-in \(one.id.short)"), "\(row)") }
        }
    }

    /// What a letter of a decision that is open again says about what counts is so when it was chosen.
    @Test(arguments: ["A", "B", "C"]) func `a letter names what counts by it`(letter: String) async throws {
        let desks = try await apart()
        let all = try corrections(desks[0])
        try desks[4].said("resolve", desks[4].name(.amendments), "--keep", "A", "--reason", "anew")
        try await desks.meet()
        let decision = try #require(try desks[4].decisions("anew").first { $0.subject == all[0].id })
        try desks[0].said("reopen", decision.id.text, "--reason", "look again")
        try await desks.meet()
        let name = try desks[3].name(.contested)
        let shown = try desks[3].said("conflicts", "show", name)
        guard let side = try sides(desks[3]).first(where: { $0.letter == letter }) else {
            Issue.record("\(letter): \(shown)")
            return
        }
        let said = try desks[3].said("resolve", name, "--keep", letter, "--reason", "chosen")
        try await desks.meet()
        let counting = try corrections(desks[3]).filter { $0["voided_at"].isNone }
        if side.values.allSatisfy(\.isNone) {
            #expect(counting.map(\.id) == [all[0].id])
            #expect(said.contains(try Regex("check-in \(all[0].id.short) \\([^)]*\\) counts")), "\(said)")
        } else {
            #expect(counting.isEmpty)
            #expect(said.contains("; no check-in about this visit counts then"), "\(said)")
            // For whom each had decided is not taken for somebody else's word.
            let meant = try #require(
                try desks[3].decisions("first B").first { $0.subject == all[0].id }?.other)
            #expect(meant == all[1].id)
            #expect(
                shown.contains(try Regex("first B.*; decided for check-in \(all[1].id.short) ")), "\(shown)")
            #expect(
                shown.contains(try Regex("first C.*; decided for check-in \(all[2].id.short) ")), "\(shown)")
        }
    }

    private func sides(_ laptop: ApartDesks.Laptop) throws -> [(letter: String, values: [Value])] {
        let open = try #require(try laptop.open.first { $0.kind == .contested })
        return try laptop.sides(of: open).map { ($0.letter, $0.values) }
    }
}
