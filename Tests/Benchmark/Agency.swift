import Foundation
import PeerSupport
import SyncModel
import SyncReplica

/// SplitMix64 behind a lock that nobody contends for: the surroundings want a closure they may share.
final class Seeded: @unchecked Sendable {
    // Unchecked because the lock, not the compiler, keeps `state` to one thread at a time.
    private let lock = NSLock()
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    func next() -> UInt64 {
        lock.lock()
        defer { lock.unlock() }
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Writes records as a person would have over a year, without a person.
struct Year {
    let replica: Replica
    let dice = Seeded(42)
    private static let words = [
        "walked", "to", "the", "pharmacy", "and", "talked", "about", "sleep", "made", "a", "list", "for",
        "groceries", "called", "his", "sister", "her", "landlord", "bus", "appointment", "friday", "felt",
        "rested", "tired", "proud", "cooked", "lunch", "together", "went", "over", "session", "plan", "next",
        "week", "gym", "library", "group", "coffee", "paperwork", "benefits",
    ]

    func story(_ count: Int) -> String {
        (0..<count).map { _ in Self.words[Int(dice.next() % UInt64(Self.words.count))] }
            .joined(separator: " ")
    }

    /// Participants with an assignment each, one for every fifty check-ins.
    func people(_ count: Int) throws -> [RecordID] {
        var people: [RecordID] = []
        while people.count < count {
            let batch = min(500, count - people.count)
            try replica.edit(linked: false) { edit in
                for _ in 0..<batch {
                    let code = "P\(10_000 + people.count)"
                    let person = try edit.create(
                        "participant",
                        [
                            RegisterWrite("identity", [.text(code)]),
                            RegisterWrite("name", [.text(story(1)), .text(story(1))]),
                            RegisterWrite(
                                "home",
                                [.text("S\(people.count % 3 + 1)"), .text("ACT\(people.count % 5)"), .none]),
                        ])
                    try edit.create(
                        "assignment",
                        [
                            RegisterWrite(
                                "what",
                                [
                                    .reference(person), .text("PS\(people.count % 12 + 10)"),
                                    .text("referral"), .none,
                                ]),
                            RegisterWrite("period", [.integer(20_000), .none]),
                        ])
                    people.append(person)
                }
            }
        }
        return people
    }

    /// Check-ins, spread over the participants.
    func checkIns(_ count: Int, of people: [RecordID]) throws {
        var made = 0
        while made < count {
            let batch = min(2_000, count - made)
            try replica.edit(linked: false) { edit in
                for _ in 0..<batch {
                    let start = 1_770_000_000 + Int64(dice.next() % 31_000_000)
                    try edit.create(
                        "check_in",
                        [
                            RegisterWrite(
                                "what",
                                [
                                    .reference(people[Int(dice.next() % UInt64(people.count))]),
                                    .text("PS\(dice.next() % 12 + 10)"), .text("check_in"), .none,
                                ]),
                            RegisterWrite("time", [.integer(start / 300 * 300), .none, .integer(30)]),
                            RegisterWrite("place", [.text("in_person"), .text("S1"), .none]),
                            RegisterWrite("note", [.text(story(12)), .none, .text(story(4)), .none]),
                        ])
                }
                made += batch
            }
        }
    }
}

/// An agency on a server of its own with an administrator's laptop.
struct BenchAgency {
    let bench: Workbench
    let data: String
    let server: ServerProcess

    init(_ bench: Workbench, _ name: String) throws {
        self.bench = bench
        data = bench.path(name)
        try succeed(
            bench.tool("porchlightd"),
            [
                "init", "--data", data, "--agency", "Harbor House", "--time-zone", "America/New_York",
                "--administrator", "AD01", "--administrator-name", "Ada", "--json",
            ])
        server = try ServerProcess(bench, data: data)
    }

    /// Enrols a laptop and says where its replica is.
    func laptop(_ name: String, staff: String = "AD01", fetch: Bool = true) throws -> String {
        let invite = try succeed(bench.tool("porchlightd"), ["invite", staff, "--data", data, "--json"])
        guard
            let object = try JSONSerialization.jsonObject(with: Data(invite.output.utf8)) as? [String: Any],
            let code = object["code"] as? String
        else { throw Trouble("porchlightd invite answered without a code") }
        let home = data + "-" + name
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let path = home + "/replica.sqlite"
        try succeed(
            bench.tool("porchlight"),
            ["enroll", "--replica", path, "--server", server.url, "--code", code, "--plain-http"]
                + (fetch ? [] : ["--no-sync"]))
        return path
    }
}
