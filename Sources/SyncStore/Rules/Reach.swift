import SyncModel

/// What a device can have read: the records it ever held, and the changes that were ever given out.
///
/// A class, because it remembers what it has looked up for the length of one exchange.
final class Reach {
    let epoch: UInt64
    private let transaction: any StoreTransaction
    private let speaker: Speaker
    private let allKey: KeyNumber
    private let everHeld: Set<KeyNumber>
    private var marks: [Incarnation: UInt64] = [:]
    private var own: Set<Incarnation> = []

    init(transaction: any StoreTransaction, speaker: Speaker, epoch: UInt64, allKey: KeyNumber) throws {
        self.transaction = transaction
        self.speaker = speaker
        self.epoch = epoch
        self.allKey = allKey
        everHeld = try transaction.keysEverHeld(by: speaker.number)
    }

    /// Up to which number an incarnation's changes were taken; 0 if none was.
    func mark(of incarnation: Incarnation) throws -> UInt64 {
        if let known = marks[incarnation] { return known }
        let row = try transaction.incarnation(incarnation)
        if row?.device == speaker.number { own.insert(incarnation) }
        marks[incarnation] = row?.mark ?? 0
        return row?.mark ?? 0
    }

    /// Whether the device holds a record, held it once, or wrote it.
    func isHeld(_ record: WorkingRecord) throws -> Bool {
        if everHeld.contains(allKey) || record.stored.origin == speaker.number { return true }
        if record.stored.keys.contains(where: everHeld.contains) { return true }
        for key in everHeld where try transaction.hasDeparted(record.stored.number, key: key) {
            return true
        }
        // Created in this very exchange, its keys not settled yet.
        return record.positionBefore == 0 && record.exists
    }
}
