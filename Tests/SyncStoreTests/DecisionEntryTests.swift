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
            office.write(
                "decision", agency.id(),
                [
                    RegisterWrite(
                        "what",
                        [
                            .text("resolve"), .reference(person), .text("contact"), .none, .none,
                            .text("AD01"),
                            .integer(1_770_000_000), .text("rang her up"),
                        ]),
                    RegisterWrite("values", [.text("before"), .text(value)]),
                ].sorted { $0.register < $1.register })
            hashes.append(try #require(office.log.entries.last?.hash))
            try office.sync()
        }
        try agency.store.close()
        return (agency, hashes)
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
        try agency.alter("DROP TRIGGER audit_stands; DROP TRIGGER audit_is_kept")
        try agency.alter("DELETE FROM audit; UPDATE agency SET audit = 0, audit_hash = zeroblob(32)")
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
