import SyncModel

extension ToyDevice {
    /// Every exchange opens with who I am and where my log stands; nothing else is said before this.
    mutating func open(_ server: inout ToyServer, _ oracle: inout CausalOracle) {
        if epoch != server.epoch {
            epoch = server.epoch
            cursor = [Int?](repeating: nil, count: ToyServer.keyCount)
            for record in held.indices {
                guard let state = held[record]?.state else { continue }
                server.heal(record, state.live.compactMap { oracle.entry(of: $0) })
                held[record]?.isStale = true
            }
            for entry in own[..<sent] { server.heal(entry.record, [entry]) }
            let acknowledged = own[..<sent].filter { $0.dot.incarnation == incarnation }.map(\.dot.n)
            reissue(above: acknowledged.max() ?? 0, &oracle)
        }
        let found = server.hello(incarnation, own: own)
        if found.forked {
            reissue(above: found.agreed, &oracle)
            return open(&server, &oracle)
        }
        while let next = pending.first, next.dot.incarnation != incarnation || next.dot.n <= found.mark {
            taken(server.log[next.dot]?.change.effective ?? EffectiveTime(microseconds: 0))
        }
    }

    /// Sends up to so many changes. `loses` says whether a message of a kind is lost this time.
    mutating func push(
        _ server: inout ToyServer, atMost limit: Int, _ oracle: inout CausalOracle,
        loses: (_ isRequest: Bool) -> Bool
    ) {
        open(&server, &oracle)
        for entry in pending.prefix(limit) {
            if loses(true) {
                if rules.mistake == .lostRequestCountsAsTaken {
                    taken(EffectiveTime(microseconds: entry.claimed))
                }
                return
            }
            guard case .taken(let effective) = server.push(entry) else { return }
            if loses(false) { return }
            taken(effective)
        }
    }

    /// Applies a page as one step: records, what left, and what the keys that are gone had brought.
    mutating func apply(_ page: Page) {
        for (record, state, keys) in page.records {
            held[record] = state.map { Held(state: $0, keys: keys) }
        }
        let subscribed = page.cursor.indices.reduce(0) { $0 | (page.cursor[$1] == nil ? 0 : 1 << $1) }
        for record in held.indices {
            guard let mine = held[record] else { continue }
            let keyless = mine.keys & subscribed == 0 && rules.mistake != .droppedKeyForgotten
            if (keyless && rules.mistake != .scopeUnchecked) || (mine.isStale && !page.more) {
                held[record] = nil
            }
        }
        cursor = page.cursor
    }
}
