import Foundation
import Testing

/// A server that comes back on a new machine from the backup alone, and does not know who was enrolled since.
@Suite struct EnrolledAgainTests {
    private let onServer = "SELECT count(*) FROM record WHERE \"table\" = 'check_in' AND length(state) > 0"

    /// Rosa was enrolled since the backup; two of her entries were acknowledged and one waits.
    private func lost() async throws -> (agency: Agency, rosa: Laptop, told: String) {
        let (agency, rosa) = try await enrolled(sending: "acknowledged")
        try await rosa.done("participant", "edit", "P0001", "--phone", "555 0101")
        try await rosa.done("sync")
        try await rosa.done("checkin", "add", "P0001", "on its way", "--at", "yesterday 09:00")
        return (agency, rosa, try await move(agency, to: "backup.sqlite"))
    }

    /// Rosa is enrolled after a backup, and has sent one entry.
    private func enrolled(sending entry: String) async throws -> (agency: Agency, rosa: Laptop) {
        let agency = try await Agency()
        try await agency.run("backup", "--to", "backup.sqlite")
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", entry, "--at", "yesterday 08:00")
        try await rosa.done("sync")
        return (agency, rosa)
    }

    /// Puts a backup on a machine that has nothing else of the server's, and gives what `restore` printed.
    @discardableResult
    private func move(_ agency: Agency, to backup: String) async throws -> String {
        try await agency.kill()
        try FileManager.default.removeItem(at: agency.folder("server"))
        let told = try await agency.run("restore", backup)
        try await agency.start()
        return told
    }

    /// Everything is there once, nothing was refused, and nothing has to be decided.
    private func checkWhole(_ agency: Agency, _ laptops: [Laptop], _ entries: String...) async throws {
        #expect(try await agency.query(onServer) == "\(entries.count)")
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
        let all = "SELECT group_concat(did, ', ') FROM (SELECT did FROM check_in ORDER BY did)"
        for laptop in laptops + [agency.founder] {
            #expect(try await laptop.query(all) == entries.joined(separator: ", "))
            #expect(try await laptop.waiting == 0)
        }
        #expect(try await agency.founder.digest == agency.digest)
        #expect(try await agency.founder.json("conflicts")["conflicts"].list.isEmpty)
        #expect(try await agency.run("verify").contains("Nothing was altered"))
    }

    @Test func `a laptop that the restored server does not know is enrolled again and brings everything`()
        async throws
    {
        let (agency, rosa, told) = try await lost()
        #expect(told.contains("There was no porchlight.security in"), "\(told)")
        #expect(told.contains("enroll --again") && !told.contains("nothing else is needed"), "\(told)")
        let stuck = try await rosa.refuses("sync", exit: 77, code: "unauthorized")
        #expect(stuck.advice.contains("porchlight enroll --again"))
        let first = try await agency.code(for: "PS07")
        let plain = try Refused(
            try await rosa.run(agency.enrolment(code: first) + ["--json"]), sourceLocation: #_sourceLocation)
        #expect(plain.code == "already_enrolled" && plain.advice.contains("--again"))

        // Another person's code brings nothing of Rosa's under their name.
        let leos = try await agency.code(for: "PS09")
        let others = try Refused(
            try await rosa.run(agency.enrolment(code: leos) + ["--again", "--json"]),
            sourceLocation: #_sourceLocation)
        #expect(others.code == "not_permitted" && others.exit == .code(77), "\(others)")
        #expect(
            others.what == "the code is for PS09 of Harbor House, and this laptop is PS07's of Harbor House")
        #expect(try await rosa.waiting == 1)

        let again = try await rosa.run(agency.enrolment(code: first) + ["--again"])
        #expect(again.exit == .code(0), "\(again)")
        #expect(try await rosa.waiting == 0)
        try await agency.founder.done("sync")
        #expect(try await agency.query(onServer) == "2")
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
        #expect(try await agency.founder.digest == agency.digest)
        #expect(
            try await agency.founder.query("SELECT phone FROM participant WHERE code = 'P0001'")
                == "555 0101")
        #expect(try await agency.founder.json("conflicts")["conflicts"].list.isEmpty)
        #expect(try await rosa.run(["doctor"]).exit == .code(0))
        #expect(try await rosa.run(["verify"]).exit == .code(0))
        #expect(try await agency.run("verify").contains("Nothing was altered"))

        // It goes on as any laptop does, and is not enrolled a third time while the server knows it.
        try await rosa.done("checkin", "add", "P0001", "since", "--at", "yesterday 10:00")
        let spare = try await agency.code(for: "PS07")
        let known = try Refused(
            try await rosa.run(agency.enrolment(code: spare) + ["--again", "--json"]),
            sourceLocation: #_sourceLocation)
        #expect(known.code == "already_enrolled" && known.means.contains("no code was used"))
        try await rosa.done("sync")
        #expect(try await agency.query(onServer) == "3")
        #expect(try await agency.query("SELECT count(*) FROM invite WHERE used_at IS NULL") == "2")
    }

    private func copy(of laptop: Laptop) async throws -> Laptop {
        let copy = Laptop(name: "copy", runner: laptop.runner)
        _ = try await laptop.query("PRAGMA wal_checkpoint(TRUNCATE)")
        for suffix in ["", "-id"] {
            try FileManager.default.copyItem(atPath: laptop.path + suffix, toPath: copy.path + suffix)
        }
        return copy
    }

    private func again(_ laptop: Laptop, in agency: Agency) async throws {
        let enrolled = try await laptop.run(agency.enrolment(code: agency.code(for: "PS07")) + ["--again"])
        #expect(enrolled.exit == .code(0), "\(enrolled)")
    }

    /// What only one of them has may have been acknowledged by the server that was lost: then it is nowhere else.
    @Test func `of two copies of such a laptop each brings what only it has, and nothing is entered twice`()
        async throws
    {
        let (agency, rosa) = try await enrolled(sending: "in both")
        let copy = try await copy(of: rosa)
        try await rosa.done("checkin", "add", "P0001", "acknowledged", "--at", "yesterday 09:00")
        try await rosa.done("sync")
        try await rosa.done("checkin", "add", "P0001", "on its way", "--at", "yesterday 10:00")
        try await copy.done("checkin", "add", "P0001", "the copy's", "--at", "yesterday 11:00")
        try await move(agency, to: "backup.sqlite")

        for laptop in [copy, rosa] { try await again(laptop, in: agency) }
        for laptop in [copy, rosa, agency.founder] { try await laptop.done("sync") }
        try await checkWhole(
            agency, [copy, rosa], "acknowledged", "in both", "on its way", "the copy's")
    }

    /// The earlier name is known again, the one it has is not.
    @Test func `one that was enrolled again comes back also when a backup has the name it had before`()
        async throws
    {
        let (agency, rosa) = try await enrolled(sending: "first")
        try await agency.run("backup", "--to", "late.sqlite")
        try await rosa.done("checkin", "add", "P0001", "second", "--at", "yesterday 09:00")
        for number in ["555 0101", "555 0102"] {
            try await rosa.done("participant", "edit", "P0001", "--phone", number)
        }
        try await rosa.done("sync")
        for (backup, entry) in [("backup.sqlite", "at ten"), ("late.sqlite", "at eleven")] {
            try await move(agency, to: backup)
            _ = try await rosa.refuses("sync", exit: 77, code: "unauthorized")
            try await again(rosa, in: agency)
            // The founder was never unknown, and has seen all that this laptop had brought.
            try await agency.founder.done("sync")
            try await rosa.done(
                "checkin", "add", "P0001", entry, "--at", "yesterday \(entry == "at ten" ? 10 : 11):00")
            for laptop in [rosa, agency.founder, rosa] { try await laptop.done("sync") }
        }
        try await checkWhole(agency, [rosa], "at eleven", "at ten", "first", "second")
        for laptop in [rosa, agency.founder] {
            #expect(try await laptop.query("SELECT phone FROM participant") == "555 0102")
        }
    }

    @Test func `one that was retired brings what it has into quarantine, and is shown nothing`() async throws
    {
        let (agency, rosa) = try await enrolled(sending: "acknowledged")
        try await rosa.done("checkin", "add", "P0001", "too late", "--at", "yesterday 09:00")
        try await agency.run("device", "retire", "LT-2")
        _ = try await rosa.refuses("sync", exit: 77, code: "retired")
        let code = try await agency.code(for: "PS07")
        let known = try Refused(
            try await rosa.run(agency.enrolment(code: code) + ["--again", "--json"]),
            sourceLocation: #_sourceLocation)
        #expect(known.code == "retired" && known.means.contains("no code was used"), "\(known)")
        try await move(agency, to: "backup.sqlite")

        let stuck = try await rosa.refuses("sync", exit: 77, code: "unauthorized")
        #expect(stuck.advice.contains("enroll --again"))
        let enrolled = try await rosa.run(agency.enrolment(code: agency.code(for: "PS07")) + ["--again"])
        #expect(enrolled.exit == .code(77) && enrolled.errors.contains("at the office"), "\(enrolled)")
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "2")
        #expect(try await rosa.waiting == 0)
        _ = try await rosa.refuses("checkin", "list", exit: 77, code: "retired")
        let listed = try JSONTree(try await agency.run("device", "list", "--json")).list
        #expect(listed.last?["retiredAt"].text != nil)
        try await agency.founder.done("sync")
        #expect(try await agency.founder.digest == agency.digest)
    }
}
