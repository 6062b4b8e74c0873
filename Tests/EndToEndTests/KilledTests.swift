import Foundation
import Glibc
import Testing

/// Power cuts: whichever side is killed, and when, what was acknowledged is there and nothing is invented.
@Suite struct KilledTests {
    private let rounds = 10
    private let rowsARound = 120

    /// The check-ins of one round, as an older system would give them.
    private func write(round: Int, _ agency: Agency) throws {
        let rows = (0..<rowsARound).map { row in
            "\(round)-\(row),P000\(row % 4 + 1),PS07,check_in,2026-03-02T14:30:00Z,round \(round) row \(row)"
        }
        let header = "key,participant_code,peer,activity,start_at,did"
        let text = ([header] + rows).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: agency.folder("round").appending(path: "check_in.csv"))
    }

    private func isSound(_ agency: Agency, _ laptops: [Laptop]) async throws {
        #expect(try await agency.query("PRAGMA integrity_check") == "ok")
        for laptop in laptops { #expect(try await laptop.query("PRAGMA integrity_check") == "ok") }
    }

    @Test func `killing either side in mid-sync loses nothing and invents nothing`() async throws {
        let agency = try await Agency()
        let bela = try await agency.laptop(of: "AD02")
        let taken = "SELECT count(*) FROM record WHERE \"table\" = 'check_in'"
        for round in 0..<rounds {
            try write(round: round, agency)
            let laptop = round % 3 == 0 ? bela : agency.founder
            try await laptop.done("import", "round")
            let sync = try laptop.start("sync")
            // From before the request to after the answer, spread over the rounds.
            try await Waiting.pause(.milliseconds(30 + 45 * (round / 2)))
            if round % 2 == 0 {
                try await agency.kill()
            } else {
                sync.send(signal: SIGKILL)
            }
            let exit = try await sync.outcome().exit
            #expect([.code(0), .code(75), .signal(SIGKILL)].contains(exit), "\(sync.errors)")
            let acknowledged = "SELECT count(*) FROM check_in WHERE waiting = 0"
            let (ours, theirs) = (try await laptop.query(acknowledged), try await agency.query(taken))
            #expect(try #require(Int(theirs)) >= #require(Int(ours)), "round \(round)")
            try await isSound(agency, [laptop])
            if round % 2 == 0 { try await agency.start() }
        }
        for laptop in [agency.founder, bela, agency.founder] { try await laptop.done("sync") }
        let all = "\(rounds * rowsARound)|\(rounds * rowsARound)"
        for laptop in [agency.founder, bela] {
            #expect(try await laptop.waiting == 0)
            #expect(try await laptop.query("SELECT count(*), count(DISTINCT did) FROM check_in") == all)
            #expect(try await laptop.digest == agency.digest)
            #expect(try await laptop.run(["doctor"]).exit == .code(0))
        }
        try await isSound(agency, [agency.founder, bela])
        // Each change once, however often it was sent.
        let twice = "SELECT count(*) FROM (SELECT 1 FROM change GROUP BY record, bytes HAVING count(*) > 1)"
        #expect(try await agency.query(twice) == "0")
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
    }

    @Test func `what was read back is on the disk, however the program ends`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        var told: [String] = []
        for attempt in 0..<12 {
            let text = "attempt \(attempt) of many"
            let add = try rosa.start(
                "checkin", "add", "P0001", text, "--at", "yesterday 08:\(10 + attempt)", "--yes")
            try await Waiting.pause(.milliseconds(10 + 12 * attempt))
            add.send(signal: SIGKILL)
            _ = try await add.outcome()
            if add.output.contains("Recorded") { told.append(text) }
        }
        let there = try await rosa.query("SELECT did FROM check_in ORDER BY start_at").split(separator: "\n")
        #expect(Set(told).isSubset(of: there.map(String.init)))
        #expect(Set(there).count == there.count)
        #expect(try await rosa.waiting == there.count)
        #expect(try await rosa.run(["doctor"]).exit == .code(0))
        try await rosa.done("sync")
        #expect(try await rosa.waiting == 0)
        let count = "SELECT count(*) FROM record WHERE \"table\" = 'check_in'"
        #expect(try await agency.query(count) == "\(there.count)")
        try await isSound(agency, [rosa])
    }
}
