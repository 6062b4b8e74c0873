import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Synchronization
import Testing

@testable import porchlight

/// Several laptops of one agency, which know of each other's entries only after they have met. One clock for all of them
/// goes on by a minute with every command.
final class ApartDesks: Sendable {
    /// One of the laptops.
    final class Laptop: Sendable {
        let staff: String
        let desk: TestDesk
        let replica: Replica
        private let world: World
        private let brought: Brought
        private let clock: Minutes

        fileprivate init(
            _ staff: String, _ role: String, _ seed: UInt64, _ clock: Minutes, answers: [String]?
        ) throws {
            let brought = Brought(clock)
            self.staff = staff
            self.brought = brought
            self.clock = clock
            desk = try TestDesk(server: PlayedServer(answer: { try brought.answer($0) }), answers: answers)
            var world = CareDesk.world(of: desk, seed: seed)
            world.surroundings.clock = { clock.reading }
            self.world = world
            replica = try Replica.create(
                at: desk.path,
                enrolment: Enrolment(
                    device: "LT-\(seed % 100)", token: "secret", staff: staff, role: role, agency: "Harbor",
                    timeZone: "America/New_York", server: "https://sync.example.org"),
                domain: PeerSupportDomain(), surroundings: world.surroundings)
        }

        /// Runs a command line and returns all that it said.
        @discardableResult func hear(_ arguments: [String]) -> TestDesk.Heard {
            clock.goOn()
            let before = (desk.out.text.count, desk.err.text.count)
            let code = Command.run(arguments + ["--replica", desk.path], in: world, on: desk.screen)
            return (
                code, String(desk.out.text.dropFirst(before.0)), String(desk.err.text.dropFirst(before.1))
            )
        }

        @discardableResult func hear(_ arguments: String...) -> TestDesk.Heard { hear(arguments) }

        /// Runs one that has to go well, and returns what it printed.
        /// Writes on a check-in without signing it, as another program may.
        func goesOn(with checkIn: RecordID) throws {
            try replica.edit { edit in
                try edit.write(
                    checkIn, [RegisterWrite("place", [.text("phone"), .none, .text("from the bus")])])
            }
        }

        @discardableResult func said(_ arguments: String...) throws -> String {
            let heard = hear(arguments)
            try #require(heard.code == 0, "\(staff) \(arguments): \(heard.err)")
            return heard.out
        }

        /// Runs every command line that a page names for taking back what was decided, and each has to go well.
        func takeBack(_ page: String) throws {
            let lines = page.matches(of: /porchlight resolve --undo ([0-9a-f]+)/).map { String($0.output.1) }
            try #require(!lines.isEmpty, "\(page)")
            for id in lines { try said("resolve", "--undo", id, "--reason", "taken back") }
        }

        var open: [Conflict] { get throws { try OpenConflicts(in: replica).all } }
        var kinds: [ConflictKind] { get throws { try open.map(\.kind) } }

        /// The name of the only conflict of a kind, with what stands for its letters.
        func name(_ kind: ConflictKind) throws -> String {
            let found = try open.filter { $0.kind == kind }
            let all = try kinds
            try #require(found.count == 1, "\(kind): \(all)")
            return ConflictText(found[0], at: try look).id
        }

        /// What there is to choose from, under its letters.
        func sides(of conflict: Conflict) throws -> [ConflictSide] {
            try ConflictText(conflict, at: look).sides()
        }

        /// A conflict as it is put into words here.
        func text(of conflict: Conflict) throws -> ConflictText { ConflictText(conflict, at: try look) }

        private var look: Desk {
            get throws {
                Desk(try commonOptions(["--replica", desk.path]), world: world, screen: desk.screen)
            }
        }

        /// The decisions that were made for a reason, by time.
        func decisions(_ reason: String) throws -> [Decision] {
            try OpenConflicts.decisions(in: replica).filter { $0.reason == reason }
        }

        /// The rows of the register.
        func register() throws -> [RegisterRow] {
            let text = try said("conflicts", "export")
            let lines = CSVReader(Array(text.utf8)).compactMap { try? $0.get().fields }
            let headers = try #require(lines.first)
            return lines.dropFirst().map { cells in
                RegisterRow(cells: Dictionary(zip(headers, cells)) { first, _ in first })
            }
        }

        fileprivate func sync() async throws -> Set<RecordID> {
            _ = try await replica.sync(with: desk.server)
            return brought.written()
        }

        fileprivate func bring(_ records: [PageRecord]) { brought.put(records) }
    }

    let all: [Laptop]

    /// - Parameters:
    ///   - staff: whose laptops they are, each with a role.
    ///   - answers: what somebody types at the terminal of a laptop, by whose it is; on the others nobody sits at one.
    init(_ staff: [(code: String, role: String)], answers: [String: [String]] = [:]) async throws {
        let clock = Minutes()
        let records = try Harbor.records()
        all = try staff.enumerated().map { place, one in
            try Laptop(
                one.code, one.role, 7_000_011 + 1_013 * UInt64(place), clock, answers: answers[one.code])
        }
        for laptop in all {
            laptop.bring(records)
            _ = try await laptop.sync()
        }
    }

    subscript(_ place: Int) -> Laptop { all[place] }

    /// The first laptop's owner visits P0142, and everybody has the check-in: its id.
    func visited(_ did: String = "walked to the shop") async throws -> RecordID {
        try self[0].said("checkin", "add", "P0142", did, "--at", "yesterday 10:05")
        try await meet()
        return try #require(try self[0].replica.find(Query("check_in")).first).id
    }

    /// Everybody sends what they have, and then has everything.
    ///
    /// - Parameter place: whose laptop does not fetch it yet: its next sync does.
    func meet(except place: Int? = nil) async throws {
        var written: Set<RecordID> = []
        for laptop in all { written.formUnion(try await laptop.sync()) }
        let joined = try written.sorted().compactMap { id -> PageRecord? in
            let states = try all.compactMap { try $0.replica.state(id) }
            guard let first = states.first else { return nil }
            let whole = states.dropFirst().reduce(first) { merge($0, $1) }
            return PageRecord(id: id, keys: ["all"], body: .state(StateCodec.encode(whole)))
        }
        for (index, laptop) in all.enumerated() {
            laptop.bring(joined)
            if index != place { _ = try await laptop.sync() }
        }
    }
}

/// A decision as the register has it.
struct RegisterRow {
    let cells: [String: String]

    /// What stands in a column; empty where there is none of this name.
    subscript(_ column: String) -> String { cells[column] ?? "" }
}

/// One clock for several laptops.
private final class Minutes: Sendable {
    private let count = Mutex<Int64>(0)

    func goOn() { count.withLock { $0 += 1 } }

    var reading: ClockReading {
        let passed = count.withLock { $0 } * 60_000_000
        return ClockReading(
            wallMicroseconds: TestDesk.now * 1_000_000 + passed, boot: Identifier(high: 1, low: 2),
            bootMicroseconds: 5_000_000 + passed)
    }
}

/// What a laptop sends, and what it is brought.
private final class Brought: Sendable {
    private let clock: Minutes
    private let held = Mutex<(records: [PageRecord], written: Set<RecordID>)>(([], []))

    init(_ clock: Minutes) { self.clock = clock }

    func put(_ records: [PageRecord]) { held.withLock { $0.records = records } }

    func written() -> Set<RecordID> {
        held.withLock { held in
            defer { held.written = [] }
            return held.written
        }
    }

    /// Takes every change at the time that its laptop had.
    func answer(_ request: ExchangeRequest) throws -> ExchangeReply {
        let changes = try request.changes.map { try FrozenCodec.decode($0).change }
        let own = Set(changes.map(\.record))
        let brought = held.withLock { held in
            defer { held.records = [] }
            held.written.formUnion(own)
            return held.records
        }
        let here = Set(brought.map(\.id))
        var reply = PlayedServer.takes(
            request,
            records: brought
                + own.subtracting(here).sorted().map { PageRecord(id: $0, keys: ["all"], body: .own) },
            serverSeconds: clock.reading.wallMicroseconds / 1_000_000)
        reply.dispositions = changes.map { change in
            Disposition(
                dot: change.dot, outcome: .applied,
                effective: EffectiveTime(microseconds: change.clock.wallMicroseconds))
        }
        return reply
    }
}
