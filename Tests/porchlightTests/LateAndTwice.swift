import PeerSupport
import SyncModel
import SyncReplica
import SyncWire

@testable import porchlight

/// What a first sync brings of a check-in that was corrected on two laptops apart, and of a participant on whose record
/// somebody wrote who did not know that it had been merged.
enum LateAndTwice {
    private static let office: UInt64 = 9

    /// - Parameter goals: whether somebody who sets goals wrote some there too.
    static func records(goals: Bool = false) throws -> [PageRecord] {
        var old = [
            try person("P0150", "Ole"), redirect,
            change(4, 3, [RegisterWrite("contact", [.text("555 0107"), .none])], read: 1),
        ]
        if goals {
            let goals = RegisterWrite("goals", [.text("a flat of his own"), .text("PP01"), .none])
            old.append(change(3, 4, [goals], by: "PP01", read: 1))
        }
        return [
            page(
                2, "check_in",
                [try visit(office, "walked", amends: nil), mark(7, "the shop"), mark(6, "the clinic")]),
            page(3, "check_in", [try visit(7, "walked to the shop", amends: id(2))]),
            page(4, "check_in", [try visit(6, "walked to the clinic", amends: id(2))]),
            page(5, "participant", old), page(6, "participant", [try person("P0151", "Olaf")]),
        ]
    }

    static func id(_ place: Int) -> RecordID {
        Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_0000 + UInt64(place))
    }

    private static func page(_ place: Int, _ table: String, _ live: [LiveChange]) -> PageRecord {
        PageRecord(
            id: id(place), keys: ["all"],
            body: .state(StateCodec.encode(RecordState(table: table, live: live))))
    }

    /// A change of a laptop, which had read so many of the office's.
    private static func change(
        _ laptop: UInt64, _ n: UInt64, _ writes: [RegisterWrite], by author: String = "PS09", read: UInt64
    ) -> LiveChange {
        let at = (TestDesk.now - 60 * Int64(n)) * 1_000_000
        return LiveChange(
            dot: Dot(Identifier(high: laptop, low: laptop), n), author: author,
            writes: writes.sorted { $0.register < $1.register },
            context: read == 0 ? Context() : Context([.init(Identifier(high: office, low: office), read)]),
            effective: EffectiveTime(microseconds: at), deviceMicroseconds: at)
    }

    private static func person(_ code: String, _ name: String) throws -> LiveChange {
        let writes = try Writes(
            "participant",
            [
                "code": .text(code), "preferred_name": .text(name), "family_name": .text("Ode"),
                "site": .text("S1"),
            ])
        return change(office, 1, writes.registers, read: 0)
    }

    private static var redirect: LiveChange {
        let into = RegisterWrite("redirect", [.reference(id(6)), .text("AD02"), .integer(1)])
        return change(5, 2, [into], by: "AD02", read: 1)
    }

    /// A check-in as somebody made it.
    private static func visit(_ laptop: UInt64, _ did: String, amends: RecordID?) throws -> LiveChange {
        let writes = try Writes(
            "check_in",
            [
                "participant": .reference(id(1)), "peer": .text("PS09"), "activity": .text("check_in"),
                "amends": amends.map { .reference($0) }, "start_at": .integer(TestDesk.now - 86_400),
                "did": .text(did),
            ])
        return change(laptop, 5, writes.registers, read: 0)
    }

    /// The mark that a correction leaves on what it corrects: one edit, so one moment.
    private static func mark(_ laptop: UInt64, _ reason: String) -> LiveChange {
        let void = RegisterWrite(
            "void", [.integer(TestDesk.now - 300), .text("PS09"), .text("it was \(reason)")])
        return change(laptop, 5, [void], read: 5)
    }
}
