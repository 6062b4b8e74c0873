import SyncModel

/// Who is waiting to hear of which scope keys.
///
/// A place is opened *before* the exchange asks the store, so that what is committed between the store's
/// answer and the wait is not missed. Pure: ``HeldExchanges`` does the waking.
struct Listeners: Sendable {
    /// One place.
    typealias Ticket = UInt64

    private enum Place: Sendable {
        /// The store is being asked; this was committed meanwhile.
        case asking(missed: Set<ScopeKey>)
        /// Waits for these.
        case listening(Set<ScopeKey>)
    }

    private var places: [Ticket: Place] = [:]
    private var next: Ticket = 0

    /// How many wait.
    var waiting: Int {
        places.values.count {
            if case .listening = $0 { true } else { false }
        }
    }

    /// Opens a place.
    mutating func open() -> Ticket {
        next += 1
        places[next] = .asking(missed: [])
        return next
    }

    /// The store had nothing to say: from here on the place waits for `keys`.
    ///
    /// - Returns: whether one of them was touched already, so that there is nothing to wait for.
    mutating func listen(_ ticket: Ticket, to keys: some Sequence<ScopeKey>) -> Bool {
        let keys = Set(keys)
        if case .asking(let missed) = places[ticket], Self.hears(keys, missed) {
            places[ticket] = .asking(missed: [])
            return true
        }
        places[ticket] = .listening(keys)
        return false
    }

    /// Something under these keys was committed.
    ///
    /// - Returns: whom to wake. They are asking again.
    mutating func touch(_ keys: Set<ScopeKey>) -> [Ticket] {
        guard !keys.isEmpty else { return [] }
        var woken: [Ticket] = []
        for (ticket, place) in places {
            switch place {
            case .asking(let missed):
                places[ticket] = .asking(missed: missed.union(keys))
            case .listening(let wanted) where Self.hears(wanted, keys):
                places[ticket] = .asking(missed: [])
                woken.append(ticket)
            case .listening:
                break
            }
        }
        return woken
    }

    /// The time is up: the place asks again.
    mutating func ask(_ ticket: Ticket) {
        guard places[ticket] != nil else { return }
        places[ticket] = .asking(missed: [])
    }

    /// Closes a place.
    mutating func close(_ ticket: Ticket) {
        places[ticket] = nil
    }

    /// Every record lies under `all`, whether or not it says so.
    private static func hears(_ wanted: Set<ScopeKey>, _ touched: Set<ScopeKey>) -> Bool {
        guard !touched.isEmpty else { return false }
        return wanted.contains("all") || !wanted.isDisjoint(with: touched)
    }
}
