import Foundation
import Glibc
import Testing

/// A server that is put back to a backup, and what the laptops make of it.
@Suite struct RestoredTests {
    private let checkIns = "SELECT count(*) FROM check_in"
    private let onServer = "SELECT count(*) FROM record WHERE \"table\" = 'check_in' AND length(state) > 0"

    /// Stops the server, restores the backup, and starts it again: all that an administrator does.
    private func restore(_ agency: Agency, _ backup: String = "backup.sqlite") async throws -> JSONTree {
        try await agency.stop()
        let told = try JSONTree(try await agency.run("restore", backup, "--json"))
        try await agency.start()
        return told
    }

    @Test func `laptops bring back what a restored server has lost, and all agree`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let bela = try await agency.laptop(of: "AD02")
        try await rosa.done("checkin", "add", "P0001", "before the backup", "--at", "yesterday 08:00")
        try await leo.done("checkin", "add", "P0002", "also before", "--at", "yesterday 08:30")
        for laptop in [rosa, leo, bela, agency.founder] { try await laptop.done("sync") }
        let backup = try JSONTree(try await agency.run("backup", "--to", "backup.sqlite", "--json"))
        #expect(backup["epoch"].whole == 1)

        try await rosa.done("checkin", "add", "P0001", "after the backup", "--at", "yesterday 10:00")
        try await rosa.done("checkin", "add", "P0003", "both see this", "--at", "yesterday 11:00")
        try await leo.done("participant", "edit", "P0003", "--phone", "555 0103")
        try await bela.done("participant", "edit", "P0004", "--phone", "555 0104")
        for laptop in [rosa, leo, bela, agency.founder, rosa] { try await laptop.done("sync") }
        // And what was written since then waits on the laptops: it has been nowhere yet.
        try await leo.done("checkin", "add", "P0003", "not sent yet", "--at", "yesterday 12:00")
        try await rosa.done("participant", "edit", "P0001", "--phone", "555 0101")

        let told = try await restore(agency)
        #expect(told["epoch"].whole == 2)
        #expect(told["restored"]["log"].whole == backup["log"].whole)
        let kept = try #require(told["replaced"].text)
        #expect(kept.contains("/server/porchlight-replaced-") && kept.hasSuffix(".sqlite"))
        #expect(try await agency.query(onServer) == "2")
        #expect(try await agency.runner.sql(onServer, in: kept) == "4")

        let everybody = [rosa, leo, bela, agency.founder]
        for laptop in everybody + everybody {
            let report = try await laptop.json("sync")
            #expect(report["quarantined"].whole == 0, "\(laptop.name): \(report)")
        }
        for laptop in everybody { #expect(try await laptop.waiting == 0) }
        #expect(try await agency.query(onServer) == "5")
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
        let digest = try await agency.digest
        for laptop in [bela, agency.founder] {
            #expect(try await laptop.digest == digest)
            #expect(try await laptop.query(checkIns) == "5")
        }
        #expect(try await rosa.query(checkIns) == "4")
        #expect(try await leo.query(checkIns) == "3")
        let phones = "SELECT group_concat(phone, ' ') FROM (SELECT phone FROM participant ORDER BY code)"
        #expect(try await bela.query(phones) == "555 0101 555 0103 555 0104")
        for laptop in everybody { #expect(try await laptop.run(["doctor"]).exit == .code(0)) }
        #expect(try await agency.run("verify").contains("Nothing was altered"))
    }

    @Test func `two restores of one backup are two epochs, and nothing is lost by either`() async throws {
        let agency = try await Agency()
        let bela = try await agency.laptop(of: "AD02")
        try await agency.run("backup", "--to", "backup.sqlite")
        for (round, epoch) in [2, 3].enumerated() {
            try await bela.done(
                "checkin", "add", "P000\(round + 1)", "round \(round)", "--at", "yesterday 1\(round):00")
            try await bela.done("sync")
            #expect(try await restore(agency)["epoch"].whole == epoch)
            for laptop in [bela, agency.founder, bela] { try await laptop.done("sync") }
            #expect(try await agency.query(onServer) == "\(round + 1)")
            #expect(try await bela.digest == agency.digest)
            #expect(try await agency.founder.digest == agency.digest)
        }
        let epochs = try String(
            contentsOf: agency.folder("server").appending(path: "porchlight.epochs"), encoding: .utf8)
        #expect(epochs.split(separator: "\n").count == 3)
    }

    @Test func `who was retired since the backup stays retired, and who was enrolled since goes on`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await agency.run("backup", "--to", "backup.sqlite")
        let leo = try await agency.laptop(of: "PS09")
        try await leo.done("checkin", "add", "P0002", "on a new laptop", "--at", "yesterday 08:00")
        try await leo.done("sync")
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        _ = try await restore(agency)

        let refused = try Refused(try await rosa.run(["sync", "--json"]), sourceLocation: #_sourceLocation)
        #expect(refused.code == "retired")
        try await leo.done("sync")
        try await agency.founder.done("sync")
        #expect(try await agency.query(onServer) == "1")
        #expect(try await leo.waiting == 0)
        #expect(try await agency.founder.digest == agency.digest)
        let kinds = try JSONTree(try await agency.run("audit", "--json")).list.compactMap { $0["kind"].text }
        #expect(kinds.contains("restore") && kinds.contains("epoch"))
    }

    @Test func `a backup is restored on another machine`() async throws {
        let agency = try await Agency()
        let bela = try await agency.laptop(of: "AD02")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await bela.done("checkin", "add", "P0001", "on the old machine", "--at", "yesterday 08:00")
        try await bela.done("sync")
        try await agency.kill()
        try FileManager.default.removeItem(at: agency.folder("server"))
        let told = try JSONTree(try await agency.run("restore", "backup.sqlite", "--json"))
        #expect(told["replaced"] == .null)
        try await agency.start()
        for laptop in [bela, agency.founder] { try await laptop.done("sync") }
        #expect(try await agency.query(onServer) == "1")
        #expect(try await bela.digest == agency.digest)
        #expect(try await agency.founder.digest == agency.digest)
    }

    /// Rosa's laptop has a check-in of Leo's that the server has lost, and Leo has not synced since.
    @Test
    func `what only a laptop has since a restore is no difference, and what differs is found all the same`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await leo.done("checkin", "add", "P0003", "both see this", "--at", "yesterday 11:00")
        for laptop in [leo, rosa] { try await laptop.done("sync") }
        #expect(try await rosa.query(checkIns) == "1")
        _ = try await restore(agency)
        let first = try await rosa.run(["sync"])
        #expect(
            first.exit == .code(0) && first.errors.contains("shown as it stood then until they"), "\(first)")

        let found = try await rosa.json("verify")
        #expect(found["equal"].flag == true && found["kept"].whole == 1)
        #expect(found["differences"].list.map { $0["kind"].text } == ["kept"])
        let told = try await rosa.done("verify")
        #expect(
            told.contains("all as the office has them, but for 1 that it has not got back yet"), "\(told)")
        #expect(told.contains("nothing is to be done"), "\(told)")
        let doctor = try await rosa.done("doctor")
        #expect(doctor.contains("the server was restored (found today"), "\(doctor)")
        #expect(doctor.contains("1 record is only here"), "\(doctor)")

        // A record that should be here is not: that is a difference, whatever is kept.
        let gone = "SELECT id FROM sync_record WHERE tbl = 'participant' AND keyset > 0 LIMIT 1"
        _ = try await rosa.query("DELETE FROM sync_record WHERE id = (\(gone))")
        let outcome = try await rosa.run(["verify", "--json"])
        #expect(outcome.exit == .code(65), "\(outcome)")
        let real = try JSONTree(outcome.output)
        #expect(real["equal"].flag == false && real["kept"].whole == 1)
        #expect(Set(real["differences"].list.map { $0["kind"].text }) == ["kept", "missing"])
        #expect(outcome.errors.contains("1 record differs"), "\(outcome.errors)")

        for laptop in [leo, agency.founder] { try await laptop.done("sync") }
        #expect(try await leo.json("verify")["kept"].whole == 0)
    }

    /// Somebody who was added after the backup syncs before the administrator who had added them.
    @Test
    func `who was added after the backup is refused in true words, and heals by itself, and that is noted`()
        async throws
    {
        let agency = try await Agency()
        try await agency.run("backup", "--to", "backup.sqlite")
        try await agency.founder.done(
            "staff", "add", "PS11", "--name", "Uma Ray", "--role", "peer", "--site", "S1")
        try await agency.founder.done("assign", "P0003", "--to", "PS11", "--basis", "referral")
        try await agency.founder.done("sync")
        let uma = try await agency.laptop(of: "PS11")
        try await uma.done("checkin", "add", "P0003", "walked", "--at", "yesterday 11:00")
        try await uma.done("sync")
        let before = try await agency.digest
        _ = try await restore(agency)
        try await uma.done("sync")
        let refused = try await uma.json("outbox")["entries"].list
        #expect(refused.first?["code"].text == "scope")
        #expect(
            refused.first?["reason"].text?.contains("it was restored, and may not have got back yet") == true)

        for laptop in [agency.founder, uma] { try await laptop.done("sync") }
        #expect(try await uma.json("outbox")["entries"].list.isEmpty)
        #expect(try await agency.digest == before)
        let audit = try JSONTree(try await agency.run("audit", "--json")).list
        let entry = try #require(audit.last { $0["kind"].text == "admission" })
        #expect(entry["staff"].text == "PS11" && entry["counts"]["changes"].whole == 1)
        let change = try #require(entry["counts"]["change"].whole)
        #expect(try await agency.query("SELECT outcome FROM change WHERE position = \(change)") == "0")
        #expect(try await agency.run("verify").contains("Nothing was altered"))
    }

    /// Two peers' clash, and the decision of an administrator who had seen both values.
    @Test(arguments: [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1]])
    func `what was decided since the backup stays decided, whoever syncs first`(order: [Int]) async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let bela = try await agency.laptop(of: "AD02")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107")
        try await leo.done("participant", "edit", "P0003", "--phone", "555 0109")
        for laptop in [rosa, leo, bela] { try await laptop.done("sync") }
        try await bela.done("resolve", "P0003", "contact", "--keep", "B", "--reason", "seen")
        let phone = "SELECT phone, clash FROM participant WHERE code = 'P0003'"
        let decided = try await bela.query(phone)
        let everybody = [rosa, leo, bela, agency.founder]
        for laptop in [bela] + everybody { try await laptop.done("sync") }
        _ = try await restore(agency)

        for _ in 0..<2 {
            for place in order {
                #expect(try await everybody[place].json("sync")["quarantined"].whole == 0)
            }
        }
        for laptop in everybody {
            #expect(try await laptop.query(phone) == decided)
            #expect(try await laptop.json("conflicts")["conflicts"].list.isEmpty)
        }
        for laptop in [bela, agency.founder] { #expect(try await laptop.digest == agency.digest) }
    }

    /// In the same folder its journal tells; in a new one the first laptop does, which knows a later epoch. Bela's laptop
    /// does not call before all is well: what was on it comes from another's.
    @Test(arguments: [true, false])
    func `a database copied back by hand is found out, and heals as well`(hasJournal: Bool) async throws {
        let agency = try await Agency()
        let bela = try await agency.laptop(of: "AD02")
        try await agency.run("backup", "--to", "backup.sqlite")
        _ = try await restore(agency)
        for laptop in [bela, agency.founder] { try await laptop.done("sync") }
        try await bela.done("checkin", "add", "P0001", "after it all", "--at", "yesterday 08:00")
        for laptop in [bela, agency.founder] { try await laptop.done("sync") }
        try await agency.stop()
        let database = try agency.folder("server").appending(path: "porchlight.sqlite")
        try FileManager.default.removeItem(at: database)
        try FileManager.default.copyItem(
            at: agency.runner.home.appending(path: "backup.sqlite"), to: database)
        if !hasJournal {
            try FileManager.default.removeItem(
                at: agency.folder("server").appending(path: "porchlight.epochs"))
        }
        try await agency.start()
        #expect(
            agency.log.contains("the database is older than the journal in its folder") == hasJournal)
        try await agency.founder.done("sync")
        #expect(try await agency.query(onServer) == "1")
        for laptop in [bela, agency.founder] { try await laptop.done("sync") }
        #expect(try await agency.query("SELECT epoch FROM agency") == "3")
        #expect(try await agency.query(onServer) == "1")
        for laptop in [bela, agency.founder] { #expect(try await laptop.digest == agency.digest) }
    }

    /// What hangs together, written by several after the backup: a participant and their place with Rosa by Bela, a
    /// referral by Nora that Rosa accepts, a check-in by Rosa. Rosa's laptop and Nora's only hear of it from the
    /// server that then loses it.
    @Test(arguments: [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]])
    func `whoever syncs first after a restore, what hangs together is whole in the end`(order: [Int])
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let nora = try await agency.laptop(of: "N01")
        let bela = try await agency.laptop(of: "AD02")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await bela.done("participant", "add", "Edda", "--family", "Ulm", "--site", "S1", "--team", "ACT1")
        let edda = try await bela.query("SELECT code FROM participant WHERE preferred_name = 'Edda'")
        try await bela.done("assign", edda, "--to", "PS07", "--basis", "referral")
        for laptop in [bela, nora, rosa] { try await laptop.done("sync") }
        let sent = try await nora.json(
            "referral", "add", edda, "--to-peer", "PS07", "--need", "company to the clinic")
        let id = try #require(sent["short"].text)
        for laptop in [nora, rosa] { try await laptop.done("sync") }
        try await rosa.done("referral", "accept", id)
        try await rosa.done("checkin", "add", edda, "first visit", "--at", "yesterday 10:00")
        let everybody = [rosa, nora, bela, agency.founder]
        for laptop in everybody + [nora] { try await laptop.done("sync") }
        _ = try await restore(agency)

        for _ in 0..<2 {
            for place in order {
                let report = try await everybody[place].json("sync")
                #expect(report["quarantined"].whole == 0, "\(everybody[place].name): \(report)")
            }
        }
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
        let digest = try await agency.digest
        for laptop in [bela, agency.founder] { #expect(try await laptop.digest == digest) }
        #expect(try await rosa.query("SELECT status FROM referral") == "accepted")
        #expect(try await nora.query("SELECT status FROM referral") == "accepted")
        for laptop in everybody { #expect(try await laptop.waiting == 0) }
    }

    @Test func `what is offered again keeps the time it was given`() async throws {
        let agency = try await Agency()
        let bela = try await agency.laptop(of: "AD02")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await bela.done("checkin", "add", "P0001", "after the backup", "--at", "yesterday 08:00")
        for laptop in [bela, agency.founder] { try await laptop.done("sync") }
        let before = try await agency.digest
        _ = try await restore(agency)
        for laptop in [bela, agency.founder] { try await laptop.done("sync") }
        #expect(try await agency.digest == before)
        for laptop in [bela, agency.founder] { #expect(try await laptop.digest == before) }
    }

    @Test func `what a lost laptop had written comes back from the administrators' laptops`() async throws {
        let agency = try await Agency()
        let leo = try await agency.laptop(of: "PS09")
        let bela = try await agency.laptop(of: "AD02")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await leo.done("checkin", "add", "P0002", "then the laptop was stolen", "--at", "yesterday 08:00")
        for laptop in [leo, bela, agency.founder] { try await laptop.done("sync") }
        let before = try await agency.digest
        _ = try await restore(agency)
        for laptop in [bela, agency.founder, bela] { try await laptop.done("sync") }
        #expect(try await agency.query(onServer) == "1")
        #expect(try await agency.digest == before)
        for laptop in [bela, agency.founder] { #expect(try await laptop.digest == before) }
        #expect(try await agency.run("verify").contains("Nothing was altered"))
    }
}
