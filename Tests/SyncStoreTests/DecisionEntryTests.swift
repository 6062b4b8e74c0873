import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import Testing

/// The audit log commits to the values of a decision without having them.
@Suite("Decisions in the audit log")
struct DecisionEntryTests {
    /// A closed store with two decisions, and the hashes of the changes that they are.
    private func agency() throws -> (agency: TestAgency, hashes: [ChainHash]) {
        let agency = try TestAgency()
        let office = try agency.direct()
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1"))
        try office.sync()
        var hashes: [ChainHash] = []
        for value in ["555 0134", "555 0199"] {
            office.write("participant", person, [RegisterWrite("contact", [.text(value), .none])])
            office.write("decision", agency.id(), Self.decision(person, value))
            hashes.append(try #require(office.log.entries.last?.hash))
            try office.sync()
        }
        try agency.store.close()
        return (agency, hashes)
    }

    /// That somebody resolved whose number it is.
    private static func decision(_ person: RecordID, _ value: String) -> [RegisterWrite] {
        let what: [Value] = [
            .text("resolve"), .reference(person), .text("contact"), .none, .none, .text("AD01"),
            .integer(1_770_000_000), .text("rang her up"),
        ]
        return [RegisterWrite("values", [.text("before"), .text(value)]), RegisterWrite("what", what)]
    }

    private func entries(_ agency: TestAgency) throws -> [AuditEntry] {
        try agency.open()
        defer { try? agency.store.close() }
        var entries: [AuditEntry] = []
        try agency.store.audit { entries.append($0) }
        return entries
    }

    @Test func `an entry names the change that has the values, and has none of them`() throws {
        let (agency, hashes) = try agency()
        let all = try entries(agency)
        let decisions = all.filter { $0.kind == "decision" }
        #expect(decisions.map(\.change) == hashes && hashes.count == 2)
        #expect(all.allSatisfy { ($0.change != nil) == ($0.kind == "decision") })
        #expect(decisions.allSatisfy { $0.note.hasSuffix(": rang her up") })
        #expect(!"\(decisions)".contains("555"))
        #expect(try Store.verify(at: agency.path).auditEntries == all.count)
    }

    /// It becomes part of its record later than the exchange that brought it.
    @Test func `a decision that waited, and one that was released, are noted when they are taken`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let (other, old) = (try agency.enrol("AD01"), try agency.enrol("AD01"))
        for laptop in [other, old] { try laptop.sync() }
        let person = agency.id()
        // It was entered together with what builds upon a record that the server does not have yet.
        let first = other.write("participant", agency.id(), TestAgency.participant("P2"))
        let together = TransactionID.version7(unixMilliseconds: agency.now / 1000, using: &agency.dice)
        other.write(
            "participant", person, [RegisterWrite("contact", [.text("555 0134"), .none])],
            context: Context([Context.Entry(first.incarnation, first.n)]), transaction: together)
        let waiting = other.write(
            "decision", agency.id(), Self.decision(person, "555 0134"), transaction: together)
        let hash = try #require(other.log.entries.last?.hash)
        try other.sync()
        guard case .quarantined = other.log.outcomes[waiting] else {
            Issue.record("it did not wait: \(String(describing: other.log.outcomes[waiting]))")
            return
        }
        #expect(try !agency.audit().contains("decision"))
        office.write("participant", person, TestAgency.participant("P1"))
        try office.sync()
        try other.sync()
        #expect(other.log.outcomes[waiting] == .applied)

        _ = old.write("decision", agency.id(), Self.decision(person, "555 0199"))
        try agency.store.retire(device: old.device, now: agency.now)
        _ = try old.send(old.request())
        let held = try agency.store.quarantine()
        #expect(held.map(\.device) == [old.device])
        let before = try agency.audit().count { $0 == "decision" }
        _ = try agency.store.release(
            held.map(\.id), QuarantineDecision(staff: "AD01", reason: "it is hers"), now: agency.now,
            using: &agency.dice)
        #expect(before == 1)
        try agency.store.close()
        let decisions = try entries(agency).filter { $0.kind == "decision" }
        #expect(decisions.map(\.device) == [other.device, old.device])
        #expect(decisions.map(\.staff) == ["AD01", "AD01"])
        #expect(decisions.first?.change == hash && decisions.last?.change != hash)
        // The hash of a change of the log of changes, or this would throw.
        #expect(try Store.verify(at: agency.path).auditEntries > 0)
    }

    @Test func `the hash is under the audit log's own chain`() throws {
        let (agency, _) = try agency()
        let number = try #require(try entries(agency).first { $0.kind == "decision" }?.number)
        try agency.alter("DROP TRIGGER audit_stands")
        for sql in ["change_hash = randomblob(32)", "change_hash = NULL"] {
            let whole = try Data(contentsOf: URL(fileURLWithPath: agency.path))
            try agency.alter("UPDATE audit SET \(sql) WHERE number = \(number)")
            let what = failure { _ = try Store.verify(at: agency.path) }?.what
            #expect(what?.contains("entry \(number) of the audit log was altered") == true, "\(what ?? "")")
            try whole.write(to: URL(fileURLWithPath: agency.path))
        }
    }

    /// Whoever alters an entry and every hash after it still cannot name a change that was never made.
    @Test func `an entry that tells of a change that is not in the log is named`() throws {
        let (agency, hashes) = try agency()
        let all = try entries(agency)
        let altered = try #require(all.last { $0.kind == "decision" })
        #expect(altered.change == hashes[1])
        try agency.alter("DROP TRIGGER audit_stands")
        var previous = ChainHash.zero
        for entry in all {
            let change = entry.number == altered.number ? hashes[1].appending([1]) : entry.change
            previous = previous.appending(Self.bytes(entry, change))
            if entry.number < altered.number { #expect(previous == entry.hash, "\(entry.number)") }
            let named = change.map { "x'\(hexadecimal($0.bytes))'" } ?? "NULL"
            try agency.alter(
                """
                UPDATE audit SET hash = x'\(hexadecimal(previous.bytes))', change_hash = \(named)
                WHERE number = \(entry.number)
                """)
        }
        try agency.alter("UPDATE agency SET audit_hash = x'\(hexadecimal(previous.bytes))'")
        let found = failure { _ = try Store.verify(at: agency.path) }
        #expect(found?.code == .damaged)
        let told =
            "entry \(altered.number) of the audit log tells of a change that is not in the log of changes"
        #expect(found?.what.contains(told) == true, "\(found?.what ?? "nothing was found")")
    }

    /// An entry's own bytes, as its documentation says.
    private static func bytes(_ entry: AuditEntry, _ change: ChainHash?) -> [UInt8] {
        func big(_ value: Int64, _ octets: Int) -> [UInt8] {
            (0..<octets).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
        }
        var parts = [entry.kind, entry.device, entry.staff, entry.counts].map { Array($0.utf8) }
        if !entry.note.isEmpty || change != nil { parts.append(Array(entry.note.utf8)) }
        if let change { parts.append(change.bytes) }
        return big(entry.number, 8) + big(entry.at, 8) + parts.flatMap { big(Int64($0.count), 4) + $0 }
    }

    @Test func `entries that an older program noted have no hash, and are verified`() throws {
        let (agency, _) = try agency()
        try agency.pastTriggers {
            try agency.alter("DELETE FROM audit; UPDATE agency SET audit = 0, audit_hash = zeroblob(32)")
        }
        try agency.forgetTimes()
        try agency.alter("ALTER TABLE audit DROP COLUMN change_hash; PRAGMA user_version = 5")
        #expect(try Store.verify(at: agency.path).auditEntries == 0)
        try agency.open()
        _ = try agency.enrol("PS07")
        #expect(try agency.audit() == ["invite", "enrolment"])
        try agency.store.close()
        #expect(try Store.verify(at: agency.path).auditEntries == 2)
        try agency.open()
    }
}
