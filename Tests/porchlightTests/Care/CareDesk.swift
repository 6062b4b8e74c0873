import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Synchronization

@testable import porchlight

/// A laptop of an invented agency, which begins with what a first sync brings.
final class CareDesk: Sendable {
    let desk: TestDesk
    private let world: World

    init(
        staff: String = "PS07", role: String = "peer", device: String = "LT-11", answers: [String]? = nil
    ) async throws {
        let records = try Harbor.records()
        let server = PlayedServer { request in
            let brought = request.hello.cursor.isEmpty ? records : []
            let own = try request.changes.map { try FrozenCodec.decode($0).change.record }
            return PlayedServer.takes(
                request,
                records: brought + Set(own).sorted().map { PageRecord(id: $0, keys: ["all"], body: .own) })
        }
        desk = try TestDesk(server: server, answers: answers)
        world = Self.world(of: desk, seed: 7)
        _ = try Replica.create(
            at: desk.path,
            enrolment: Enrolment(
                device: device, token: "secret", staff: staff, role: role, agency: "Harbor",
                timeZone: "America/New_York", server: "https://sync.example.org"),
            domain: PeerSupportDomain(), surroundings: world.surroundings)
        try await sync()
    }

    /// Syncs without the command, which holds its thread while it waits: many tests doing so at once would leave no
    /// thread for the work they wait for.
    func sync() async throws {
        _ = try await replica().sync(with: desk.server)
    }

    /// The world of a desk with dice that go on falling from one command to the next, as real ones do.
    static func world(of desk: TestDesk, seed: UInt64) -> World {
        var world = desk.world
        let dice = Mutex<UInt64>(seed)
        world.surroundings.random = {
            dice.withLock { state in
                state &+= 0x9e37_79b9_7f4a_7c15
                let mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
                return mixed ^ (mixed >> 31)
            }
        }
        return world
    }

    /// What one command line left behind.
    struct Outcome {
        let code: Int32
        let out: String
        let err: String
    }

    func run(_ arguments: [String]) -> Outcome {
        let before = (desk.out.text.count, desk.err.text.count)
        let code = Command.run(arguments + ["--replica", desk.path], in: world, on: desk.screen)
        return Outcome(
            code: code, out: String(desk.out.text.dropFirst(before.0)),
            err: String(desk.err.text.dropFirst(before.1)))
    }

    func run(_ arguments: String...) -> Outcome { run(arguments) }

    func replica() throws -> Replica {
        try Replica.open(at: desk.path, domain: PeerSupportDomain(), surroundings: world.surroundings)
    }
}

/// The invented agency: one site, two teams, two peers, a nurse, a primary provider, four participants.
enum Harbor {
    static func id(_ table: String, _ code: String) -> RecordID { NaturalKey.id(table: table, key: code) }
    /// Its participants came in by an import, so their ids are made from their codes.
    static func participant(_ code: String) -> RecordID { id("participant", code) }

    /// What the server holds, as a first page brings it.
    static func records() throws -> [PageRecord] {
        let desk = try TestDesk()
        let world = CareDesk.world(of: desk, seed: 1_000_007)
        let replica = try Replica.create(
            at: desk.path,
            enrolment: Enrolment(
                device: "LT-1", token: "secret", staff: "AD01", role: "administrator", agency: "Harbor",
                timeZone: "America/New_York", server: "https://sync.example.org"),
            domain: PeerSupportDomain(), surroundings: world.surroundings)
        let made = try replica.edit(linked: false) { edit in
            try directory(edit)
            try people(edit)
        }
        return try made.records.map { id in
            guard let state = try replica.state(id) else { throw SyncError(.unknownRecord, "not made") }
            let live = state.live.map { change in
                var change = change
                change.effective = EffectiveTime(microseconds: change.deviceMicroseconds, isEstimated: false)
                return change
            }
            let bytes = StateCodec.encode(RecordState(table: state.table, live: live))
            return PageRecord(id: id, keys: ["all"], body: .state(bytes))
        }
    }

    private static func directory(_ edit: Edit) throws {
        func add(_ table: String, _ code: String, _ values: KeyValuePairs<String, Value?>) throws {
            var writes = try Writes(table, ["code": .text(code), "name": .text("The \(code)")])
            for (field, value) in values { writes.set(field, value) }
            try edit.create(table, id: id(table, code), writes.registers)
        }
        try add("site", "S1", ["kind": .text("residence")])
        try add("team", "PEER", ["program": .text("alumni"), "site": .text("S1")])
        try add("team", "ACT1", ["program": .text("ACT"), "site": .text("S1")])
        for (code, role, team) in [
            ("PS07", "peer", "PEER"), ("PS09", "peer", "PEER"), ("N01", "nurse", "ACT1"),
            ("PP01", "primary_provider", "ACT1"), ("AD01", "administrator", "PEER"),
        ] {
            try add("staff", code, ["role": .text(role), "site": .text("S1"), "team": .text(team)])
        }
    }

    private static func people(_ edit: Edit) throws {
        let people = [("P0142", "Ana", "Lopez"), ("P0188", "Ben", "Ode"), ("P0190", "Cleo", "Park")]
        for (code, name, family) in people {
            var writes = try Writes(
                "participant",
                [
                    "code": .text(code), "preferred_name": .text(name), "family_name": .text(family),
                    "site": .text("S1"), "team": .text("ACT1"),
                ])
            if code == "P0142" {
                writes.set("focus", .text("sleep and walking"))
                writes.set("focus_set_by", .text("PP01"))
            }
            try edit.create("participant", id: participant(code), writes.registers)
            try edit.create(
                "assignment",
                try Writes(
                    "assignment",
                    [
                        "participant": .reference(participant(code)), "peer": .text("PS07"),
                        "basis": .text("referral"),
                        "from_date": .day(CivilDate(year: 2026, month: 1, day: 5)),
                    ]
                ).registers)
        }
        // 2026-01-26 lies 35 days before the tests' today, so this is week 6.
        try edit.create(
            "enrollment",
            try Writes(
                "enrollment",
                [
                    "participant": .reference(participant("P0142")), "program": .text("PGLB"),
                    "start_date": .day(CivilDate(year: 2026, month: 1, day: 26)), "status": .text("active"),
                ]
            ).registers)
    }
}
