import Foundation
import Glibc
import Testing

/// A disk that refuses to keep what it was given, at every moment where it is asked to: nothing is acknowledged that
/// is not kept, nothing that was kept is lost, and people are told in words.
@Suite struct FailingDiskTests {
    /// The syncs at which a disk fails in turn: more than the work has, so that the last ones meet none.
    private static let manners: [FailingDisk.Manner] =
        (1...6).map { .once(at: $0) } + (1...6).map { .forGood(from: $0) } + (1...6).map { .cut(at: $0) } + [
            .sound
        ]
    private static let rows = "SELECT did FROM check_in ORDER BY did"

    private func texts(_ laptop: Laptop) async throws -> [String] {
        try await laptop.query(Self.rows).split(separator: "\n").map(String.init)
    }

    /// The words of a program whose disk failed.
    private func isExplained(_ outcome: Outcome, _ manner: FailingDisk.Manner) {
        #expect(outcome.errors.hasPrefix("error: the disk reported an error\n"), "\(manner): \(outcome)")
        #expect(outcome.errors.contains("\ntry:   check the disk"), "\(manner): \(outcome)")
        #expect(!outcome.output.contains("Recorded"), "\(manner): \(outcome)")
    }

    @Test func `a laptop's disk that fails while something is recorded`() async throws {
        let agency = try await Agency()
        let disk = try await FailingDisk(agency.runner)
        let rosa = try await agency.laptop(of: "PS07")
        var (told, attempted, failed): (Set<String>, Set<String>, Int) = ([], [], 0)
        for (number, manner) in Self.manners.enumerated() {
            let text = "entry \(number)"
            attempted.insert(text)
            let outcome = try await rosa.run(
                ["checkin", "add", "P0001", text, "--at", "yesterday 08:\(10 + number)", "--yes"],
                environment: disk.under(manner))
            switch outcome.exit {
            case .code(0): told.insert(text)
            case .signal(SIGKILL): failed += 1
            default:
                failed += 1
                isExplained(outcome, manner)
                // It may have been kept all the same, and so nobody is told that it was not.
                #expect(!outcome.errors.contains("was not recorded"), "\(manner): \(outcome)")
            }
            let there = try await texts(rosa)
            #expect(told.isSubset(of: there) && attempted.isSuperset(of: there), "\(manner): \(there)")
            #expect(Set(there).count == there.count, "\(manner): \(there)")
            #expect(try await rosa.query("PRAGMA integrity_check") == "ok", "\(manner)")
        }
        #expect(failed >= 3 && told.count >= 3, "\(failed) failed, \(told.count) did not")
        #expect(try await rosa.run(["doctor"]).exit == .code(0))
        try await rosa.done("sync")
        try await agency.founder.done("sync")
        #expect(try await texts(agency.founder) == texts(rosa))
        Soak.tell(
            "a laptop's disk: \(Self.manners.count) entries, \(failed) failed, \(told.count) acknowledged, all there"
        )
    }

    @Test func `a laptop's disk that fails while it syncs`() async throws {
        let agency = try await Agency()
        let disk = try await FailingDisk(agency.runner)
        let rosa = try await agency.laptop(of: "PS07")
        var failed = 0
        for (number, manner) in Self.manners.enumerated() {
            try await rosa.done("checkin", "add", "P0001", "entry \(number)", "--yes")
            let outcome = try await rosa.run(["sync"], environment: disk.under(manner))
            if outcome.exit != .code(0) { failed += 1 }
            if ![.code(0), .signal(SIGKILL)].contains(outcome.exit) {
                #expect(
                    outcome.errors.hasPrefix("error: the disk reported an error\n"), "\(manner): \(outcome)")
            }
            let sent = try await rosa.query("SELECT count(*) FROM check_in WHERE waiting = 0")
            let taken = try await agency.query("SELECT count(*) FROM record WHERE \"table\" = 'check_in'")
            #expect(try #require(Int(sent)) <= #require(Int(taken)), "\(manner)")
            #expect(try await texts(rosa).count == number + 1, "\(manner)")
            #expect(try await rosa.query("PRAGMA integrity_check") == "ok", "\(manner)")
        }
        #expect(failed >= 3)
        try await rosa.done("sync")
        #expect(try await rosa.waiting == 0)
        #expect(try await rosa.run(["doctor"]).exit == .code(0))
        let count = "SELECT count(*) FROM record WHERE \"table\" = 'check_in'"
        #expect(try await agency.query(count) == "\(Self.manners.count)")
        Soak.tell("a laptop's disk: \(Self.manners.count) syncs, \(failed) failed, nothing lost")
    }

    @Test func `a server's disk that fails while it takes something`() async throws {
        let agency = try await Agency()
        let disk = try await FailingDisk(agency.runner)
        let rosa = try await agency.laptop(of: "PS07")
        let manners: [FailingDisk.Manner] =
            (1...8).map { .once(at: $0) } + (1...4).map { .forGood(from: $0) } + (1...8).map { .cut(at: $0) }
            + [.sound]
        var (refused, unstarted) = (0, 0)
        for (number, manner) in manners.enumerated() {
            try await agency.stop()
            try await rosa.done("checkin", "add", "P0001", "entry \(number)", "--yes")
            if let failed = try await agency.attempt(environment: disk.under(manner)) {
                unstarted += 1
                if failed.exit != .signal(SIGKILL) {
                    #expect(
                        ["server's disk reported an error", "ready file could not"].contains {
                            failed.errors.contains($0)
                        }, "\(manner): \(failed)")
                    #expect(failed.errors.contains("\ntry:   "), "\(manner): \(failed)")
                }
            } else {
                let outcome = try await rosa.run(["sync"])
                if outcome.exit != .code(0) {
                    refused += 1
                    #expect(
                        outcome.errors.contains("kept here and will be sent by the next sync"),
                        "\(manner): \(outcome)")
                }
                _ = try await agency.end()
            }
            try await agency.start()
            // What the laptop was told is at the office is there after the power came back.
            let sent = try await rosa.query("SELECT count(*) FROM check_in WHERE waiting = 0")
            let taken = try await agency.query("SELECT count(*) FROM record WHERE \"table\" = 'check_in'")
            #expect(try #require(Int(sent)) <= #require(Int(taken)), "\(manner)")
            #expect(try await agency.query("PRAGMA integrity_check") == "ok", "\(manner)")
            try await agency.run("verify")
        }
        #expect(refused >= 3, "\(refused) refused, \(unstarted) not started")
        try await rosa.done("sync")
        #expect(try await rosa.waiting == 0)
        let count = "SELECT count(*) FROM record WHERE \"table\" = 'check_in'"
        #expect(try await agency.query(count) == "\(manners.count)")
        Soak.tell(
            "a server's disk: \(manners.count) failures, \(refused) syncs refused, \(unstarted) starts refused, nothing lost"
        )
    }

    @Test func `the library itself takes back what was not synced, and keeps what was`() async throws {
        let runner = ProcessRunner()
        let disk = try await FailingDisk(runner)
        func make(_ file: String, sql: String = "", _ manner: FailingDisk.Manner) async throws -> Exit {
            try await runner.run(
                "sqlite3", [file, "\(sql) CREATE TABLE a (b)"], environment: disk.under(manner)
            ).exit
        }
        #expect(try await make("kept", .sound) == .code(0))
        #expect(try await runner.sql(".tables", in: "kept") == "a")
        // Said to be done, and never synced: the power takes it.
        #expect(try await make("off", sql: "PRAGMA synchronous = OFF;", .sound) == .code(0))
        #expect(try await runner.sql(".tables", in: "off") == "")
        #expect(try await make("refused", .once(at: 1)) != .code(0))
        #expect(try await runner.sql(".tables", in: "refused") == "")
        #expect(try await make("cut", .cut(at: 1)) == .signal(SIGKILL))
        #expect(try await runner.sql(".tables", in: "cut") == "")
    }
}
