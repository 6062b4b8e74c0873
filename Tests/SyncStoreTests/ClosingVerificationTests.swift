import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import Testing

/// What became of work in quarantine is held against the audit log: nobody lets go of it without a word.
@Suite("Verifying decisions about quarantine")
struct ClosingVerificationTests {
    /// Names of changes, and the log positions that they got.
    typealias Positions = [String: Int64]

    /// A closed store with something released, two discarded together, one withdrawn, and one still in quarantine.
    private func agency() throws -> (agency: TestAgency, positions: Positions) {
        let caseload = try Caseload()
        let (agency, peer, person) = (caseload.agency, caseload.peer, caseload.person)
        func refused(_ text: String, _ transaction: TransactionID? = nil) -> Dot {
            peer.write(
                "participant", person, [RegisterWrite("goals", [.text(text), .none, .none])],
                transaction: transaction)
        }
        let together = agency.id()
        _ = refused("run")
        _ = [refused("swim", together), refused("row", together)]
        let withdrawn = refused("fly")
        _ = refused("walk")
        try peer.sync()
        let ids = try agency.store.quarantine().map(\.id)
        let why = QuarantineDecision(staff: "AD01", reason: "agreed")
        _ = try agency.store.release([ids[0]], why, now: agency.now, using: &agency.dice)
        _ = try agency.store.discard([ids[1]], why, alone: false, now: agency.now)
        peer.log.takenBack = [Withdrawal(dot: withdrawn, reason: "somebody else")]
        try peer.sync()
        try agency.store.close()
        _ = try Store.verify(at: agency.path)
        let names = ["RELEASED", "FIRST", "SECOND", "WITHDRAWN", "OPEN"]
        return (agency, Dictionary(zip(names, ids), uniquingKeysWith: { first, _ in first }))
    }

    private static func filled(_ text: String, _ positions: Positions) -> String {
        positions.reduce(text) { $0.replacing($1.key, with: "\($1.value)") }
    }

    private static let otherwise = "what became of the change at log position"
    private static let undecided = "is closed as if somebody had released, discarded or withdrawn it"

    @Test(arguments: [
        ("SET outcome = 4 WHERE outcome = 2", "log position OPEN \(undecided)"),
        ("SET outcome = 3 WHERE outcome = 2", "log position OPEN \(undecided)"),
        ("SET outcome = 4 WHERE position = RELEASED", "\(otherwise) RELEASED is not what entry"),
        ("SET outcome = 3 WHERE position = FIRST", "\(otherwise) FIRST is not what entry"),
        ("SET outcome = 3 WHERE position = SECOND", "\(otherwise) SECOND is not what entry"),
        ("SET outcome = 3 WHERE position = WITHDRAWN", "\(otherwise) WITHDRAWN is not what entry"),
        ("SET outcome = 2 WHERE position = RELEASED", "\(otherwise) RELEASED is not what entry"),
        ("SET outcome = 2 WHERE position = SECOND", "\(otherwise) SECOND is not what entry"),
        ("SET outcome = 2 WHERE position = WITHDRAWN", "\(otherwise) WITHDRAWN is not what entry"),
        ("SET outcome = 0 WHERE position = WITHDRAWN", "\(otherwise) WITHDRAWN is not what entry"),
    ])
    func `an outcome that nobody decided is named`(sql: String, told: String) throws {
        let (agency, positions) = try agency()
        try agency.alter(Self.filled("UPDATE change " + sql, positions))
        let found = failure { _ = try Store.verify(at: agency.path) }
        #expect(found?.code == .damaged)
        #expect(found?.what.contains(Self.filled(told, positions)) == true, "\(found?.what ?? "nothing")")
    }

    /// Alters what the newest entry counts, and every hash that follows from it: its own and the agency's.
    private func decide(_ agency: TestAgency, _ counts: String) throws {
        try agency.pastTriggers { try count(agency, counts) }
    }

    private func count(_ agency: TestAgency, _ counts: String) throws {
        let queue = try DatabaseQueue(path: agency.path)
        defer { try? queue.close() }
        try queue.write { db in
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM audit ORDER BY number DESC LIMIT 2")
            let (entry, before): (Row, Row) = (rows[0], rows[1])
            #expect(entry["kind"] == "withdrawal")
            let previous = try #require(ChainHash(Array(before["hash"] as Data)))
            var bytes: [UInt8] = []
            for number in [entry["number"], entry["at"]] as [Int64] {
                bytes += withUnsafeBytes(of: number.bigEndian) { Array($0) }
            }
            for part in [entry["kind"], entry["device"], entry["staff"], counts, entry["note"]] as [String] {
                bytes += withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian) { Array($0) } + part.utf8
            }
            let hash = Data(previous.appending(bytes).bytes)
            try db.execute(
                sql: "UPDATE audit SET counts = ?, hash = ? WHERE number = ?",
                arguments: [counts, hash, entry["number"] as Int64])
            try db.execute(sql: "UPDATE agency SET audit_hash = ?", arguments: [hash])
        }
    }

    @Test(arguments: [
        (#"{"change":WITHDRAWN,"changes":1}"#, nil),
        (#"{"change":WITHDRAWN,"changes":2}"#, "\(otherwise) OPEN is not what entry"),
        (#"{"change":OPEN,"changes":1}"#, "\(otherwise) OPEN is not what entry"),
        (#"{"change":9999,"changes":1}"#, "decides about log position 9999, where no change is"),
        (#"{"change":9223372036854775807,"changes":9}"#, "does not say of which change"),
        (#"{"changes":1}"#, "does not say of which change"),
        ("{}", "does not say of which change"), ("no JSON", "does not say of which change"),
    ])
    func `a decision about something else is named, though its hashes are right`(
        counts: String, told: String?
    ) throws {
        let (agency, positions) = try agency()
        try decide(agency, Self.filled(counts, positions))
        let found = failure { _ = try Store.verify(at: agency.path) }
        #expect((found == nil) == (told == nil))
        if let told {
            #expect(
                found?.what.contains(Self.filled(told, positions)) == true, "\(found?.what ?? "nothing")")
        }
    }

    @Test func `what waited twice under one name waits no more when it is decided`() throws {
        let caseload = try Caseload()
        let (agency, office, peer) = (caseload.agency, caseload.office, caseload.peer)
        let (stranger, together) = (agency.id(), agency.id())
        // One transaction in two exchanges, as no honest laptop sends it: each part waits by itself.
        for _ in 0..<2 {
            peer.write(
                "assignment", agency.id(), TestAgency.assignment(stranger, "PS07"), transaction: together)
            try peer.sync()
        }
        #expect(try agency.number("SELECT count(*) FROM parked") == 2)
        let ids = try agency.store.quarantine().map(\.id)
        let why = QuarantineDecision(staff: "AD01", reason: "nobody knows them")
        _ = try agency.store.discard([ids[0]], why, alone: false, now: agency.now)
        #expect(try agency.number("SELECT count(*) FROM parked") == 0)
        // Now they would fit: the person comes, and is the peer's.
        office.write("participant", stranger, TestAgency.participant("P2", site: "S2", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(stranger, "PS07"))
        try office.sync()
        try peer.sync()
        #expect(peer.log.states[stranger] != nil)
        let outcomes = peer.log.entries.suffix(2).map { peer.log.outcomes[$0.change.dot] }
        #expect(outcomes == [.withdrawn, .withdrawn])
        try agency.store.close()
        _ = try Store.verify(at: agency.path)
    }
}
