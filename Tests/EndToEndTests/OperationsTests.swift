import Foundation
import Glibc
import Testing

/// What an administrator runs beside the server: backup, restore, verify, audit.
@Suite struct OperationsTests {
    private func refused(_ agency: Agency, _ verb: String...) async throws -> Refused {
        let outcome = try await agency.runner.run(
            Products.path(of: "porchlightd"), verb + ["--data", "server", "--json"])
        return try Refused(outcome, sourceLocation: #_sourceLocation)
    }

    @Test func `a backup is made while the server works, and is never half of one`() async throws {
        let agency = try await Agency()
        let bela = try await agency.laptop(of: "AD02")
        try await bela.done("checkin", "add", "P0001", "walked", "--at", "yesterday 08:00")
        let sync = try bela.start("sync")
        let told = try JSONTree(try await agency.run("backup", "--to", "one.sqlite", "--json"))
        #expect(try await sync.outcome().exit == .code(0))
        let sizes = try await agency.runner.sql(
            "SELECT epoch, log, (SELECT count(*) FROM change) FROM agency", in: "one.sqlite")
        let log = try #require(told["log"].whole)
        #expect(sizes == "1|\(log)|\(log)")
        #expect(told["at"].text?.hasSuffix("Z") == true)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: agency.runner.home.appending(path: "one.sqlite").path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == told["bytes"].whole)

        let again = try await refused(agency, "backup", "--to", "one.sqlite")
        #expect(again.code == "exists" && again.exit == .code(65))
        let lines = try await agency.run("backup", "--to", "one.sqlite", "--force")
        #expect(lines.contains("It was read back, and is whole."))
        // A name of one letter, and no folder before it.
        try await agency.run("backup", "--to", "b")
        #expect(try await agency.runner.sql("SELECT epoch FROM agency", in: "b") == "1")
        let nowhere = try await refused(agency, "backup", "--to", "none/one.sqlite")
        #expect(nowhere.code == "nothing" && nowhere.exit == .code(65))
        let own = try await refused(agency, "backup", "--to", "server/porchlight.sqlite", "--force")
        #expect(own.code == "exists" && own.what.contains("server's own file"))
    }

    @Test func `nothing is restored under a running server, nor from what is no backup`() async throws {
        let agency = try await Agency()
        try await agency.run("backup", "--to", "one.sqlite")
        let before = try await agency.digest
        let busy = try await refused(agency, "restore", "one.sqlite")
        #expect(busy.code == "busy" && busy.exit == .code(75))
        #expect(busy.advice.contains("stop the server"))
        #expect(try await agency.founder.json("sync")["exchanges"].whole == 1)
        // A server that was killed holds nothing any more.
        try await agency.kill()
        let letter = try agency.runner.home.appending(path: "letter")
        try Data(String(repeating: "not a database at all ", count: 99).utf8).write(to: letter)
        let damaged = try await refused(agency, "restore", "letter")
        #expect(damaged.code == "damaged" && damaged.exit == .code(65))
        #expect(try await refused(agency, "restore", "none").code == "nothing")
        #expect(try await agency.digest == before)
        try await agency.run("restore", "one.sqlite")
    }

    @Test func `a folder has one server at a time, and other verbs beside it`() async throws {
        let agency = try await Agency()
        for port in ["0", "\(agency.port)"] {
            let second = try await refused(agency, "serve", "--plain-http", "--port", port)
            #expect(second.code == "busy" && second.exit == .code(75), "\(second)")
            #expect(second.what == "another porchlightd serves this folder already")
            #expect(second.means.contains("that server goes on") && second.advice.contains("stop it first"))
        }
        // The first goes on, and so does what is done beside it.
        #expect(try await agency.founder.json("sync")["exchanges"].whole == 1)
        try await agency.run("backup", "--to", "one.sqlite")
        try await agency.run("verify")
        try await agency.run("audit")
        try await agency.run("quarantine", "list")
        try await agency.run("device", "list")
        let own = try await refused(agency, "backup", "--to", "server/porchlight.serving", "--force")
        #expect(own.code == "exists" && own.what.contains("server's own file"))
        // However a server ends, the folder is free again.
        try await agency.kill()
        try await agency.start()
        try await agency.stop()
        try await agency.start()
        #expect(try await agency.founder.json("sync")["exchanges"].whole == 1)
    }

    @Test func `what was altered in the database is named, with an exit code of its own`() async throws {
        let agency = try await Agency()
        try await agency.founder.done("checkin", "add", "P0001", "walked", "--at", "yesterday 08:00")
        try await agency.founder.done("sync")
        #expect(try await agency.run("verify").hasPrefix("Nothing was altered: "))
        let report = try JSONTree(try await agency.run("verify", "--json"))
        #expect(report["changes"].whole == report["log"].whole)
        let position = try await agency.query("SELECT max(position) FROM change")
        _ = try await agency.query(
            """
            UPDATE change SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || 'x' AS BLOB)
            WHERE position = \(position)
            """)
        let found = try await refused(agency, "verify")
        #expect(found.code == "damaged" && found.exit == .code(65))
        #expect(found.what.contains("of a log of LT-1 was altered (log position \(position))"))
    }

    @Test func `a backup is verified by itself, and what was altered in it is named`() async throws {
        let agency = try await Agency()
        try await agency.run("backup", "--to", "one.sqlite")
        try await agency.stop()
        let daemon = try Products.path(of: "porchlightd")
        func verify(_ arguments: String...) async throws -> Outcome {
            try await agency.runner.run(daemon, ["verify"] + arguments)
        }
        let whole = try await verify("--file", "one.sqlite")
        #expect(whole.exit == .code(0) && whole.output.contains("Nothing was altered"), "\(whole)")
        _ = try await agency.runner.sql("DROP INDEX change_record", in: "one.sqlite")
        let altered = try await verify("--file", "one.sqlite")
        #expect(altered.exit == .code(65) && altered.errors.contains("the index change_record is missing"))
        #expect(try await verify("--file", "none.sqlite").exit == .code(65))
        #expect(try await verify().exit == .code(64))
        #expect(try await verify("--file", "one.sqlite", "--data", "server").exit == .code(64))
        // The server's own is as it was.
        #expect(try await verify("--data", "server").exit == .code(0))
    }

    @Test func `the audit log is printed for people and for programs`() async throws {
        let agency = try await Agency()
        _ = try await agency.laptop(of: "PS07")
        // Whoever types what a laptop is called is told its code.
        let name = try #require(
            JSONTree(try await agency.run("device", "list", "--json")).list.first {
                $0["device"].text == "LT-2"
            }?["name"].text)
        let called = try await refused(agency, "device", "retire", name)
        #expect(called.advice.contains("porchlightd device retire LT-2"), "\(called)")
        let unknown = try await refused(agency, "device", "retire", "LT-99")
        #expect(unknown.what.contains("no device LT-99"), "\(unknown)")
        try await agency.run("device", "retire", "LT-2")
        try await agency.run("backup", "--to", "one.sqlite")
        let lines = try await agency.run("audit").split(separator: "\n")
        #expect(lines.last?.contains("backup") == true)
        let exchanges = lines.filter { $0.contains("exchange  LT-1  AD01  taken ") }
        #expect(!exchanges.isEmpty && exchanges.allSatisfy { !$0.contains("quarantined") })
        #expect(lines.contains { $0.hasSuffix("retirement  LT-2  PS07") })
        let entries = try JSONTree(try await agency.run("audit", "--json")).list
        #expect(entries.count == lines.count)
        #expect(entries.map { $0["number"].whole } == Array(1...entries.count))
        #expect(entries[0]["kind"].text == "invite" && entries[0]["staff"].text == "AD01")
        #expect(entries.last?["counts"]["epoch"].whole == 1)
        #expect(try await agency.run("audit", "--since", "2200-01-01").trimmed == "nothing was noted")
        #expect(try await agency.run("audit", "--since", "2200-01-01", "--json") == "[]\n")
        for day in ["2 days ago", "last friday", "2020-01-01T00:00:00Z"] {
            #expect(try await agency.run("audit", "--since", day) == agency.run("audit"), "\(day)")
        }
        // Around midnight in UTC it may be tomorrow by now.
        let today = try await agency.run("audit", "--since", "today").split(separator: "\n")
        #expect(
            try await Set(today).isSubset(
                of: agency.run("audit").split(separator: "\n") + ["nothing was noted"]))
        let wrong = try await agency.runner.run(
            Products.path(of: "porchlightd"), ["audit", "--data", "server", "--since", "soon"])
        #expect(wrong.exit == .code(64) && wrong.errors.contains("2026-03-01"))
        for personal in ["Rosa", "Ana", "Harbor"] { #expect(!lines.joined().contains(personal)) }
    }

    @Test func `whenever a backup or a restore is killed, the next one is whole`() async throws {
        let agency = try await Agency()
        try await agency.run("backup", "--to", "one.sqlite")
        let digest = try await agency.digest
        try await agency.stop()
        let program = try Products.path(of: "porchlightd")
        var epochs = [1]
        for round in 0..<10 {
            for verb in [["backup", "--to", "two.sqlite", "--force"], ["restore", "one.sqlite"]] {
                let process = try agency.runner.start(program, verb + ["--data", "server"])
                try await Waiting.pause(.milliseconds(8 + 4 * round))
                process.send(signal: SIGKILL)
                _ = try await process.outcome()
            }
            // A file of that name is a whole backup, or it is not there.
            if FileManager.default.fileExists(
                atPath: try agency.runner.home.appending(path: "two.sqlite").path)
            {
                #expect(try await agency.runner.sql("PRAGMA integrity_check", in: "two.sqlite") == "ok")
            }
            let told = try JSONTree(try await agency.run("restore", "one.sqlite", "--json"))
            epochs.append(try #require(told["epoch"].whole))
            #expect(try await agency.digest == digest)
            #expect(try await agency.run("verify").hasPrefix("Nothing was altered: "))
        }
        #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }, "\(epochs)")
        let names = try FileManager.default.contentsOfDirectory(atPath: agency.folder("server").path)
        #expect(!names.contains { $0.contains(".restoring") || $0.hasSuffix(".sqlite-journal") })
        try await agency.run("backup", "--to", "two.sqlite", "--force")
        try await agency.start()
        #expect(try await agency.founder.json("sync")["quarantined"].whole == 0)
        #expect(try await agency.founder.digest == agency.digest)
    }
}
