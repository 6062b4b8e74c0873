import Foundation
import Testing

/// A server that comes back on a new machine from the backup alone, and does not know who was enrolled since.
@Suite struct EnrolledAgainTests {
    private let onServer = "SELECT count(*) FROM record WHERE \"table\" = 'check_in' AND length(state) > 0"

    /// Rosa was enrolled since the backup; two of her entries were acknowledged and one waits.
    private func lost() async throws -> (agency: Agency, rosa: Laptop, told: String) {
        let agency = try await Agency()
        try await agency.run("backup", "--to", "backup.sqlite")
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "acknowledged", "--at", "yesterday 08:00")
        try await rosa.done("participant", "edit", "P0001", "--phone", "555 0101")
        try await rosa.done("sync")
        try await rosa.done("checkin", "add", "P0001", "on its way", "--at", "yesterday 09:00")
        try await agency.kill()
        try FileManager.default.removeItem(at: agency.folder("server"))
        let told = try await agency.run("restore", "backup.sqlite")
        try await agency.start()
        return (agency, rosa, told)
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
        #expect(others.what == "the code is for PS09, and this laptop is PS07's")
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
        #expect(known.code == "already_enrolled" && known.means.contains("the code can still be used"))
        try await rosa.done("sync")
        #expect(try await agency.query(onServer) == "3")
        #expect(try await agency.query("SELECT count(*) FROM invite WHERE used_at IS NULL") == "1")
    }

    /// Whichever copy comes first is the one that goes on: of the other nobody knows how much the server has.
    @Test func `of two copies of such a laptop the second is refused, and nothing is entered twice`()
        async throws
    {
        let (agency, rosa, _) = try await lost()
        let copy = Laptop(name: "copy", runner: agency.runner)
        _ = try await rosa.query("PRAGMA wal_checkpoint(TRUNCATE)")
        for suffix in ["", "-id"] {
            try FileManager.default.copyItem(atPath: rosa.path + suffix, toPath: copy.path + suffix)
        }
        let enrolled = try await rosa.run(
            agency.enrolment(code: agency.code(for: "PS07")) + ["--again"])
        #expect(enrolled.exit == .code(0), "\(enrolled)")
        let refused = try Refused(
            try await copy.run(
                agency.enrolment(code: agency.code(for: "PS07")) + ["--again", "--json"]),
            sourceLocation: #_sourceLocation)
        #expect(refused.code == "already_enrolled", "\(refused)")
        #expect(refused.what.contains("a copy of its file"), "\(refused)")
        #expect(try await copy.waiting == 1)
        let token = "SELECT token FROM sync_meta"
        #expect(try await copy.query(token) != rosa.query(token))
        for laptop in [rosa, agency.founder] { try await laptop.done("sync") }
        #expect(try await agency.query(onServer) == "2")
        #expect(try await agency.founder.digest == agency.digest)
    }
}
