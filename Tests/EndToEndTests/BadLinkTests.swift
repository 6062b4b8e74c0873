import Foundation
import Testing

/// A week of work over a connection that is slow, lossy, and cut again and again.
@Suite struct BadLinkTests {
    /// How large the trial is. In every run of the tests it is scaled down: a faster link and fewer check-ins, cut as
    /// often in relation to what goes over it.
    private struct Scale {
        var checkIns: Int
        var manner: BadLink.Manner

        static var current: Scale {
            guard let checkIns = Soak.checkIns else {
                return Scale(
                    checkIns: 300,
                    manner: BadLink.Manner(
                        bytesPerSecond: 60_000, roundTrip: 0.03, loss: 0.2, bytesToReset: 4_000))
            }
            var manner = BadLink.Manner.hillside
            // Few check-ins are over before a link of the usual kind breaks.
            manner.bytesToReset = max(2_000, min(16_000, 12 * checkIns))
            return Scale(checkIns: checkIns, manner: manner)
        }
    }

    /// What a laptop went through until it had synced.
    private struct Passage {
        var cuts = 0
        /// The most changes that the failed exchanges can have carried, by how far the batch shrank after each.
        var atRisk = 0
        /// The batch before the first attempt, after each failure, and after the end.
        var batches: [Int] = []
        var seconds = 0.0
    }

    /// What an exchange carries.
    private struct Weight {
        /// Bytes of the largest change, and of what frames it.
        var change = 0
        /// Bytes of all changes together, uncompressed: a small batch compresses worse than the whole.
        var all = 0
        /// Bytes up of an exchange that carries none.
        var empty = 0

        /// What can go up at the most: everything once, what failed exchanges carried, and the heads of all of them.
        func most(_ passage: Passage, exchanges: Int) -> Int {
            all + passage.atRisk * change + exchanges * empty
        }
    }

    @Test func `check-ins get through, and each cut costs a batch at the most`() async throws {
        let scale = Scale.current
        let agency = try await Agency()
        let link = try BadLink(to: agency.port, seed: Soak.seed)
        let (bela, reader) = (
            try await far(agency, link, "AD02", "writer"), try await far(agency, link, "AD02", "reader")
        )
        try write(scale.checkIns, agency)
        try await bela.done("import", "round")
        let before = try await changes(agency)
        let empty = try await emptyExchange(reader, link)
        let answered = try await answers(agency)
        let clean = link.figures

        link.become(scale.manner)
        let sent = try await sync(bela)
        let up = link.figures
        let after = try await changes(agency)
        // What the server answered, and one for each failure: more cannot have left the laptop.
        let exchanges = try await answers(agency) - answered + sent.cuts
        let repeated = after["repeated", default: 0] - before["repeated", default: 0]
        let taken = after["taken", default: 0] - before["taken", default: 0]
        let received = try await sync(reader)
        tell(scale, sent, from: clean, to: up, "sent", repeated)
        tell(scale, received, from: up, to: link.figures, "received", 0)

        #expect(taken == scale.checkIns, "seed \(Soak.seed)")
        #expect(repeated <= sent.atRisk, "seed \(Soak.seed): \(sent.batches)")
        let most = try await weight(empty, agency).most(sent, exchanges: exchanges)
        let went = up.bytesUp - clean.bytesUp
        Soak.tell("seed \(Soak.seed): \(went) bytes up of at most \(most), in \(exchanges) exchanges at most")
        #expect(went <= most, "seed \(Soak.seed): \(sent.batches)")
        #expect(sent.cuts >= 2 && link.figures.cuts >= 3, "seed \(Soak.seed)")
        try await isWhole(scale.checkIns, agency, [bela, reader])
        // It shrank to less than what waited, and every exchange that gets through doubles it.
        let least = try #require(sent.batches.min())
        #expect(least < scale.checkIns)
        #expect(sent.batches.last ?? 0 > least)
        link.become(.clean)
        var grown = try #require(sent.batches.last)
        while grown < 5_000 {
            try await bela.done("sync")
            let now = try await batch(bela)
            #expect(now == min(5_000, 2 * grown))
            guard now > grown else { break }
            grown = now
        }
    }

    /// A laptop that reaches the server over the link alone.
    private func far(
        _ agency: Agency, _ link: BadLink, _ staff: String, _ name: String
    ) async throws -> Laptop {
        let laptop = Laptop(name: name, runner: agency.runner)
        let outcome = try await laptop.run([
            "enroll", "--server", "http://127.0.0.1:\(link.port)", "--plain-http", "--code",
            try await agency.code(for: staff), "--name", name,
        ])
        try #require(outcome.exit == .code(0), "\(outcome)")
        return laptop
    }

    /// Check-ins with words enough that no two compress into one.
    private func write(_ count: Int, _ agency: Agency) throws {
        var dice = Seeded(Soak.seed)
        let words = [
            "walked", "pharmacy", "sleep", "bus", "sister", "coffee", "rent", "meeting", "quiet", "better",
        ]
        let rows = (0..<count).map { row in
            let note = (0..<8).map { _ in "\(words[dice.below(words.count)])\(dice.below(1_000))" }
            return
                "\(row),P000\(row % 4 + 1),PS07,check_in,2026-03-02T14:30:00Z,\(note.joined(separator: " "))"
        }
        let text = (["key,participant_code,peer,activity,start_at,did"] + rows).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: agency.folder("round").appending(path: "check_in.csv"))
    }

    private func batch(_ laptop: Laptop) async throws -> Int {
        try #require(Int(try await laptop.query("SELECT batch FROM sync_meta")))
    }

    /// Syncs as somebody does who tries again whenever it breaks off.
    private func sync(_ laptop: Laptop) async throws -> Passage {
        var passage = Passage(batches: [try await batch(laptop)])
        let clock = ContinuousClock()
        let begin = clock.now
        for _ in 0..<400 {
            let outcome = try await laptop.runner.run(
                Products.path(of: "porchlight"), ["sync", "--json", "--replica", laptop.file],
                timeout: .seconds(900))
            let now = try await batch(laptop)
            passage.batches.append(now)
            if outcome.exit == .code(0) {
                passage.seconds = begin.duration(to: clock.now) / .seconds(1)
                return passage
            }
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.exit == .code(75) && ["cut_short", "stalled", "offline"].contains(refused.code))
            passage.cuts += 1
            // What failed carried twice what the batch is now, or so little that nothing was concluded from it. Where
            // there was no connection it carried nothing, and then the batch must not have shrunk either.
            if refused.code == "offline" {
                #expect(now >= passage.batches[passage.batches.count - 2], "\(passage.batches)")
            } else {
                passage.atRisk += max(16, 2 * now + 1)
            }
        }
        Issue.record("seed \(Soak.seed): not through after \(passage.cuts) cuts")
        return passage
    }

    /// Bytes up of an exchange that has nothing to say, with the headers around it.
    private func emptyExchange(_ laptop: Laptop, _ link: BadLink) async throws -> Int {
        // The first fetches what there is.
        for _ in 0..<2 { try await laptop.done("sync") }
        let before = link.figures.bytesUp
        try await laptop.done("sync")
        // The numbers in it may grow by some digits.
        return link.figures.bytesUp - before + 64
    }

    private func weight(_ empty: Int, _ agency: Agency) async throws -> Weight {
        let found = try await agency.query(
            """
            SELECT max(length(bytes)), sum(length(bytes)), count(*) FROM change
            JOIN record ON record.number = change.record WHERE record."table" = 'check_in'
            """)
        let numbers = found.split(separator: "|").compactMap { Int($0) }
        try #require(numbers.count == 3, "\(found)")
        // A change is in a frame, which is in a message with its length: six octets, or eight from 16 KiB on.
        return Weight(change: numbers[0] + 8, all: numbers[1] + 8 * numbers[2], empty: empty)
    }

    /// How many exchanges the server has answered so far.
    private func answers(_ agency: Agency) async throws -> Int {
        let page = try await agency.runner.run("curl", ["-s", "\(agency.url)/metrics"]).output
        let lines = page.split(separator: "\n").filter { $0.hasPrefix("porchlight_exchanges_total{") }
        try #require(!lines.isEmpty, "\(page)")
        return lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
    }

    /// What the server says that became of changes so far.
    private func changes(_ agency: Agency) async throws -> [String: Int] {
        let page = try await agency.runner.run("curl", ["-s", "\(agency.url)/metrics"]).output
        var found: [String: Int] = [:]
        for line in page.split(separator: "\n") {
            let parts = line.split(separator: "\"")
            guard line.hasPrefix("porchlight_changes_total{"), parts.count == 3 else { continue }
            found[String(parts[1])] = Int(parts[2].dropFirst(2))
        }
        try #require(found["taken"] != nil, "\(page)")
        return found
    }

    private func isWhole(_ count: Int, _ agency: Agency, _ laptops: [Laptop]) async throws {
        for laptop in laptops {
            #expect(
                try await laptop.query("SELECT count(*), count(DISTINCT did) FROM check_in")
                    == "\(count)|\(count)")
            #expect(try await laptop.digest == agency.digest)
            #expect(try await laptop.waiting == 0)
        }
        let twice = "SELECT count(*) FROM (SELECT 1 FROM change GROUP BY record, bytes HAVING count(*) > 1)"
        #expect(try await agency.query(twice) == "0")
    }

    private func tell(
        _ scale: Scale, _ passage: Passage, from: BadLink.Figures, to: BadLink.Figures, _ what: String,
        _ again: Int
    ) {
        let rate = scale.manner.bytesPerSecond.map { "\(Int($0 * 8 / 1_000)) kbit/s" } ?? ""
        Soak.tell(
            "seed \(Soak.seed): \(scale.checkIns) check-ins \(what) over \(rate), \(scale.manner.roundTrip) s: "
                + "\(Int(passage.seconds)) s, \(to.bytesUp - from.bytesUp) bytes up, \(to.bytesDown - from.bytesDown) "
                + "down, \(to.cuts - from.cuts) resets, \(again) changes sent again; batches \(passage.batches)"
        )
    }
}
