import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Two records of which one says that they are two people's and another, not knowing of it, that they are one's: one matter,
/// in however many questions it is asked, and one answer ends it.
@Suite("One matter that is asked about two records") struct OneMatterTests {
    private static let staff = [
        (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
        (code: "PS07", role: "peer"),
    ]

    @Test(arguments: ["A", "B", "both"], [true, false])
    func `one answer ends it`(keep: String, isOlder: Bool) async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said(
            "participant", "add", "Rita", "--family", "West", "--code", "P0900", "--site", "S1", "--yes")
        try desks[1].said(
            "participant", "add", "Rita", "--family", "West", "--code", "P0901", "--site", "S1", "--yes")
        try await desks.meet()
        let order = isOlder ? [("B", 0), ("both", 1)] : [("both", 1), ("B", 0)]
        for (letter, place) in order {
            try desks[place].said(
                "resolve", desks[place].name(.duplicate), "--keep", letter, "--reason", "apart \(letter)")
        }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.duplicate], "\(laptop.staff)") }
        // Whoever asks for another look at the newer of them asks nothing else.
        if !isOlder {
            let merge = try #require(try desks[2].decisions("apart B").first)
            try desks[2].said("reopen", merge.id.short, "--reason", "look again")
            try await desks.meet()
            for laptop in desks.all { #expect(try laptop.kinds == [.duplicate], "\(laptop.staff)") }
        }
        try desks[1].said("resolve", desks[1].name(.duplicate), "--keep", keep, "--reason", "for all")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(keep): \(laptop.staff)") }
    }

    /// AD01 takes the merge back and merges them again, SV01 takes it back for good: the record says of itself where it leads in
    /// two ways, and the decisions contradict each other as well.
    @Test(arguments: ["A", "B", "both"], [true, false])
    func `what stands in two ways in the record and in the decisions is asked once`(
        keep: String, isLater: Bool
    ) async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try await desks.meet()
        if !isLater { try desks[1].said("participant", "unmerge", "P0190", "--reason", "two") }
        try desks[0].said("participant", "unmerge", "P0190", "--reason", "not sure")
        try desks[0].said(
            "participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one after all")
        if isLater { try desks[1].said("participant", "unmerge", "P0190", "--reason", "two") }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.duplicate], "\(laptop.staff)") }
        let page = try desks[1].said("conflicts", "show", desks[1].name(.duplicate))
        #expect(page.contains("one after all") && page.contains("two people, two"), "\(page)")
        for laptop in desks.all {
            #expect(try !laptop.said("notices").contains(".merged-into"), "\(laptop.staff)")
        }
        try desks[1].said("resolve", desks[1].name(.duplicate), "--keep", keep, "--reason", "for all")
        try await desks.meet()
        let sorted = [Harbor.participant("P0188"), Harbor.participant("P0190")].sorted()
        for laptop in desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            let people = try Merged(in: laptop.replica)
            #expect(people.areOne(sorted[0], sorted[1]) == (keep != "both"))
            if keep != "both" { #expect(people.root(of: sorted[0]) == sorted[keep == "A" ? 0 : 1]) }
        }
    }

    /// Two who are called nearly alike, of whom AD01 merges one into the other and SV01 into somebody else.
    @Test(arguments: [true, false])
    func `whose record one is of two who are called alike is asked once, and answered once`(
        isAnas: Bool
    ) async throws {
        let desks = try await ApartDesks(Self.staff)
        for (place, name) in ["Zoe", "Zoey"].enumerated() {
            try desks[place].said(
                "participant", "add", name, "--family", "West", "--code", "P090\(place)", "--site", "S1",
                "--yes")
        }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.duplicate], "\(laptop.staff)") }
        try desks[0].said("participant", "merge", "P0900", "--into", "P0901", "--yes", "--reason", "one name")
        try desks[1].said(
            "participant", "merge", "P0900", "--into", "P0142", "--yes", "--reason", "one phone")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.fork], "\(laptop.staff)") }
        let conflict = try #require(try desks[0].open.first)
        let ana = Harbor.participant("P0142")
        let side = try #require(
            try desks[0].sides(of: conflict).first { ($0.values.first?.reference == ana) == isAnas })
        try desks[0].said("resolve", conflict.name, "--keep", side.letter, "--reason", "met them")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        let decision = try #require(try desks[1].decisions("met them").first)
        try desks[1].said("reopen", decision.id.short, "--reason", "I met them too")
        #expect(try desks[1].kinds == [.contested])
    }
}
