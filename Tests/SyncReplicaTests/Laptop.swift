import Foundation
import GRDB
import Synchronization
import SyncModel

@testable import SyncReplica

/// A replica in a folder of its own, with a clock that a test moves and dice that it knows.
final class Laptop {
    let folder: URL
    let clock: TestClock
    private(set) var replica: Replica
    let domain: TestDomain
    private let surroundings: Surroundings

    var path: String { folder.appendingPathComponent("replica.db").path }

    init(
        _ seed: UInt64 = 1, role: String = "nurse", domain: TestDomain = TestDomain(),
        crash: CrashPoint = CrashPoint()
    ) throws {
        folder = try Laptop.folder()
        clock = TestClock(boot: Identifier(high: seed, low: 7))
        self.domain = domain
        let dice = TestDice(seed)
        let clock = clock
        var surroundings = Surroundings(
            clock: { clock.reading() }, random: { dice.next() }, process: Int64(seed),
            isRunning: { $0 < 1_000 })
        surroundings.reached = { try crash.reached($0) }
        self.surroundings = surroundings
        replica = try Replica.create(
            at: folder.appendingPathComponent("replica.db").path,
            enrolment: Laptop.enrolment(seed, role), domain: domain, surroundings: surroundings)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static func folder() throws -> URL {
        let name = "replica-tests-\(ProcessInfo.processInfo.globallyUniqueString)"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func enrolment(_ seed: UInt64 = 1, _ role: String = "nurse") -> Enrolment {
        Enrolment(
            device: "LT-\(seed)", token: "secret", staff: "PS0\(seed)", role: role, agency: "Harbour",
            timeZone: "Europe/Vienna", server: "https://sync.example")
    }

    /// The same file, opened once more, as another process would.
    func again(process: Int64? = nil, domain: TestDomain? = nil) throws -> Replica {
        var surroundings = surroundings
        if let process { surroundings.process = process }
        return try Replica.open(at: path, domain: domain ?? self.domain, surroundings: surroundings)
    }

    func reopen() throws { replica = try again() }

    @discardableResult
    func person(_ name: String, id: RecordID? = nil) throws -> RecordID {
        let receipt = try replica.edit { try $0.create("person", id: id, [Write.name(name)]) }
        guard let record = receipt.records.first else { throw SyncError(.nothing, "no record") }
        return record
    }

    func set(_ record: RecordID, _ writes: RegisterWrite...) throws {
        try replica.edit { try $0.write(record, writes) }
    }

    func name(_ record: RecordID) throws -> String? { try replica.view(record)?["name"].text }

    /// Moves everything from the write-ahead log into the file itself, so that the file can be copied.
    func checkpoint() throws {
        try replica.queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// Every visible row of every table, as text.
    func visible() throws -> [String] {
        try replica.queue.read { db in
            try ["person", "visit"].flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY id").map { "\(table) \($0)" }
            }
        }
    }

    func row(_ record: RecordID, in table: String = "person") throws -> Row? {
        try replica.queue.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM \(table) WHERE id = ?", arguments: [record.text])
        }
    }
}

/// A clock that moves by a second with every reading.
final class TestClock: Sendable {
    private let now: Mutex<ClockReading>

    init(boot: Identifier) {
        now = Mutex(
            ClockReading(wallMicroseconds: 1_700_000_000_000_000, boot: boot, bootMicroseconds: 1_000_000))
    }

    func reading() -> ClockReading {
        now.withLock {
            $0.wallMicroseconds += 1_000_000
            $0.bootMicroseconds += 1_000_000
            return $0
        }
    }

    func pass(seconds: Int64) {
        now.withLock {
            $0.wallMicroseconds += seconds * 1_000_000
            $0.bootMicroseconds += seconds * 1_000_000
        }
    }
}

/// SplitMix64.
final class TestDice: Sendable {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) { state = Mutex(seed &* 1_000_003) }

    func next() -> UInt64 {
        state.withLock {
            $0 &+= 0x9e37_79b9_7f4a_7c15
            var z = $0
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }
}

/// Breaks off at one labelled point, once.
final class CrashPoint: Sendable {
    struct Crash: Error {}
    private let armed = Mutex<Step?>(nil)

    func arm(_ step: Step) { armed.withLock { $0 = step } }

    func reached(_ step: Step) throws {
        let hit = armed.withLock { armed in
            guard armed == step else { return false }
            armed = nil
            return true
        }
        if hit { throw Crash() }
    }
}

extension Row {
    /// A column as people would read it; `nil` for NULL.
    func text(_ column: String) -> String? {
        switch (self[column] as DatabaseValue?)?.storage {
        case .string(let text): text
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        default: nil
        }
    }

    func number(_ column: String) -> Int64? { self[column] as Int64? }
}
