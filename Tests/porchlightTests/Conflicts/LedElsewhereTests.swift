import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Merges with others that bear on a question about two: by which they are one person, or lead where they should not.
@Suite("Merges beside the one that is asked about") struct LedElsewhereTests {
    private static let staff = [
        (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
        (code: "PS07", role: "peer"),
    ]

    private func add(_ code: String, _ name: String, _ family: String, _ laptop: ApartDesks.Laptop) throws
        -> RecordID
    {
        try laptop.said(
            "participant", "add", name, "--family", family, "--code", code, "--site", "S1", "--yes")
        let found = try laptop.replica.find(Query("participant")).first { $0["code"].text == code }
        return try #require(found).id
    }

    @Test func `merged into two who are one person is no question, until they are parted`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0142", "--into", "P0188", "--yes", "--reason", "one")
        try await desks.meet()
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        let ana = Harbor.participant("P0142").text
        try desks[1].said("participant", "merge", "P0190", "--into", ana, "--yes", "--reason", "one phone")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        try desks[0].said("participant", "unmerge", "P0142", "--reason", "two")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.fork], "\(laptop.staff)") }
    }

    @Test func `what came late on a record that leads to one person in two ways is asked about`() async throws
    {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0142", "--into", "P0188", "--yes", "--reason", "one")
        try await desks.meet()
        try desks[2].said("participant", "edit", "P0190", "--phone", "212-555-0190")
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        let ana = Harbor.participant("P0142").text
        try desks[1].said("participant", "merge", "P0190", "--into", ana, "--yes", "--reason", "one phone")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.late], "\(laptop.staff)") }
        try desks[1].said("resolve", desks[1].name(.late), "--keep", "B", "--reason", "hers")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        #expect(try desks[2].replica.view(Harbor.participant("P0188"))?["phone"].text == "212-555-0190")
    }

    @Test func `a record that somebody deleted while another was merged into it is asked about`()
        async throws
    {
        let desks = try await ApartDesks(Self.staff)
        _ = try add("P0900", "Zoe", "West", desks[0])
        let mia = try add("P0901", "Mia", "Okafor", desks[0])
        try await desks.meet()
        try desks[1].said("participant", "merge", "P0901", "--into", "P0900", "--yes", "--reason", "one door")
        try desks[0].said("delete", "P0900", "--reason", "nobody of this name")
        try await desks.meet()
        for laptop in [desks[0], desks[1]] {
            #expect(try laptop.kinds == [.deletion], "\(laptop.staff)")
            #expect(try laptop.said("conflicts").contains("1 record was merged into it"), "\(laptop.staff)")
        }
        let name = try desks[0].name(.deletion)
        let refused = desks[0].hear("resolve", name, "--keep", "A", "--reason", "x")
        #expect(refused.code == 65, "\(refused)")
        #expect(
            refused.err.contains("1 record was merged into it")
                && refused.err.contains("porchlight participant unmerge \(mia.short)"), "\(refused.err)")
        try desks[0].said("resolve", name, "--keep", "B", "--reason", "there is")
        try await desks.meet()
        #expect(try desks[1].kinds == [] && desks[1].said("participant", "list").contains("P0900 Zoe West"))
        // Who knows of the merge is told so before.
        let known = desks[0].hear("delete", "P0900", "--reason", "nobody of this name")
        #expect(known.code == 65 && known.err.contains("1 record was merged into it"), "\(known)")
    }

    /// Cleo's record was merged into Ana's while somebody added a Cleo: she may be the same.
    @Test(arguments: [true, false])
    func `of two who may be one person either letter does, also where one leads to a third`(
        isNew: Bool
    ) async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "one door")
        let new = try add("P0950", "Cleo", "Park", desks[1])
        try await desks.meet()
        let conflict = try #require(try desks[0].open.first)
        #expect(try desks[0].kinds == [.duplicate])
        let side = try #require(
            try desks[0].sides(of: conflict).first { ($0.record?.id == new) == isNew })
        try desks[0].said("resolve", conflict.name, "--keep", side.letter, "--reason", "I asked")
        try await desks.meet()
        let people = try Merged(in: desks[1].replica)
        let root = isNew ? new : Harbor.participant("P0142")
        for one in [new, Harbor.participant("P0142"), Harbor.participant("P0190")] {
            #expect(people.root(of: one) == root)
        }
        #expect(try desks[1].kinds == [])
    }

    @Test func `that two are one person after all is so also where one was merged into a third since`()
        async throws
    {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try desks[0].said("participant", "unmerge", "P0190", "--reason", "two")
        try desks[0].said(
            "participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "one phone")
        let end = try #require(try desks[0].decisions("two").first)
        try desks[0].said("reopen", end.id.short, "--reason", "really?")
        let list = try desks[0].said("conflicts")
        #expect(list.contains("one person after all"), "\(list)")
        let said = try desks[0].said(
            "resolve", desks[0].name(.contested), "--keep", "B", "--reason", "I asked")
        #expect(
            said.contains("porchlight participant unmerge \(Harbor.participant("P0142").short) "), "\(said)")
        #expect(try desks[0].kinds == [])
        let people = try Merged(in: desks[0].replica)
        for code in ["P0142", "P0188", "P0190"] {
            #expect(people.root(of: Harbor.participant(code)) == Harbor.participant("P0188"))
        }
    }

    @Test func `a letter that others' merges leave no use for is not offered`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let eve = try add("P0300", "Eve", "Moss", desks[0])
        let gus = try add("P0300", "Gus", "Hill", desks[1])
        try await desks.meet()
        try desks[0].said("resolve", desks[0].name(.duplicate), "--keep", "both", "--reason", "met both")
        try desks[0].said("participant", "merge", gus.text, "--into", eve.text, "--yes", "--reason", "one")
        try desks[0].said("participant", "merge", eve.text, "--into", "P0188", "--yes", "--reason", "one")
        let conflict = try #require(try desks[0].open.first)
        let sides = try desks[0].sides(of: conflict)
        let stays = try #require(sides.first { $0.record?.id == eve }?.letter)
        let other = try #require(sides.first { $0.record?.id == gus }?.letter)
        let list = try desks[0].said("conflicts")
        #expect(list.contains("--keep \(stays) (the other is merged into it)"), "\(list)")
        #expect(list.contains("(not as they are merged now)") && !list.contains("--keep A|B"), "\(list)")
        let page = try desks[0].said("conflicts", "show", conflict.name)
        #expect(
            page.contains("  \(other)  cannot be chosen: P0300 Eve Moss was merged into P0188 Ben Ode"),
            "\(page)")
        #expect(desks[0].hear("resolve", conflict.name, "--keep", other, "--reason", "x").code == 65)
        let json = try desks[0].said("conflicts", "--json")
        #expect(json.ranges(of: #""possible":false"#).count == 1, "\(json)")
        try desks[0].said("resolve", conflict.name, "--keep", stays, "--reason", "x")
        #expect(try desks[0].kinds == [])
    }

    @Test func `whose record one is reads the same when it is asked again`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try desks[1].said(
            "participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "one phone")
        try await desks.meet()
        try desks[0].said("resolve", desks[0].name(.fork), "--keep", "B", "--reason", "met them")
        try await desks.meet()
        let decision = try #require(try desks[1].decisions("met them").first)
        try desks[1].said("reopen", decision.id.short, "--reason", "I met her too")
        let list = try desks[1].said("conflicts")
        for part in [
            "the record of P0188 Ben Ode (", "the record of P0142 Ana Lopez (",
            "; not that of P0142 Ana Lopez\n",
            "; not that of P0188 Ben Ode\n",
        ] {
            #expect(list.contains(part), "\(part)\n\(list)")
        }
    }
}
