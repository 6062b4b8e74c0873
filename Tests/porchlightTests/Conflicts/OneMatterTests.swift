import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Two records of which one says that they are two people's and another, not knowing of it, that they are one's: one matter,
/// in however many questions it is asked, and one answer ends it.
@Suite("One matter that is asked about two records") struct OneMatterTests {
    @Test(arguments: ["A", "B", "both"], [true, false])
    func `one answer to any of its questions ends all of them`(keep: String, isOlder: Bool) async throws {
        for kind in [ConflictKind.duplicate, .fork] {
            let desks = try await ApartDesks([
                (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
                (code: "PS07", role: "peer"),
            ])
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
            let asked = try desks[2].kinds
            #expect(asked.contains(.duplicate), "\(asked)")
            guard asked.contains(kind) else { continue }
            let letter = kind == .fork && keep == "both" ? "A" : keep
            try desks[1].said(
                "resolve", desks[1].name(kind), "--keep", letter, "--reason", "for all")
            try await desks.meet()
            for laptop in desks.all {
                #expect(try laptop.kinds == [], "\(asked) \(kind) \(keep): \(laptop.staff)")
            }
        }
    }
}
