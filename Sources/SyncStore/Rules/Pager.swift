import SyncModel

/// Cuts one page from the feed: what changed under a device's keys since its cursor.
struct Pager {
    let working: WorkingSet
    /// The subscribed keys' numbers.
    let keys: [KeyNumber]
    /// How far each key was followed; a key newly subscribed starts at 0.
    let from: [KeyNumber: Int64]
    /// Keys the device has never held: nothing can have left them for it.
    let neverHeld: Set<KeyNumber>
    /// The head of the feed.
    let head: Int64
    /// How many records and leaves the page may have.
    let limit: Int

    private var transaction: any StoreTransaction { working.transaction }

    /// A record on a page, and what this transaction did to it, if anything.
    struct Item {
        let row: PageRow
        let working: WorkingRecord?
        /// What is to be said of its conflicts.
        var notes: ConflictNotes?
    }

    /// A page.
    struct Page {
        var records: [Item] = []
        var leaves: [RecordID] = []
        var positions: [KeyNumber: Int64] = [:]
        var isLast = true
        var remaining = 0
    }

    /// Cuts the page.
    ///
    /// Every key's rows are read in the order of their positions, up to one more than fit. What was read of
    /// *all* keys reaches to the lowest of the last rows of those that were cut off: up to there the page is
    /// complete under every key, and each key's cursor moves there.
    func page() throws -> Page {
        var page = Page(positions: from.filter { keys.contains($0.key) })
        guard limit > 0 else { return page }
        let (rows, horizon) = try read()
        let subscribed = Set(keys)
        var seen: Set<RecordNumber> = []
        var bytes = 0
        var reached = horizon
        for row in rows where row.position <= horizon {
            // A full page still moves past its last record's rows under other keys, or a page of one never would.
            if seen.contains(row.record) { continue }
            if page.records.count + page.leaves.count >= limit || bytes >= Limits.pageBytes {
                reached = row.position - 1
                page.isLast = false
                break
            }
            guard seen.insert(row.record).inserted, var record = try item(row.record) else { continue }
            if record.row.keys.contains(where: subscribed.contains) {
                // A departure under one key of a record that lies under another comes with its row there.
                if row.isDeparture {
                    seen.remove(row.record)
                    continue
                }
                record.notes = try annotating.notes(of: row.record, record)
                page.records.append(record)
                bytes += record.row.state.count + 32 + (record.notes?.octets ?? 0)
            } else if row.isDeparture {
                page.leaves.append(record.row.id)
            }
        }
        if horizon < head { page.isLast = false }
        for key in keys { page.positions[key] = max(from[key] ?? 0, reached) }
        if !page.isLast { page.remaining = try remaining(after: reached) }
        return page
    }

    private var annotating: Annotating { Annotating(working: working) }

    private func item(_ number: RecordNumber) throws -> Item? {
        if let known = working.met(number: number) {
            let stored = known.stored
            return Item(
                row: PageRow(
                    id: stored.id, state: stored.state, keys: stored.keys, isDisputed: stored.isDisputed),
                working: known)
        }
        return try transaction.pageRow(number: number).map { Item(row: $0, working: nil) }
    }

    /// The rows of all keys in the order of their positions, and up to where they are complete.
    private func read() throws -> ([FeedRow], Int64) {
        var rows: [FeedRow] = []
        var horizon = head
        for key in keys {
            let start = from[key] ?? 0
            for departures in [false, true] where !(departures && start == 0 && neverHeld.contains(key)) {
                let found = try transaction.feed(
                    key: key, after: start, limit: limit + 1, departures: departures)
                if found.count > limit, let last = found.last { horizon = min(horizon, last.position) }
                rows += found
            }
        }
        // At one position a record's row comes before its departures, so that a move is seen as a move.
        rows.sort { ($0.position, $0.isDeparture ? 1 : 0) < ($1.position, $1.isDeparture ? 1 : 0) }
        return (rows, horizon)
    }

    /// About how many records are still to come; counted up to a bound, because it only feeds a progress bar.
    private func remaining(after reached: Int64) throws -> Int {
        var most = 0
        for key in keys {
            let start = max(from[key] ?? 0, reached)
            most = max(most, try transaction.count(key: key, after: start, bound: 200_000))
        }
        return most
    }
}
