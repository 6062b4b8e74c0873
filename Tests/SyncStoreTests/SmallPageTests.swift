import SyncModel
import SyncStore
import Testing

@Suite struct SmallPageTests {
    /// A record whose parent is unknown lies under its device's own key, which the device receives beside
    /// `all`.
    @Test func `a page of one moves past a record under two keys`() throws {
        let agency = try TestAgency()
        let office = try agency.enrol("AD01")
        office.write("assignment", agency.id(), TestAgency.assignment(agency.id(), "PS07"))
        let outcomes = try office.sync(page: 1)
        #expect(outcomes.count < 10)
        #expect(outcomes.last?.reply.end.more == false)
        #expect(try office.digest == agency.store.digest())
    }
}
