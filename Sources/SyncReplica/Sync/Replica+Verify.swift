import GRDB
public import SyncModel

/// What a verification found out.
public struct VerifyReport: Hashable, Sendable {
    /// How many confirmed records this replica holds.
    public var records: Int
    /// How they differ from those it should hold.
    public var findings: VerifyFindings
    /// Of the surplus records, those that are held since before the server was restored: nobody may have them but
    /// this replica, so they are kept.
    public var kept: [RecordID]
    /// How many requests it took.
    public var requests: Int
}

extension Replica {
    /// Compares the confirmed records with those the server has for this device, by digests alone, and names those
    /// that differ. Changes nothing. What waits to be sent has no part in it.
    ///
    /// - Throws: ``SyncError`` `stale` when this replica has not been sent everything: sync first; `retired`; or what
    ///   `peer` throws.
    public func verify(with peer: any VerifyPeer) async throws -> VerifyReport {
        let own = try ownDigests()
        var report = VerifyReport(
            records: own.records, findings: VerifyFindings(), kept: [], requests: 1)
        let first = try await peer.verify(
            VerifyRequest(
                epoch: own.epoch, cursor: own.cursor, bits: own.bits, question: .buckets(own.prints)))
        guard case .differing(let differing) = first else { throw Self.behind }
        guard !differing.isEmpty else { return report }
        for part in try ownRecords(of: differing, as: own) {
            let reply = try await peer.verify(
                VerifyRequest(
                    epoch: own.epoch, cursor: own.cursor, bits: own.bits, question: .records(part)))
            guard case .found(let findings) = reply else { throw Self.behind }
            report.findings.add(findings)
            report.requests += 1
        }
        report.kept = try kept(of: report.findings.surplus)
        return report
    }

    /// What is compared first.
    private struct OwnDigests {
        let epoch: UInt64
        let cursor: [UInt8]
        let records: Int
        let bits: Int
        let prints: [RecordPrint]
    }

    private func ownDigests() throws -> OwnDigests {
        try readRecords { db, meta in
            let count = try SQL(db, "SELECT count(*) FROM sync_record").first { Int($0.integer(0)) } ?? 0
            let bits = Bucket.bits(for: count)
            var digests = [StateDigest](repeating: StateDigest(), count: 1 << bits)
            try SQL(db, "SELECT id, tbl, state FROM sync_record ORDER BY id").each([]) { row in
                let id = try row.id(0)
                digests[Bucket.number(of: id, bits: bits)].add(id: id, table: row.text(1), state: row.blob(2))
            }
            return OwnDigests(
                epoch: meta.epoch, cursor: meta.cursor, records: count, bits: bits,
                prints: digests.map(\.print))
        }
    }

    /// What lies in some buckets, in parts that each fit a request.
    private func ownRecords(of numbers: [Int], as own: OwnDigests) throws -> [[Bucket]] {
        let wanted = Set(numbers)
        let found = try readRecords { db, meta -> [Int: [Bucket.Record]] in
            // Another process may have synced meanwhile.
            guard meta.cursor == own.cursor, meta.epoch == own.epoch else { throw Self.behind }
            var found: [Int: [Bucket.Record]] = [:]
            try SQL(db, "SELECT id, tbl, state FROM sync_record ORDER BY id").each([]) { row in
                let id = try row.id(0)
                let number = Bucket.number(of: id, bits: own.bits)
                guard wanted.contains(number) else { return }
                let print = StateDigest.recordPrint(id: id, table: row.text(1), state: row.blob(2))
                found[number, default: []].append(Bucket.Record(id: id, print: print))
            }
            return found
        }
        var parts: [[Bucket]] = []
        var room = 0
        for number in numbers {
            let bucket = Bucket(number: number, records: found[number] ?? [])
            if bucket.records.count >= room {
                parts.append([])
                room = Limits.verifyRecords
            }
            parts[parts.count - 1].append(bucket)
            room -= bucket.records.count
        }
        return parts
    }

    private func kept(of surplus: [RecordID]) throws -> [RecordID] {
        try readRecords { db, _ in
            try surplus.filter { id in
                try SQL(db, "SELECT 1 FROM sync_record WHERE id = ? AND keyset <= 0").first(.id(id)) { _ in
                    true
                }
                    ?? false
            }
        }
    }

    private static var behind: SyncError {
        SyncError(
            .stale, "this laptop has not fetched everything yet, so nothing can be compared",
            means: "nothing was changed", advice: "porchlight sync, and then verify again")
    }
}
