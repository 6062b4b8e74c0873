@testable import PeerSupport
import SyncModel
import Testing

@Suite("Records that may be one person's") struct DuplicateTests {
    private func candidate(
        _ n: Int, _ name: String, code: String? = nil, site: String = "S1", born: Int? = nil, laptop: Int
    ) -> Made? {
        var fields: [String: Value] = [
            "code": .text(code ?? "P\(n)"), "preferred_name": .text(name), "site": .text(site),
        ]
        if let born { fields["birth_year"] = .integer(Int64(born)) }
        let table = PeerSupportSchema.schema.table("participant") ?? Table("", [])
        let change = LiveChange(
            dot: Dot(Make.id(laptop), 1), author: "PS07", writes: Make.writes(table, fields),
            context: Context(), effective: EffectiveTime(microseconds: 1), deviceMicroseconds: 1)
        let state = RecordState(table: "participant", live: [change])
        guard let candidate = Duplicates.Candidate(RecordView(id: Make.id(n), state: state, table: table))
        else { return nil }
        return Made(candidate: candidate, laptop: Make.id(laptop))
    }

    private struct Made {
        let candidate: Duplicates.Candidate
        let laptop: Incarnation
    }

    private func pairs(_ people: Made?..., asked: (RecordID) -> Void = { _ in }) -> [[Int]] {
        let people = people.compactMap { $0 }
        return Duplicates.pairs(people.map(\.candidate)) { id in
            asked(id)
            return people.first { $0.candidate.id == id }?.laptop
        }
        .map { [Int($0.low), Int($1.low)] }
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

    /// It costs a look at the record's history, and nearly nobody resembles anybody.
    @Test func `who made a record is asked only of those who resemble another, and once`() {
        var asked: [Int] = []
        let found = pairs(
            candidate(1, "Ana Lopez", laptop: 1), candidate(2, "Ana Lopes", laptop: 2),
            candidate(3, "Ana Lope", laptop: 1), candidate(4, "Zoe Ode", laptop: 2),
            candidate(5, "Ana Lopez", site: "S2", laptop: 3),
            candidate(6, "Max Ode", code: "P1", laptop: 4), asked: { asked.append(Int($0.low)) })
        #expect(found == [[1, 2], [1, 6], [2, 3]])
        #expect(asked.sorted() == [1, 2, 3])
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
