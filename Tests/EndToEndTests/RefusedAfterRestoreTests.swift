import Testing

/// What the restored server refuses, because it has not got back yet what would say that it is right; and what people do
/// about it before it has.
@Suite struct RefusedAfterRestoreTests {
    /// Leo was given Ana after the backup, and recorded a check-in that was taken. He calls first after the restore.
    private func refused(isHeld: Bool) async throws -> (agency: Agency, leo: Laptop) {
        let agency = try await Agency()
        let leo = try await agency.laptop(of: "PS09")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await agency.founder.done("assign", "P0001", "--to", "PS09")
        for laptop in [agency.founder, leo] { try await laptop.done("sync") }
        try await leo.done("checkin", "add", "P0001", "on the porch", "--at", "yesterday 08:00")
        try await leo.done("sync")
        if isHeld { try await agency.founder.done("sync") }
        try await agency.kill()
        try await agency.run("restore", "backup.sqlite")
        try await agency.start()
        try await leo.done("sync")
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "1")
        let notices = try await leo.done("notices")
        #expect(notices.contains("It is taken by itself once it has."), "\(notices)")
        return (agency, leo)
    }

    private func settle(_ agency: Agency, _ leo: Laptop) async throws {
        for laptop in [leo, agency.founder, leo, agency.founder] { try await laptop.done("sync") }
        #expect(try await agency.founder.digest == agency.digest)
        for laptop in [leo, agency.founder] {
            let said = try await laptop.done("verify")
            #expect(!said.contains("has not got back yet"), "\(said)")
        }
        #expect(try await agency.run("verify").contains("Nothing was altered"))
    }

    private let visits = "SELECT count(*) FROM check_in"
    private let number = "SELECT position FROM change WHERE outcome = 2"

    @Test(arguments: [true, false])
    func `left alone it is taken when an administrator has synced`(isHeld: Bool) async throws {
        let (agency, leo) = try await refused(isHeld: isHeld)
        try await settle(agency, leo)
        for laptop in [leo, agency.founder] { #expect(try await laptop.query(visits) == "1") }
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
    }

    @Test(arguments: [true, false], ["laptop", "server", "author"])
    func `discarded or withdrawn it stands nowhere any more`(isHeld: Bool, by: String) async throws {
        let (agency, leo) = try await refused(isHeld: isHeld)
        let number = try await agency.query(number)
        switch by {
        case "laptop":
            let told = try await agency.founder.json(
                "quarantine", "discard", number, "--reason", "entered twice")
            #expect(told["told"].list.map(\.text) == ["PS09"])
        case "server":
            try await agency.run("quarantine", "discard", number, "--by", "AD01", "--reason", "entered twice")
        default:
            let entry = try #require(try await leo.json("outbox")["entries"].list.first?["number"].whole)
            try await leo.done("outbox", "discard", "\(entry)", "--reason", "wrong person", "--yes")
            #expect(try await leo.query(visits) == "0")
        }
        try await settle(agency, leo)
        for laptop in [leo, agency.founder] { #expect(try await laptop.query(visits) == "0") }
        if by == "laptop" {
            let notices = try await leo.done("notices")
            #expect(notices.contains("an administrator discarded it"), "\(notices)")
        }
    }

    @Test(arguments: [true, false])
    func `entered anew it is taken in the place of the other`(isHeld: Bool) async throws {
        let (agency, leo) = try await refused(isHeld: isHeld)
        let entry = try #require(try await leo.json("outbox")["entries"].list.first?["number"].whole)
        try await leo.done("outbox", "edit", "\(entry)", "--set", "did=on the step")
        try await leo.done("sync")
        try await settle(agency, leo)
        for laptop in [leo, agency.founder] {
            #expect(try await laptop.query(visits) == "1")
            #expect(try await laptop.query("SELECT did FROM check_in") == "on the step")
        }
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
        #expect(try await leo.json("outbox")["entries"].list.isEmpty)
    }
}
