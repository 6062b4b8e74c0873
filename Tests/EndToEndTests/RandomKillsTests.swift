import Foundation
import Glibc
import Testing

/// Either side is killed at a moment that nobody chose, again and again, while people record and sync: what was
/// acknowledged is there, and what nobody entered is not.
@Suite struct RandomKillsTests {
    /// Whom a kill meets.
    private enum Victim: CaseIterable {
        /// A laptop that is recording. The prompt's return is the acknowledgement.
        case recording
        /// A laptop that is syncing. What it says it sent is acknowledged by the server.
        case syncing
        /// The server, while a laptop syncs with it.
        case serving
    }

    /// One laptop, and what is known of it.
    private final class Person {
        let laptop: Laptop
        /// What was entered, whether or not it came to anything.
        var attempted: Set<String> = []
        /// What was acknowledged.
        var recorded: Set<String> = []
        /// What the server has acknowledged.
        var sent: Set<String> = []

        init(_ laptop: Laptop) { self.laptop = laptop }
    }

    /// What the trial came to.
    private struct Tally {
        var kills: [Victim: Int] = [:]
        /// Kills that met nothing: a program that had ended already, or a server that no sync had reached yet, or any
        /// more.
        var missed = 0
        /// Killed after it had said that it recorded something.
        var toldAndKilled = 0

        var all: Int { kills.values.reduce(0, +) }
    }

    /// How long each kind of work takes here when nobody is killed, seconds; kills are drawn over a little more.
    private struct Spans {
        var recording = 0.0
        var syncing = 0.0
    }

    @Test func `whoever is killed, and whenever, nothing is lost and nothing invented`() async throws {
        let wanted = Soak.kills ?? 24
        var dice = Seeded(Soak.seed)
        let agency = try await Agency()
        let people = [
            Person(try await agency.laptop(of: "PS07")), Person(try await agency.laptop(of: "PS09")),
            Person(agency.founder),
        ]
        let spans = try await spans(people[0])
        var tally = Tally()
        var rounds = 0
        while tally.all < wanted, rounds < 6 * wanted {
            rounds += 1
            let person = people[dice.below(people.count)]
            let victim = Victim.allCases[dice.below(3)]
            let moment = Double.random(in: 0..<1.2, using: &dice)
            switch victim {
            case .recording: try await killRecording(person, rounds, moment * spans.recording, &tally)
            case .syncing: try await killSyncing(person, rounds, moment * spans.syncing, &tally)
            case .serving: try await killServing(agency, person, rounds, moment * spans.syncing, &tally)
            }
            if rounds % 10 == 0 { try await isSound(agency, people) }
        }
        #expect(tally.all == wanted, "seed \(Soak.seed): \(tally)")
        let kills = tally.kills
        #expect(wanted < 20 || (kills[.recording] != nil && kills[.syncing] != nil), "seed \(Soak.seed)")
        // A server is at work for a small part of a sync, so of a few kills perhaps none meets it.
        #expect(wanted < 200 || kills[.serving] != nil, "seed \(Soak.seed)")
        try await isSound(agency, people)
        try await settles(agency, people)
        tell(tally, people)
    }

    @Test func `what vanished, and what nobody entered, is noticed`() async throws {
        let agency = try await Agency()
        let rosa = Person(try await agency.laptop(of: "PS07"))
        try await add(rosa, "walked")
        try await rosa.laptop.done("sync")
        rosa.sent = rosa.recorded
        try await isSound(agency, [rosa])
        func isNoticed(_ sql: String) async throws {
            _ = try await rosa.laptop.query(sql)
            await withKnownIssue { try await isSound(agency, [rosa]) }
        }
        try await isNoticed("UPDATE check_in SET did = 'nobody wrote this'")
        try await isNoticed("DELETE FROM check_in")
        // Acknowledged, and not at the office.
        rosa.recorded = []
        rosa.sent = []
        rosa.attempted.insert("elsewhere")
        try await isNoticed(
            "INSERT INTO check_in (id, did, waiting) VALUES ('00000000-0000-7000-8000-000000000001', 'elsewhere', 0)"
        )
    }

    // MARK: Kills

    private func spans(_ person: Person) async throws -> Spans {
        let clock = ContinuousClock()
        let begin = clock.now
        try await add(person, "before anything happened")
        let middle = clock.now
        try await person.laptop.done("sync")
        return Spans(
            recording: begin.duration(to: middle) / .seconds(1),
            syncing: middle.duration(to: clock.now) / .seconds(1))
    }

    /// Starts an entry.
    private func begin(_ person: Person, _ text: String) throws -> BackgroundProcess {
        person.attempted.insert(text)
        let whom = person.laptop.name == "PS09" ? "P0002" : "P0001"
        return try person.laptop.start("checkin", "add", whom, text, "--at", "yesterday 08:10", "--yes")
    }

    /// Records something, undisturbed.
    private func add(_ person: Person, _ text: String) async throws {
        let outcome = try await begin(person, text).outcome()
        try #require(outcome.exit == .code(0), "\(outcome)")
        person.recorded.insert(text)
    }

    private func pause(_ seconds: Double) async throws {
        try await Waiting.pause(.microseconds(Int64(seconds * 1_000_000)))
    }

    private func killRecording(_ person: Person, _ round: Int, _ moment: Double, _ tally: inout Tally)
        async throws
    {
        let text = "round \(round), cut off"
        let entry = try begin(person, text)
        try await pause(moment)
        entry.send(signal: SIGKILL)
        let outcome = try await entry.outcome()
        note(outcome.exit, .recording, &tally)
        // The prompt returned, or at least the words that promise it had been printed.
        if outcome.exit == .code(0) || outcome.output.contains("Recorded") {
            person.recorded.insert(text)
            if outcome.exit != .code(0) { tally.toldAndKilled += 1 }
        } else if outcome.exit != .signal(SIGKILL) {
            Issue.record("seed \(Soak.seed), round \(round): \(outcome)")
        }
    }

    private func killSyncing(_ person: Person, _ round: Int, _ moment: Double, _ tally: inout Tally)
        async throws
    {
        try await add(person, "round \(round), sent")
        let sync = try person.laptop.start("sync", "--json")
        try await pause(moment)
        sync.send(signal: SIGKILL)
        let outcome = try await sync.outcome()
        note(outcome.exit, .syncing, &tally)
        if outcome.exit == .code(0) { person.sent.formUnion(person.recorded) }
        #expect([.code(0), .signal(SIGKILL)].contains(outcome.exit), "seed \(Soak.seed): \(outcome)")
    }

    private func killServing(
        _ agency: Agency, _ person: Person, _ round: Int, _ moment: Double, _ tally: inout Tally
    ) async throws {
        try await add(person, "round \(round), served")
        let sync = try person.laptop.start("sync", "--json")
        try await pause(moment)
        try await agency.kill()
        let outcome = try await sync.outcome()
        if outcome.exit == .code(0) {
            person.sent.formUnion(person.recorded)
            tally.missed += 1
        } else {
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.exit == .code(75), "seed \(Soak.seed): \(outcome)")
            // Offline: it was dead before the sync came. Everything else was broken off in the middle.
            if refused.code == "offline" {
                tally.missed += 1
            } else {
                tally.kills[.serving, default: 0] += 1
            }
        }
        try await agency.start()
    }

    private func note(_ exit: Exit, _ victim: Victim, _ tally: inout Tally) {
        if exit == .signal(SIGKILL) { tally.kills[victim, default: 0] += 1 } else { tally.missed += 1 }
    }

    // MARK: What must hold

    /// Right now, whatever was just killed.
    private func isSound(_ agency: Agency, _ people: [Person]) async throws {
        #expect(try await agency.query("PRAGMA integrity_check") == "ok")
        let rows = try await agency.query(
            "SELECT lower(hex(id)) FROM record WHERE \"table\" = 'check_in'")
        let held = Set(rows.split(separator: "\n").map(String.init))
        for person in people {
            #expect(try await person.laptop.query("PRAGMA integrity_check") == "ok")
            let rows = try await person.laptop.query(
                "SELECT replace(id, '-', '') || ' ' || did, waiting = 0 FROM check_in")
            var ids: [String: String] = [:]
            for row in rows.split(separator: "\n") {
                let parts = row.split(separator: "|")
                let words = parts[0].split(separator: " ", maxSplits: 1).map(String.init)
                #expect(ids.updateValue(words[0], forKey: words[1]) == nil, "twice: \(words[1])")
                // What the laptop believes to be at the office is there.
                if parts[1] == "1" { #expect(held.contains(words[0]), "seed \(Soak.seed): \(words[1])") }
            }
            let mine = Set(ids.keys)
            #expect(
                person.recorded.isSubset(of: mine), "seed \(Soak.seed): \(person.recorded.subtracting(mine))")
            let all = people.reduce(into: Set<String>()) { $0.formUnion($1.attempted) }
            #expect(mine.isSubset(of: all), "seed \(Soak.seed): \(mine.subtracting(all))")
            for text in person.sent {
                #expect(ids[text].map(held.contains) == true, "seed \(Soak.seed): \(text)")
            }
        }
    }

    /// Once nobody is killed any more, all agree, and on the right thing.
    private func settles(_ agency: Agency, _ people: [Person]) async throws {
        for _ in 0..<2 { for person in people { try await person.laptop.done("sync") } }
        for person in people {
            #expect(try await person.laptop.waiting == 0)
            #expect(try await person.laptop.run(["doctor"]).exit == .code(0))
            person.sent.formUnion(person.recorded)
        }
        try await isSound(agency, people)
        #expect(try await agency.founder.digest == agency.digest)
        let founder = try await agency.founder.query("SELECT did FROM check_in ORDER BY did")
        let there = Set(founder.split(separator: "\n").map(String.init))
        for person in people { #expect(person.recorded.isSubset(of: there)) }
        let twice = "SELECT count(*) FROM (SELECT 1 FROM change GROUP BY record, bytes HAVING count(*) > 1)"
        #expect(try await agency.query(twice) == "0")
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "0")
        try await agency.run("verify")
    }

    private func tell(_ tally: Tally, _ people: [Person]) {
        let recorded = people.reduce(0) { $0 + $1.recorded.count }
        let attempted = people.reduce(0) { $0 + $1.attempted.count }
        Soak.tell(
            "seed \(Soak.seed): \(tally.all) kills (\(tally.kills[.recording, default: 0]) recording, "
                + "\(tally.kills[.syncing, default: 0]) syncing, \(tally.kills[.serving, default: 0]) serving; "
                + "\(tally.missed) came too early or too late); \(attempted) entered, \(recorded) acknowledged, "
                + "\(tally.toldAndKilled) of them by a program that was killed then; none missing, none invented"
        )
    }
}
