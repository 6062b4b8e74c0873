import GRDB
import SyncModel

/// One exchange as it was opened: what was asked, and from where.
struct SyncRound {
    /// What an exchange is for.
    enum Purpose {
        /// To send what waits and fetch what is new.
        case news
        /// To offer again what a restored server may have lost; its page is not applied.
        case healing
        /// To bring back what others wrote and a restored server has lost; nor is its page.
        case recall
    }

    let request: ExchangeRequest
    /// The incarnation whose changes it carries.
    let head: LogHead
    let purpose: Purpose
    /// The number of the last change it carries, or of the one before the first.
    let last: UInt64
    /// Up to which number changes may have left this laptop before.
    let offeredBefore: UInt64
    /// Whether the file beside the database fitted it. Where it did not, it goes on saying so until nothing waits any
    /// more and a fresh incarnation can be taken.
    let fitsBeside: Bool
    /// The places of the withdrawals of which the server cannot have known before.
    let toldFirst: [Int64]
}

extension Replica {
    /// Takes the lease, chooses what to send, marks it as offered, and only then lets it go.
    func open(_ options: SyncOptions, lease token: [UInt8]) throws -> SyncRound {
        try write { db, meta in
            try Lease.take(db, token: token, surroundings)
            let heads = try Log.heads(db)
            guard let current = heads.last else { throw Failures.damaged }
            let fitsBeside = try !isForeign(db, meta, current)
            let healing = heads.first { $0.healing != nil }
            let purpose: SyncRound.Purpose =
                healing != nil ? .healing : meta.recall != .done ? .recall : .news
            var head = healing ?? current
            let first = healing?.healing ?? current.acknowledged + 1
            let through = healing == nil ? head.newest : head.acknowledged
            let batch = max(1, min(options.changesPerExchange, meta.batch))
            let entries =
                first > through || purpose == .recall
                ? [] : try self.batch(db, head, first...through, limit: batch)
            let last = first - 1 + UInt64(entries.count)
            let offeredBefore = head.offered
            if last > head.offered {
                head.offered = last
                try Log.save(db, head)
                try count(db)
            }
            // Should a server have forgotten that this laptop was retired, it is told, and nothing comes here even so.
            let page = purpose == .news && !meta.isSealed ? max(1, min(options.pageRecords, meta.batch)) : 0
            let hello = Hello(
                protocols: protocolVersion...protocolVersion, incarnation: head.id,
                newest: head.newest, newestHash: head.hash, firstUnsent: first,
                hashBefore: try Log.hash(db, head, at: first - 1), epoch: meta.epoch,
                cursor: meta.cursor, heard: meta.heard, schema: domain.schema.version,
                clock: surroundings.clock(), pageRecords: UInt32(clamping: page),
                waitSeconds: entries.isEmpty && purpose == .news ? options.waitSeconds : 0,
                failures: UInt32(clamping: meta.failures), asksMarks: meta.recall == .asking,
                isSealed: meta.isSealed)
            let withdrawn = try withdrawn(db, purpose, with: entries)
            let request = ExchangeRequest(
                hello: hello, changes: entries.map(\.bytes),
                remembered: try remembered(db, meta, purpose, head, entries, limit: batch),
                withdrawals: try withdrawals(withdrawn, of: heads))
            return SyncRound(
                request: request, head: head, purpose: purpose, last: last, offeredBefore: offeredBefore,
                fitsBeside: fitsBeside, toldFirst: try Withdrawals.tell(db, withdrawn))
        }
    }

    /// What was taken back and is to be said: of the changes that are offered again, all of it, because a server that lost
    /// them has lost that too; otherwise what the server has not confirmed.
    private func withdrawn(
        _ db: Database, _ purpose: SyncRound.Purpose, with offered: [LogEntry]
    ) throws -> [LogEntry] {
        let again = offered.filter { $0.withdrawal != nil }
        guard purpose == .news else { return again }
        let known = Set(again.map(\.place))
        let limit = max(0, Limits.withdrawalsPerExchange - again.count)
        return try again
            + Log.entries(db, in: .withdrawing, limit: limit).filter { !known.contains($0.place) }
    }

    private func withdrawals(_ entries: [LogEntry], of heads: [LogHead]) throws -> [Withdrawal] {
        let ids = Dictionary(uniqueKeysWithValues: heads.map { ($0.place, $0.id) })
        return entries.compactMap { entry in
            ids[entry.incarnation].map {
                Withdrawal(dot: Dot($0, entry.n), reason: entry.withdrawal?.reason ?? "")
            }
        }
    }

    /// As many changes as an exchange may carry: whole transactions, and at least one.
    private func batch(
        _ db: Database, _ head: LogHead, _ range: ClosedRange<UInt64>, limit: Int
    ) throws -> [LogEntry] {
        var taken: [LogEntry] = []
        var octets = 0
        // Where the transaction begins that is being read; what is before it is sure to be sent.
        var whole = 0
        var open: TransactionID?
        try Log.each(db, head, from: range.lowerBound, through: range.upperBound) { entry, transaction in
            if transaction == nil || transaction != open {
                whole = taken.count
                open = transaction
            }
            if taken.count >= limit || octets + entry.bytes.count > Limits.exchangeBytes, whole > 0 {
                taken.removeSubrange(whole...)
                return false
            }
            taken.append(entry)
            octets += entry.bytes.count
            return true
        }
        return taken
    }
}
