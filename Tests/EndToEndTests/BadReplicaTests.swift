import Foundation
import Glibc
import Testing

/// A replica that cannot be read or written is said to be so, and is left as it is.
@Suite struct BadReplicaTests {
    private static let verbs = [
        ["status"], ["participant", "list"], ["checkin", "add", "P0001", "walked"], ["sync"], ["doctor"],
        ["doctor", "--rebuild"], ["undo", "--yes"],
    ]
    private static let counts = """
        SELECT (SELECT count(*) FROM sync_record), (SELECT count(*) FROM sync_change),
            (SELECT count(*) FROM participant), (SELECT count(*) FROM check_in)
        """

    /// A laptop with a check-in that has not been sent, its file whole on the disk.
    private func laptop(_ agency: Agency) async throws -> Laptop {
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "before the accident")
        #expect(try await rosa.query("PRAGMA wal_checkpoint(TRUNCATE)").hasPrefix("0|"))
        return rosa
    }

    private func copy(_ laptop: Laptop, as name: String, _ change: (inout Data) -> Void) throws -> Laptop {
        let copy = Laptop(name: name, runner: laptop.runner)
        var octets = try Data(contentsOf: URL(filePath: laptop.path))
        change(&octets)
        try octets.write(to: URL(filePath: copy.path))
        return copy
    }

    private func refusesEverything(_ laptop: Laptop, exit: Int32, code: String) async throws {
        let before = try Data(contentsOf: URL(filePath: laptop.path))
        for verb in Self.verbs {
            let outcome = try await laptop.run(verb)
            #expect(outcome.exit == .code(exit), "\(verb): \(outcome)")
            #expect(outcome.output == "")
            #expect(outcome.errors.hasPrefix("error: "))
            #expect(outcome.errors.contains("\ntry:   "))
        }
        _ = try await laptop.refuses("status", exit: exit, code: code)
        #expect(try Data(contentsOf: URL(filePath: laptop.path)) == before, "the file was changed")
    }

    @Test func `a replica cut off anywhere is damaged, and is left alone`() async throws {
        let agency = try await Agency()
        let rosa = try await laptop(agency)
        let size = try Data(contentsOf: URL(filePath: rosa.path)).count
        for kept in [0, 1, 60, 100, 511, 4_096, size / 3, size / 2, size - 4_096] {
            let broken = try copy(rosa, as: "cut-\(kept)") { $0 = $0.prefix(kept) }
            try await refusesEverything(broken, exit: 65, code: "damaged")
        }
        #expect(try await rosa.done("doctor").contains("the file is sound"))
    }

    @Test func `a file that is no replica is left alone`() async throws {
        let agency = try await Agency()
        let rosa = try await laptop(agency)
        let letter = try copy(rosa, as: "letter") { $0 = Data("Dear Rosa, ".utf8) + $0.suffix(9_000) }
        try await refusesEverything(letter, exit: 65, code: "damaged")
        let folder = Laptop(name: "folder", runner: agency.runner)
        _ = try agency.folder(folder.file)
        for verb in Self.verbs {
            let outcome = try await folder.run(verb)
            #expect([.code(65), .code(77)].contains(outcome.exit), "\(verb): \(outcome)")
            #expect(outcome.errors.hasPrefix("error: "))
        }
        let nobody = Laptop(name: "nobody", runner: agency.runner)
        let missing = try await nobody.refuses("today", exit: 65, code: "not_enrolled")
        #expect(missing.advice.contains("porchlight enroll"))
        #expect(!FileManager.default.fileExists(atPath: try nobody.path))
    }

    @Test func `a replica newer than the program waits for the newer program`() async throws {
        let agency = try await Agency()
        let rosa = try await laptop(agency)
        let before = try await rosa.query(Self.counts)
        let version = try await rosa.query("PRAGMA user_version")
        _ = try await rosa.query("PRAGMA user_version = 999")
        _ = try await rosa.query("PRAGMA wal_checkpoint(TRUNCATE)")
        try await refusesEverything(rosa, exit: 69, code: "too_new")
        _ = try await rosa.query("PRAGMA user_version = \(version)")
        #expect(try await rosa.query(Self.counts) == before)
        #expect(try await rosa.json("sync")["applied"].whole == 1)
    }

    @Test func `a place that cannot be written costs neither code nor records`() async throws {
        let agency = try await Agency()
        let code = try await agency.code(for: "PS07")
        let porchlight = try Products.path(of: "porchlight")
        let nowhere = ["--replica", "/proc/porchlight/replica.sqlite"]
        let refused = try await agency.runner.run(porchlight, agency.enrolment(code: code) + nowhere)
        #expect(refused.exit == .code(77))
        #expect(refused.errors.contains("the code can still be used"))
        let here = ["--replica", "rosa.sqlite"]
        let enrolled = try await agency.runner.run(porchlight, agency.enrolment(code: code) + here)
        #expect(enrolled.exit == .code(0), "\(enrolled)")
    }
}
