import GRDB
import PeerSupport
import SyncModel
import SyncReplica
import SyncStore

/// The whole system in one process: laptops with real files, a server with real files, the link between them,
/// time and chance.
final class World {
    let faults: Faults
    let dice: Dice
    let time = TrueTime()
    let folder: Folder
    let office: Office
    var devices: [SimulatedDevice] = []
    var oracle = Oracle()
    var odds = LinkOdds.sound
    var trace = Trace()
    var backups: [String] = []
    var restores = 0
    var counter = 0
    var figures = Figures()

    init(seed: UInt64, faults: Faults) throws {
        self.faults = faults
        dice = Dice(seed)
        folder = try Folder("porchlight-simulation")
        office = try Office(
            time, folder, dice: dice,
            founding: [
                FoundingRecord(
                    id: Self.staff("AD01"), table: "staff",
                    writes: Self.directory("AD01", .administrator, "S1", "ACT1"))
            ])
    }

    static let people: [(code: String, role: Role, site: String, team: String)] = [
        ("AD01", .administrator, "S1", "ACT1"), ("PS07", .peer, "S1", "ACT1"), ("PS09", .peer, "S2", "ACT2"),
        ("NU01", .nurse, "S1", "ACT1"), ("SU01", .supervisor, "S1", "ACT1"),
    ]

    static func staff(_ code: String) -> RecordID { NaturalKey.id(table: "staff", key: code) }

    static func directory(_ code: String, _ role: Role, _ site: String, _ team: String) -> [RegisterWrite] {
        [
            RegisterWrite("identity", [.text(code)]), RegisterWrite("name", [.text("Staff \(code)")]),
            RegisterWrite("role", [.text(role.rawValue)]),
            RegisterWrite("place", [.text(site), .text(team), .none]),
        ]
    }

    /// Before anything goes wrong: the directory is written, everybody has a laptop and has synced once.
    func setUp() async throws {
        let office = try enrol("AD01")
        devices.append(office)
        try await sync(office)
        noteFounding(office)
        let sites = ["S1", "S2"].map { site in
            Planned(
                .create, "site", NaturalKey.id(table: "site", key: site),
                [RegisterWrite("identity", [.text(site)]), RegisterWrite("name", [.text("Site \(site)")])])
        }
        let staff = Self.people.dropFirst().map {
            Planned(.create, "staff", Self.staff($0.code), Self.directory($0.code, $0.role, $0.site, $0.team))
        }
        try edit(office, sites + staff)
        let first = [admission("S1", "ACT1", "PS07"), admission("S2", "ACT2", "PS09")]
        for plan in first { try edit(office, plan) }
        try await sync(office)
        for person in Self.people.dropFirst() {
            let laptop = try enrol(person.code)
            devices.append(laptop)
            try await sync(laptop)
        }
        odds = faults.contains(.loss) ? .drawn(dice) : .sound
    }

    /// The server wrote its first administrator itself.
    private func noteFounding(_ office: SimulatedDevice) {
        let record = Self.staff("AD01")
        guard let live = try? office.replica.state(record)?.live else { return }
        for change in live {
            _ = oracle.note(
                "server", record, "staff", change.writes, wall: change.deviceMicroseconds, met: [])
        }
    }

    func enrol(_ staff: String) throws -> SimulatedDevice {
        var view = dice.generatorView
        let now = time.look()
        let invite = try office.store.invite(staff: staff, lifetimeSeconds: 3_600, now: now, using: &view)
        let reply = try office.store.enrol(
            EnrolRequest(code: invite.code, deviceName: "laptop of \(staff)"), now: now, using: &view)
        let enrolment = Enrolment(
            device: reply.device, token: reply.token, staff: reply.staff, role: reply.role,
            agency: reply.agency, timeZone: reply.timeZone, server: "https://sync.example")
        return try SimulatedDevice(
            "\(reply.device)-\(staff)", enrolment, clock: newClock(), folder: folder, dice: dice)
    }

    /// A clock that is right, or in a world of bad clocks anything from slow to ten years off. No two laptops
    /// differ by whole milliseconds, so that two readings are never alike.
    func newClock() -> DeviceClock {
        var offset = Int64(dice.below(900)) + 1
        var drift: Int64 = 0
        if faults.contains(.clocks) {
            offset += wrongness()
            drift = Int64(dice.below(2_001)) - 1_000
        }
        var view = dice.generatorView
        return DeviceClock(time, boot: .version4(using: &view), offset: offset, drift: drift)
    }

    /// By how much somebody sets a clock wrong, microseconds.
    func wrongness() -> Int64 {
        let spans: [Int64] = [60, 3_600, 86_400, 2 * 86_400, 10 * 365 * 86_400]
        let span = (dice.pick(spans) ?? 60) * 1_000_000
        let size = span / 2 + Int64(dice.below(Int(span / 2))) / 1_000 * 1_000
        return (dice.chance(0.5) ? size : -size) + Int64(dice.below(900)) + 1
    }

    /// A word that was never used before, so that everything written can be told apart.
    func word() -> String {
        counter += 1
        return "w\(counter)"
    }

    func newID() -> RecordID {
        var view = dice.generatorView
        return Identifier.version7(unixMilliseconds: time.look() / 1_000, using: &view)
    }
}

/// How much happened in a run.
package struct Figures: Sendable, Equatable {
    package var edits = 0
    package var refusedEdits = 0
    package var syncs = 0
    package var brokenSyncs = 0
    package var exchanges = 0
    package var conflicts = 0
    package var crashes = 0
    package var reidentified = 0
    package var healed = 0
    package var quarantined: [String: Int] = [:]

    package init() {}

    package mutating func add(_ other: Figures) {
        edits += other.edits
        refusedEdits += other.refusedEdits
        syncs += other.syncs
        brokenSyncs += other.brokenSyncs
        exchanges += other.exchanges
        conflicts += other.conflicts
        crashes += other.crashes
        reidentified += other.reidentified
        healed += other.healed
        quarantined.merge(other.quarantined, uniquingKeysWith: +)
    }
}

/// What happened, a line for everything, for a person to read.
package struct Trace: Sendable {
    package private(set) var lines: [String] = []

    mutating func add(_ line: String) { lines.append(line) }

    package var text: String { lines.joined(separator: "\n") }
}

/// A promise that did not hold.
package struct Broken: Error, Sendable, CustomStringConvertible {
    /// Which check found it: a short name that stays the same while a schedule is made shorter.
    package let check: String
    package let text: String

    init(_ check: String, _ text: String) {
        self.check = check
        self.text = text
    }

    package var description: String { "\(check): \(text)" }
}
