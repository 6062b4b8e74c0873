import SyncModel
import SyncReplica
import Testing

@Suite struct TakenBackTests {
    /// The number of what was taken back is given out again: a change must not claim to have read itself.
    @Test func `an edit from a version that was taken back does not say it had read that`() throws {
        let laptop = try Laptop()
        let ann = try laptop.person("Ann")
        try laptop.set(ann, Write.name("Anna"))
        let token = try #require(try laptop.replica.token(for: ann))
        try laptop.replica.undo()
        let receipt = try laptop.replica.edit(token: token) { try $0.write(ann, [Write.name("Anne")]) }
        let dot = try #require(receipt.changes.first)
        let change = try #require(try laptop.replica.state(ann)?.live.first { $0.dot == dot })
        #expect(change.context[dot.incarnation] == dot.n - 1)
    }
}
