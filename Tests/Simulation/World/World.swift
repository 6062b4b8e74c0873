import GRDB
import PeerSupport
import SyncModel
import SyncReplica
import SyncStore

/// The whole system in one process: laptops with real files, a server with real files, the link between them,
/// time and chance.
final class World {
    let faults: Faults
    let defect: Defect?
    let dice: Dice
    let time: TrueTime
    let folder: Folder
    let office: Office
    let tally = Tally()
    var devices: [SimulatedDevice] = []
    var oracle = Oracle()
    /// Under which incarnation of its laptop each write was numbered at first.
    var firstIncarnations: [Int: Int64] = [:]
    var odds = LinkOdds.sound
    var trace = Trace()
    /// What records are called in the trace.
    let naming = Naming()
    /// Files of the server's backups.
    var backups: [String] = []
    /// How often the server was put back, and how often a laptop was copied or put back.
    var restores = 0
    var copies = 0
    /// What went with the files of a laptop that was put back, and what of it the server had acknowledged.
    var putBack: Set<Int> = []
    var acknowledged: Set<Int> = []
    /// What administrators' laptops held when the server was last put back.
    var held: [Held] = []
    var counter = 0
    var moments = 0
    var figures = Figures()
    /// Codes of laptops that the office has retired.
    var retired: Set<String> = []
    /// Laptops that came later, and that nobody works on.
    var spares: [SimulatedDevice] = []
    /// Whether the act that is played found nothing to do, or what should go wrong did not.
    var isIdle = false
    /// Whether the server knew less than some laptop when the run began.
    var beganOld = false

    /// The world before anything is in it but the server's first administrator.
    init(founding number: UInt64) throws {
        faults = []
        defect = nil
        dice = Dice(number)
        time = TrueTime()
        folder = try Folder("porchlight-simulation")
        office = try Office(
            time, folder, dice: dice,
            founding: [
                FoundingRecord(
                    id: Self.staff("AD01"), table: "staff",
                    writes: Self.directory("AD01", .administrator, "S1", "ACT1"))
            ])
    }

    /// The world as a run finds it.
    init(seed: UInt64, faults: Faults, _ beginning: Beginning, defect: Defect?) throws {
        self.faults = faults
        self.defect = defect
        dice = Dice(seed, isStray: defect == .strayChance)
        time = TrueTime(beginning.now)
        folder = try Folder("porchlight-simulation")
        let mixes = faults.contains(.versions)
        beganOld = mixes && defect != .erasingClient && dice.chance(0.4)
        let domain = SimulatedDomain(
            mixes && !beganOld ? .next : .current, .init(defect == .allPermitted),
            isWide: defect == .wideScope)
        office = try Office(time, folder, beginning.server, domain, tally, defect)
        oracle = beginning.oracle
        for write in oracle.writes { naming.note(write.record, write.table, write.writes) }
        counter = beginning.counter
        for laptop in beginning.laptops {
            let clock = DeviceClock(time, laptop.clock)
            if faults.contains(.clocks) {
                clock.jump(by: wrongness())
                clock.drift(by: Int64(dice.below(2_001)) - 1_000)
            }
            devices.append(
                try SimulatedDevice(
                    laptop.name, laptop.enrolment, clock: clock, folder: folder, dice: dice,
                    .octets(laptop.file, beside: laptop.beside),
                    edition: mixes && dice.chance(0.5) ? .next : .current))
        }
        odds = .drawn(dice, for: faults)
        let written = oracle.writes.map { "#\($0.id) \(naming.name($0.record)) (\(naming.text($0.writes)))" }
        trace.add("Written before it begins: \(written.joined(separator: ", ")).")
    }

    /// The laptops that are still there.
    var present: [SimulatedDevice] { devices.filter { !$0.isGone } }

    /// What the run came to, with what was counted on the way.
    func total() -> Figures {
        var total = figures
        total.runs = 1
        total.exchanges = office.exchanges
        total.faults.merge(tally.all, uniquingKeysWith: +)
        total.serverSteps = office.crashes.all
        return total
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

    func enrol(_ staff: String) throws -> SimulatedDevice {
        var view = dice.generatorView
        let now = time.look()
        let reply = try office.ask { store in
            let invite = try store.invite(staff: staff, lifetimeSeconds: 3_600, now: now, using: &view)
            return try store.enrol(
                EnrolRequest(code: invite.code, deviceName: "laptop of \(staff)"), now: now, using: &view)
        }
        let enrolment = Enrolment(
            device: reply.device, token: reply.token, staff: reply.staff, role: reply.role,
            agency: reply.agency, timeZone: reply.timeZone, server: "https://sync.example")
        var name = reply.device
        while (devices + spares).contains(where: { $0.name == name }) { name += "-again" }
        return try SimulatedDevice(
            name, enrolment, clock: newClock(), folder: folder, dice: dice,
            .nothing)
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
