import Foundation
import GRDB
import SyncModel
import SyncReplica
import SyncStore

/// Where a run begins: the directory is written, two participants are admitted, everybody has a laptop and has
/// synced once.
///
/// Making it takes longer than most runs, so there are a few of them, each made once in a process from a seed
/// of its own, and a run begins with a copy of their files.
struct Beginning: Sendable {
    struct Laptop: Sendable {
        let name: String
        let enrolment: Enrolment
        let clock: DeviceClock.Setting
        let file: Data
        let beside: Data
    }

    /// The server's files, by their names.
    let server: [String: Data]
    let laptops: [Laptop]
    let oracle: Oracle
    let counter: Int
    let now: Int64

    private static let count: UInt64 = 8
    private static let made = Made()

    /// The beginning of a seed's run.
    static func of(_ seed: UInt64) async throws -> Beginning {
        try await made.beginning(seed % count).value
    }

    /// An actor, because ThreadSanitizer knows what an actor guards, and does not see the lock of a `Mutex`.
    private actor Made {
        private var tasks: [UInt64: Task<Beginning, any Error>] = [:]

        func beginning(_ number: UInt64) -> Task<Beginning, any Error> {
            let task = tasks[number] ?? Task { try await World.begin(number) }
            tasks[number] = task
            return task
        }
    }
}

extension World {
    /// Plays the time before anything goes wrong.
    fileprivate static func begin(_ number: UInt64) async throws -> Beginning {
        let world = try World(founding: number)
        try await world.setUp()
        try world.office.store.close()
        let laptops = try world.devices.map { device in
            try device.replica.queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            return Beginning.Laptop(
                name: device.name, enrolment: device.enrolment, clock: device.clock.now,
                file: try Folder.read(device.path), beside: try Folder.read(device.path + "-id"))
        }
        return Beginning(
            server: try Folder.readServer(world.folder.file("server-1")), laptops: laptops,
            oracle: world.oracle,
            counter: world.counter, now: world.time.look())
    }

    /// The directory is written, everybody has a laptop and has synced once.
    private func setUp() async throws {
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
}
