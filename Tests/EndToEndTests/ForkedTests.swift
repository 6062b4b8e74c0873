import Foundation
import Testing

/// Copied laptops, laptops put back to an older file, servers put back and overtaken: with the built commands, and with
/// nothing done by hand but the copying itself.
@Suite struct ForkedTests {
    private let entries = "SELECT did FROM check_in ORDER BY did"

    /// Copies a database as it lies there, with the log in front of it; with the small file beside it, if all is copied.
    private func copy(_ agency: Agency, _ source: String, to target: String, whole: Bool = false) throws {
        let home = try agency.runner.home
        for suffix in ["", "-wal", "-shm"] + (whole ? ["-id"] : []) {
            let (from, to) = (home.appending(path: source + suffix), home.appending(path: target + suffix))
            try? FileManager.default.removeItem(at: to)
            // The shared memory belongs to whoever has the file open; it is made anew.
            guard suffix != "-shm", FileManager.default.fileExists(atPath: from.path) else { continue }
            try FileManager.default.copyItem(at: from, to: to)
        }
    }

    private func record(_ laptop: Laptop, _ participant: String, _ text: String) async throws {
        try await laptop.done("checkin", "add", participant, text, "--at", "yesterday 09:00", "--yes")
    }

    /// Everybody syncs until nothing moves any more; then all agree, and nothing is in quarantine or waits.
    private func settle(_ agency: Agency, _ laptops: [Laptop]) async throws {
        let everybody = laptops + [agency.founder]
        for laptop in everybody + everybody {
            let report = try await laptop.json("sync")
            #expect(report["quarantined"].whole == 0, "\(laptop.name): \(report)")
        }
        for laptop in everybody {
            #expect(try await laptop.waiting == 0, "\(laptop.name)")
            #expect(try await laptop.run(["doctor"]).exit == .code(0), "\(laptop.name)")
            #expect(try await laptop.json("verify")["equal"].flag == true, "\(laptop.name)")
        }
        #expect(try await agency.founder.digest == agency.digest)
        #expect(try await agency.run("verify").contains("Nothing was altered"))
    }

    private func happened(_ laptop: Laptop) async throws -> [JSONTree] {
        try await laptop.json("doctor")["events"].list
    }

    @Test(arguments: [false, true])
    func `a replica is copied to a second laptop, and both go on`(copyFirst: Bool) async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await record(rosa, "P0001", "a: sent before")
        try await rosa.done("sync")
        try await record(rosa, "P0001", "b: not sent when it was copied")
        try copy(agency, rosa.file, to: "second.sqlite")
        let second = Laptop(name: "second", runner: agency.runner)
        try await record(rosa, "P0003", "c: on the first")
        try await record(second, "P0003", "d: on the second")
        try await second.done("participant", "edit", "P0001", "--phone", "555 0107")
        let order = copyFirst ? [second, rosa] : [rosa, second]
        try await order[0].done("sync")
        let found = try await order[1].run(["sync"])
        #expect(found.exit == .code(0) && found.errors.contains("under a name of its own"))
        try await settle(agency, [rosa, second])
        let all = """
            a: sent before
            b: not sent when it was copied
            c: on the first
            d: on the second
            """
        // What both had and neither had sent counts once or twice as it was sent; nothing of it is missing.
        for laptop in [rosa, second, agency.founder] {
            let held = try await laptop.query("SELECT DISTINCT did FROM check_in ORDER BY did")
            #expect(held == all, "\(laptop.name)")
            #expect(try await laptop.query(entries) == all, "\(laptop.name)")
            let phone = "SELECT phone FROM participant WHERE code = 'P0001'"
            #expect(try await laptop.query(phone) == "555 0107", "\(laptop.name)")
        }
        #expect(try await rosa.digest == second.digest)
        let event = try #require(try await happened(order[1]).last)
        #expect(event["kind"].text == "copied" && event["agreed"].whole != nil)
        let told = try await order[1].done("doctor")
        #expect(told.contains("what happened to this laptop") && told.contains("found to be a copy"))
        #expect(told.contains("Nothing that was synced is lost"))
        // To the server they are one laptop, and whoever retires it is told what that means.
        let device = try #require(try await rosa.json("status")["device"].text)
        let listed = try JSONTree(try await agency.run("device", "list", "--json")).list
        #expect(listed.first { $0["device"].text == device }?["logs"].whole == 2)
        #expect(listed.first { $0["device"].text != device }?["logs"].whole == 1)
        #expect(try await agency.run("device", "list").contains("2 logs"))
        let retired = try await agency.run("device", "retire", device)
        #expect(
            retired.contains("It has 2 logs") && retired.contains("that copy is retired too"), "\(retired)")
        for laptop in [rosa, second] { #expect(try await laptop.run(["sync"]).exit == .code(77)) }
    }

    @Test(arguments: [false, true])
    func `a laptop is put back to last week's file after it had sent`(whole: Bool) async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await record(rosa, "P0001", "a: before the copy")
        try await rosa.done("sync")
        try copy(agency, rosa.file, to: "week.sqlite", whole: whole)
        try await record(rosa, "P0001", "b: since, and sent")
        try await record(rosa, "P0003", "c: since, and sent")
        try await rosa.done("sync")
        try await record(rosa, "P0001", "e: never sent, and gone with the file")
        try copy(agency, "week.sqlite", to: rosa.file, whole: whole)
        try await record(rosa, "P0003", "d: after it was put back")
        // The file beside the database shows it at once; where that was put back too, only the server can.
        #expect(try await happened(rosa).map { $0["kind"].text } == (whole ? [] : ["displaced"]))
        #expect(try await rosa.json("sync")["reidentified"].flag == whole)
        try await settle(agency, [rosa])
        for laptop in [rosa, agency.founder] {
            #expect(
                try await laptop.query(entries) == """
                    a: before the copy
                    b: since, and sent
                    c: since, and sent
                    d: after it was put back
                    """)
        }
        #expect(try await happened(rosa).map { $0["kind"].text } == [whole ? "copied" : "displaced"])
        let told = try await rosa.done("doctor")
        #expect(told.contains("put back from an older one") && !told.contains("Nothing is lost"))
        #expect(
            told.contains(
                whole
                    ? "what was recorded in it and never synced is only there"
                    : "never sent was in the file that was replaced or left behind: it is not here"))
    }

    @Test(arguments: [false, true])
    func `a replica is copied when nothing waits, with or without the file beside it`(whole: Bool)
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await record(rosa, "P0001", "a: sent before")
        try await rosa.done("sync")
        try copy(agency, rosa.file, to: "second.sqlite", whole: whole)
        let second = Laptop(name: "second", runner: agency.runner)
        for number in 1...3 {
            try await record(rosa, "P0001", "f\(number): on the first")
            try await record(second, "P0003", "s\(number): on the second")
        }
        #expect(try await happened(second).map { $0["kind"].text } == (whole ? [] : ["displaced"]))
        let found = [try await second.json("sync"), try await rosa.json("sync")]
        // Without the file beside it the copy knew at once, and nothing was numbered twice.
        #expect(found.map { $0["reidentified"].flag } == [false, whole])
        try await settle(agency, [rosa, second])
        for laptop in [rosa, second, agency.founder] {
            #expect(try await laptop.query("SELECT count(DISTINCT did) FROM check_in") == "7")
            #expect(try await laptop.query("SELECT count(*) FROM check_in") == "7")
        }
        #expect(try await rosa.digest == second.digest)
    }

    @Test func `a laptop is put back to last week's file before it had sent`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await record(rosa, "P0001", "a: waits in the copy too")
        try copy(agency, rosa.file, to: "week.sqlite")
        try await record(rosa, "P0001", "b: never sent, and gone with the file")
        try copy(agency, "week.sqlite", to: rosa.file)
        try await record(rosa, "P0003", "c: after it was put back")
        try await settle(agency, [rosa])
        // What was in no file any more is gone; what was in the file is all there, once.
        for laptop in [rosa, agency.founder] {
            #expect(
                try await laptop.query(entries) == "a: waits in the copy too\nc: after it was put back")
        }
        // Nothing had left under a number of the file that was replaced: the two fit, and there is nothing to tell.
        #expect(try await happened(rosa).isEmpty)
    }

    /// The server's file is put back: by hand as it lies there, or from a backup by `restore`.
    private func putBack(_ agency: Agency, byHand: Bool) async throws {
        try await agency.stop()
        if byHand {
            try copy(agency, "night.sqlite", to: "server/porchlight.sqlite")
        } else {
            try await agency.run("restore", "night.sqlite")
        }
        try await agency.start()
    }

    private func keepNight(_ agency: Agency, byHand: Bool) async throws {
        if byHand {
            try await agency.stop()
            try copy(agency, "server/porchlight.sqlite", to: "night.sqlite")
            try await agency.start()
        } else {
            try await agency.run("backup", "--to", "night.sqlite")
        }
    }

    @Test(arguments: [true, false])
    func `a server is put back to last night and overtaken before anyone notices`(byHand: Bool) async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let bela = try await agency.laptop(of: "AD02")
        try await record(rosa, "P0001", "a: before the night")
        for laptop in [rosa, leo, bela, agency.founder] { try await laptop.done("sync") }
        try await keepNight(agency, byHand: byHand)
        try await record(rosa, "P0003", "b: since, and sent")
        try await bela.done("participant", "edit", "P0004", "--phone", "555 0104")
        for laptop in [rosa, bela, agency.founder] { try await laptop.done("sync") }
        try await putBack(agency, byHand: byHand)

        // Leo has not synced since; nothing that he knows is missing. What he sends takes the places of what is lost.
        for number in 1...5 { try await record(leo, "P0002", "l\(number): overtakes") }
        try await leo.done("participant", "edit", "P0003", "--phone", "555 0103")
        try await leo.done("sync")
        try await record(rosa, "P0001", "c: not sent yet")
        let found = try await rosa.run(["sync"])
        #expect(found.exit == .code(0) && found.errors.contains("the server was restored"))
        try await settle(agency, [rosa, leo, bela])
        let all = """
            a: before the night
            b: since, and sent
            c: not sent yet
            l1: overtakes
            l2: overtakes
            l3: overtakes
            l4: overtakes
            l5: overtakes
            """
        for laptop in [bela, agency.founder] {
            #expect(try await laptop.query(entries) == all)
            let phones = "SELECT phone FROM participant WHERE phone <> '' ORDER BY phone"
            #expect(try await laptop.query(phones) == "555 0103\n555 0104")
            #expect(try await laptop.digest == agency.digest)
        }
        let event = try #require(try await happened(rosa).last)
        #expect(event["kind"].text == "server_restored" && event["offered"].whole == 2)
        #expect(event["reissued"].whole == 1)
        #expect(event["epoch_from"].whole == 1 && (event["epoch_to"].whole ?? 0) > 1)
        let told = try await rosa.done("doctor")
        #expect(
            told.contains("put back to a backup")
                && told.contains("What this laptop had recorded is not lost"))
    }

    @Test(arguments: [true, false])
    func `a server is put back and a laptop is copied and put back, all at once`(byHand: Bool) async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let bela = try await agency.laptop(of: "AD02")
        try await record(rosa, "P0001", "a: before everything")
        for laptop in [rosa, leo, bela, agency.founder] { try await laptop.done("sync") }
        try await keepNight(agency, byHand: byHand)
        try copy(agency, leo.file, to: "leo-week.sqlite")
        try await record(rosa, "P0003", "b: since the night")
        try await record(leo, "P0002", "c: since the night")
        for laptop in [rosa, leo, bela, agency.founder] { try await laptop.done("sync") }
        try copy(agency, rosa.file, to: "second.sqlite")
        let second = Laptop(name: "second", runner: agency.runner)
        try await putBack(agency, byHand: byHand)
        try copy(agency, "leo-week.sqlite", to: leo.file)

        try await record(leo, "P0002", "d: after Leo was put back")
        try await record(second, "P0003", "e: on the second laptop")
        try await record(rosa, "P0003", "f: on the first laptop")
        for laptop in [leo, second, rosa, bela] { try await laptop.done("sync") }
        try await settle(agency, [rosa, second, leo, bela])
        let all = """
            a: before everything
            b: since the night
            c: since the night
            d: after Leo was put back
            e: on the second laptop
            f: on the first laptop
            """
        for laptop in [bela, agency.founder] { #expect(try await laptop.query(entries) == all) }
        #expect(try await rosa.digest == second.digest)
        let kinds = try await happened(rosa).compactMap { $0["kind"].text }
        #expect(kinds.contains("server_restored") || kinds.contains("copied"))
    }

    @Test func `doctor says when a laptop was retired`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        #expect(try await happened(rosa).isEmpty)
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        _ = try await rosa.run(["sync"])
        let told = try await rosa.run(["doctor"])
        #expect(told.output.contains("an administrator retired this laptop"))
        #expect(try JSONTree(try await rosa.run(["doctor", "--json"]).output)["events"].list.count == 1)
    }
}
