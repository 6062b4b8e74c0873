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

    /// What had been taken is not for anybody to drop: it would go on standing with everybody who has it.
    @Test(arguments: [true, false])
    func `its author, and an administrator on their laptop, are led to wait for it`(isHeld: Bool) async throws
    {
        let (agency, leo) = try await refused(isHeld: isHeld)
        let entry = try #require(try await leo.json("outbox")["entries"].list.first?["number"].whole)
        for verb in [["discard", "\(entry)", "--yes"], ["edit", "\(entry)", "--set", "did=on the step"]] {
            let outcome = try await leo.run(["outbox"] + verb)
            #expect(outcome.exit == .code(65), "\(verb): \(outcome)")
            #expect(outcome.errors.contains("had been taken before the server was restored"), "\(outcome)")
        }
        let notices = try await leo.done("notices")
        #expect(notices.contains("nothing is to be done") && !notices.contains("outbox edit"), "\(notices)")
        for said in [try await leo.done("outbox"), try await leo.done("outbox", "show", "\(entry)")] {
            #expect(!said.contains("outbox discard") && !said.contains("outbox edit"), "\(said)")
        }
        let number = try await agency.query(number)
        for verb in ["discard", "release"] {
            let outcome = try await agency.founder.run([
                "quarantine", verb, number, "--reason", "entered twice",
            ])
            #expect(outcome.exit == .code(65), "\(outcome)")
            #expect(outcome.errors.contains("it was taken into its record"), "\(outcome)")
        }
        try await settle(agency, leo)
        for laptop in [leo, agency.founder] { #expect(try await laptop.query(visits) == "1") }
        #expect(try await leo.done("notices") == "no notices\n")
    }

    /// At the server nobody knows yet. It is gone then for who wrote it, and for administrators.
    @Test(arguments: [true, false])
    func `discarded at the server it stands nowhere any more`(isHeld: Bool) async throws {
        let (agency, leo) = try await refused(isHeld: isHeld)
        try await agency.run(
            "quarantine", "discard", agency.query(number), "--by", "AD01", "--reason", "entered twice")
        try await settle(agency, leo)
        for laptop in [leo, agency.founder] { #expect(try await laptop.query(visits) == "0") }
    }
}
