import SyncModel
import SyncStore
import Testing

/// An agency with a participant on the caseload of PS07, who has synced.
struct Caseload {
    let agency: TestAgency
    /// AD01's laptop.
    let office: TestLaptop
    /// PS07's laptop.
    let peer: TestLaptop
    let person: RecordID

    /// - Parameter officeSyncs: whether the office has the participant too.
    init(officeSyncs: Bool = true) throws {
        agency = try TestAgency()
        office = try agency.direct()
        peer = try agency.enrol("PS07")
        try peer.sync()
        person = agency.id()
        peer.write("participant", person, TestAgency.participant("P1"))
        peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        try peer.sync()
        if officeSyncs { try office.sync() }
    }
}

/// A suite about one.
protocol CaseloadSuite {
    var caseload: Caseload { get }
}

extension CaseloadSuite {
    var agency: TestAgency { caseload.agency }
    var office: TestLaptop { caseload.office }
    var peer: TestLaptop { caseload.peer }
    var person: RecordID { caseload.person }

    /// The office has the same as the server, and the store is as it was written.
    func isWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try office.sync()
        #expect(try agency.store.digest() == office.digest, sourceLocation: sourceLocation)
        try agency.store.close()
        _ = try Store.verify(at: agency.path)
        try agency.open()
    }
}
