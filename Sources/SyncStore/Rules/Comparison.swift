import SyncModel

/// Compares what a device says it holds with what it should hold. Only its own scope is ever looked at: of a record
/// outside it, it hears no more than that it should not be there, whether there is such a record or not.
struct Comparison {
    let working: WorkingSet
    let domain: any Domain
    let speaker: Speaker
    let secret: [UInt8]

    private var transaction: any StoreTransaction { working.transaction }

    func answer(_ request: VerifyRequest) throws -> VerifyReply {
        guard let keys = try currentKeys(request) else { return .behind }
        switch request.question {
        case .buckets(let prints):
            var digests = [StateDigest](repeating: StateDigest(), count: 1 << request.bits)
            try transaction.eachRecord(under: keys) { _ in
                true
            } _: { id, table, state in
                digests[Bucket.number(of: id, bits: request.bits)].add(id: id, table: table, state: state)
            }
            return .differing(
                digests.indices.filter { $0 >= prints.count || digests[$0].print != prints[$0] })
        case .records(let buckets):
            let wanted = Set(buckets.map(\.number))
            var due: [Int: [Bucket.Record]] = [:]
            try transaction.eachRecord(under: keys) { id in
                wanted.contains(Bucket.number(of: id, bits: request.bits))
            } _: { id, table, state in
                let print = StateDigest.recordPrint(id: id, table: table, state: state)
                due[Bucket.number(of: id, bits: request.bits), default: []].append(
                    Bucket.Record(id: id, print: print))
            }
            var findings = VerifyFindings()
            for bucket in buckets {
                let named = findings.count - findings.unnamed
                findings.add(
                    .comparing(
                        bucket.records, with: due[bucket.number] ?? [],
                        limit: max(0, Limits.verifyFindings - named)))
            }
            return .found(findings)
        }
    }

    /// The keys the device receives, if it has been sent everything under them and nothing beyond; `nil` otherwise.
    private func currentKeys(_ request: VerifyRequest) throws -> [KeyNumber]? {
        let heads = try transaction.heads()
        guard request.epoch == heads.epoch,
            let cursor = Cursor.open(request.cursor, secret: secret, device: speaker.code),
            cursor.epoch == heads.epoch, let hash = try transaction.logHash(at: cursor.log),
            Array(hash.bytes.prefix(cursor.logHash.count)) == cursor.logHash
        else { return nil }
        let names = try working.subscriptions(of: speaker, domain)
        let keys = try names.compactMap { try transaction.knownKey($0) }
        guard keys.count == names.count, Set(keys) == Set(cursor.positions.keys) else { return nil }
        for key in keys {
            for departures in [false, true] {
                let news = try transaction.feed(
                    key: key, after: cursor.positions[key] ?? 0, limit: 1, departures: departures)
                guard news.isEmpty else { return nil }
            }
        }
        return keys
    }
}
