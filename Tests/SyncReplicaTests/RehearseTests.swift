import SyncModel
import Testing

@testable import SyncReplica

/// Edits that are done and taken back.
@Suite struct RehearseTests {
    @Test func `what is rehearsed is seen by what comes after, and leaves nothing`() throws {
        let laptop = try Laptop()
        try laptop.person("Ada")
        let before = try laptop.visible()
        var seen: [Bool] = []
        try laptop.replica.rehearse { rehearsal in
            var made: RecordID?
            try rehearsal.edit { made = try $0.create("person", [Write.name("Eve")]) }
            try rehearsal.edit { edit in
                seen.append(try made.flatMap { try edit.view($0) } != nil)
                // What is refused in one edit is refused as always.
                #expect(throws: SyncError.self) { try edit.create("nothing", [Write.name("Ida")]) }
            }
        }
        #expect(seen == [true])
        #expect(try laptop.visible() == before)
        #expect(try laptop.replica.outbox().map(\.dot.n) == [1])
        // The number that the rehearsal took is given out again.
        try laptop.person("Eve")
        #expect(try laptop.replica.outbox().map(\.dot.n) == [1, 2])
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `a rehearsal that is broken off leaves nothing either`() throws {
        struct Broken: Error {}
        let laptop = try Laptop()
        let before = try laptop.visible()
        #expect(throws: Broken.self) {
            try laptop.replica.rehearse { rehearsal in
                try rehearsal.edit { try $0.create("person", [Write.name("Eve")]) }
                throw Broken()
            }
        }
        #expect(try laptop.visible() == before)
        #expect(try laptop.replica.outbox().isEmpty)
    }
}
