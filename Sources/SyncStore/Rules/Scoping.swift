import SyncModel

/// Keeps every record under its scope keys as records change.
///
/// keys(r) = the keys r is given ∪ the keys of the parents r inherits from, in a ring those that any of it is given,
/// and `device:` of its origin if there are none. It is a function of all records' winning values, so the order in which they came is
/// irrelevant.
struct Scoping {
    let working: WorkingSet
    let domain: any Domain
    let allKey: KeyNumber

    private var transaction: any StoreTransaction { working.transaction }

    /// Inheritance is two steps deep in practice; hostile data could make a ring. After so many rounds the
    /// keys stay as they are.
    private static let rounds = 8

    /// Brings the keys up to date with the records whose siblings have changed.
    func settle() throws {
        var waiting: [WorkingRecord] = []
        var isWaiting = Set<RecordNumber>()
        func enqueue(_ record: WorkingRecord) {
            if isWaiting.insert(record.stored.number).inserted { waiting.append(record) }
        }
        for record in working.moved where record.isChanged {
            enqueue(record)
            for target in try give(record) where target.exists { enqueue(target) }
        }
        for _ in 0..<Self.rounds where !waiting.isEmpty {
            let round = waiting
            waiting = []
            isWaiting = []
            for record in round where try rekey(record) {
                for number in try transaction.heirs(of: record.stored.number) {
                    guard number != record.stored.number, let heir = try working.find(number: number),
                        heir.exists
                    else { continue }
                    enqueue(heir)
                }
            }
        }
    }

    /// Writes down what a record gives now, and says whose scope that touches.
    private func give(_ record: WorkingRecord) throws -> [WorkingRecord] {
        let source = record.stored.number
        let gifts = try self.gifts(of: record)
        guard gifts != record.stored.gifts else { return [] }
        let before = Set(record.stored.gifts)
        let after = Set(gifts)
        for gift in record.stored.gifts where !after.contains(gift) {
            try transaction.remove(gift, from: source)
        }
        for gift in gifts where !before.contains(gift) { try transaction.add(gift, from: source) }
        record.stored.gifts = gifts
        var targets: [WorkingRecord] = []
        for number in Set(before.symmetricDifference(after).map(\.target)).sorted() {
            if let target = try working.find(number: number) { targets.append(target) }
        }
        return targets
    }

    private func gifts(of record: WorkingRecord) throws -> [Gift] {
        guard let view = working.view(record) else { return [] }
        return try domain.contributions(of: view).map { contribution in
            switch contribution {
            case .key(let target, let key):
                Gift(
                    target: try working.reach(target).stored.number, key: try transaction.key(key), parent: 0)
            case .inherit(let target, let parent):
                Gift(
                    target: try working.reach(target).stored.number, key: 0,
                    parent: try working.reach(parent).stored.number)
            }
        }
        .sorted()
    }

    /// The keys that a record is given itself, and through those of its table from which it inherits.
    ///
    /// In a ring every record would else keep a key because the next one has it, and that one because this one has: a
    /// peer whose assignment has ended would go on receiving the person.
    private func given(to start: WorkingRecord, besides heir: WorkingRecord) throws -> Set<KeyNumber> {
        var keys: Set<KeyNumber> = []
        var seen: Set<RecordNumber> = [heir.stored.number]
        var waiting = [start]
        while let record = waiting.popLast() {
            guard seen.insert(record.stored.number).inserted else { continue }
            for gift in try transaction.gifts(to: record.stored.number) {
                if gift.key != 0 { keys.insert(gift.key) }
                guard gift.parent != 0, let parent = try working.find(number: gift.parent), parent.exists
                else { continue }
                if parent.state.table == record.state.table {
                    waiting.append(parent)
                } else {
                    keys.formUnion(parent.stored.keys)
                }
            }
        }
        return keys
    }

    /// Computes a record's keys anew; true if they have changed.
    private func rekey(_ record: WorkingRecord) throws -> Bool {
        var keys: Set<KeyNumber> = []
        for gift in try transaction.gifts(to: record.stored.number) {
            if gift.key != 0 { keys.insert(gift.key) }
            if gift.parent != 0, let parent = try working.find(number: gift.parent), parent.exists {
                // Records of one table may lead to each other in a ring, as merges in opposite directions do.
                let isKin = parent.state.table == record.state.table
                keys.formUnion(isKin ? try given(to: parent, besides: record) : Set(parent.stored.keys))
            }
        }
        keys.remove(allKey)
        if keys.isEmpty, record.stored.origin != 0 {
            let code = try transaction.code(of: record.stored.origin)
            keys = [try transaction.key("device:\(code)")]
        }
        keys.insert(allKey)
        let sorted = keys.sorted()
        guard sorted != record.stored.keys else { return false }
        record.stored.keys = sorted
        working.move(record)
        return true
    }
}
