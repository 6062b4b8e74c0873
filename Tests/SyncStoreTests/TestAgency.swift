import Foundation
import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same on every machine.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// A small agency on a server in a folder of its own: two sites, a team, and somebody of each role.
final class TestAgency {
    let folder: URL
    var store: Store
    var now: Int64 = 1_770_000_000_000_000
    var dice = Dice(state: 1)
    let domain = PeerSupportDomain()

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("porchlight-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let founding = FoundingRecord(
            id: NaturalKey.id(table: "staff", key: "AD01"), table: "staff",
            writes: Self.staff("AD01", "administrator"))
        store = try Store.create(
            at: folder.appendingPathComponent("server.sqlite").path,
            agency: Agency(name: "Harbor House", timeZone: "America/New_York"), founder: "AD01",
            founding: [founding], domain: domain, now: now, using: &dice)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var path: String { folder.appendingPathComponent("server.sqlite").path }

    /// Puts the directory in: PS07 and PS09 are peers, NU01 a nurse and PP01 a provider on ACT1, SU01 leads S1.
    func direct() throws -> TestLaptop {
        let office = try enrol("AD01")
        for site in ["S1", "S2"] {
            office.write(
                "site", NaturalKey.id(table: "site", key: site),
                [
                    RegisterWrite("identity", [.text(site)]), RegisterWrite("name", [.text("Site \(site)")]),
                ])
        }
        for (code, role, site, team) in [
            ("PS07", "peer", "S1", "ACT1"), ("PS09", "peer", "S2", "ACT1"), ("NU01", "nurse", "S1", "ACT1"),
            ("PP01", "primary_provider", "S1", "ACT1"), ("SU01", "supervisor", "S1", ""),
        ] {
            office.write(
                "staff", NaturalKey.id(table: "staff", key: code),
                Self.staff(code, role, site: site, team: team))
        }
        try office.sync()
        return office
    }

    /// Enrols a laptop for a staff member.
    func enrol(_ staff: String) throws -> TestLaptop {
        let invite = try store.invite(staff: staff, lifetimeSeconds: 3600, now: now, using: &dice)
        let reply = try store.enrol(
            EnrolRequest(code: invite.code, deviceName: "laptop of \(staff)"), now: now, using: &dice)
        return TestLaptop(self, staff: staff, token: reply.token, device: reply.device)
    }

    /// Lets time pass, in seconds.
    func pass(_ seconds: Int64) { now += seconds * 1_000_000 }

    func id() -> RecordID { Identifier.version7(unixMilliseconds: now / 1000, using: &dice) }

    static func staff(_ code: String, _ role: String, site: String = "", team: String = "") -> [RegisterWrite]
    {
        [
            RegisterWrite("identity", [.text(code)]), RegisterWrite("name", [.text("Staff \(code)")]),
            RegisterWrite("role", [.text(role)]),
            RegisterWrite(
                "place",
                [site.isEmpty ? .none : .text(site), team.isEmpty ? .none : .text(team), .none]),
        ]
    }

    static func participant(_ code: String, site: String = "S1", team: String = "ACT1") -> [RegisterWrite] {
        [
            RegisterWrite("identity", [.text(code)]),
            RegisterWrite("name", [.text("Participant \(code)"), .none]),
            RegisterWrite("home", [.text(site), .text(team), .none]),
        ]
    }

    static func assignment(_ participant: RecordID, _ peer: String, until: Int64? = nil) -> [RegisterWrite] {
        [
            RegisterWrite("what", [.reference(participant), .text(peer), .text("own"), .none]),
            RegisterWrite("period", [.integer(20_000), until.map { .integer($0) } ?? .none]),
        ]
    }

    static func checkIn(_ participant: RecordID, _ peer: String, did: String = "walked") -> [RegisterWrite] {
        [
            RegisterWrite("what", [.reference(participant), .text(peer), .text("check_in"), .none]),
            RegisterWrite("time", [.integer(1_770_000_000), .none, .integer(30)]),
            RegisterWrite("note", [.text(did), .none, .none, .none]),
        ]
    }

    static func referral(_ participant: RecordID, to peer: String, by sender: String) -> [RegisterWrite] {
        [
            RegisterWrite(
                "what", [.reference(participant), .none, .none, .text("worker"), .none, .text("company")]),
            RegisterWrite("recipient", [.text(""), .text(peer)]),
            RegisterWrite(
                "status", [.text("sent"), .none, .none, .text(sender), .integer(1_770_000_000)]),
        ]
    }

    static func escalation(_ participant: RecordID, told: String, by peer: String) -> [RegisterWrite] {
        [
            RegisterWrite(
                "what",
                [
                    .reference(participant), .text(peer), .integer(1_770_000_000), .text("a swollen ankle"),
                    .text("urgent"),
                ]),
            RegisterWrite("told", [.text(told), .text("phone"), .none]),
        ]
    }
}
