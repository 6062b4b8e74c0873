@testable import PeerSupport
import SyncModel
import Testing

@Suite("Records that may be one person's") struct DuplicateTests {
    private func candidate(
        _ n: Int, _ name: String, code: String? = nil, site: String = "S1", born: Int? = nil, laptop: Int
    ) -> Duplicates.Candidate? {
        var fields: [String: Value] = [
            "code": .text(code ?? "P\(n)"), "preferred_name": .text(name), "site": .text(site),
        ]
        if let born { fields["birth_year"] = .integer(Int64(born)) }
        let table = PeerSupportSchema.schema.table("participant") ?? Table("", [])
        let change = LiveChange(
            dot: Dot(Make.id(laptop), 1), author: "PS07", writes: Make.writes(table, fields),
            context: Context(), effective: EffectiveTime(microseconds: 1), deviceMicroseconds: 1)
        let state = RecordState(table: "participant", live: [change])
        return Duplicates.Candidate(RecordView(id: Make.id(n), state: state, table: table), state)
    }

    private func pairs(_ candidates: Duplicates.Candidate?...) -> [[Int]] {
        Duplicates.pairs(candidates.compactMap { $0 }).map { [Int($0.low), Int($1.low)] }
    }

    @Test func `one code is asked about, whoever has it`() {
        #expect(
            pairs(
                candidate(2, "Ana", code: "P1", laptop: 1),
                candidate(1, "Ben", code: "P1", site: "S2", laptop: 1)) == [[1, 2]])
    }

    @Test func `near-equal people of one site are asked about, if two laptops made them`() {
        let ana = candidate(1, "Ana Lopez", born: 1980, laptop: 1)
        #expect(pairs(ana, candidate(2, "Ana  López", laptop: 2)) == [[1, 2]])
        #expect(pairs(ana, candidate(2, "Aná  Lópéz", laptop: 2)) == [[1, 2]])
        #expect(pairs(ana, candidate(2, "Ana Lopo", laptop: 2)).isEmpty)
        #expect(pairs(ana, candidate(2, "Ana Lopes", laptop: 2)) == [[1, 2]])
        #expect(pairs(ana, candidate(2, "ANA LOPEZ", born: 1980, laptop: 2)) == [[1, 2]])
        #expect(pairs(ana, candidate(2, "Ana Lopez", born: 1981, laptop: 2)).isEmpty)
        #expect(pairs(ana, candidate(2, "Ana Lopez", laptop: 1)).isEmpty)
        #expect(pairs(ana, candidate(2, "Ana Lopez", site: "S2", laptop: 2)).isEmpty)
    }

    @Test(arguments: [
        ("ann", "ann", true), ("ann", "ane", false), ("anna", "anne", true), ("anna", "ann", true),
        ("anna", "nna", true), ("marie", "maria", true), ("marie", "mario", true), ("marie", "maori", false),
        ("abcd", "abcdef", false), ("aabb", "abab", false), ("", "a", false),
    ])
    func `one letter more, less or other is near`(a: String, b: String, near: Bool) {
        #expect(Duplicates.areNear(a, b) == near)
        #expect(Duplicates.areNear(b, a) == near)
    }
}
