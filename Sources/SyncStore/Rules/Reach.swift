import SyncModel

/// What a device can have read: the records it ever held, and the changes that were ever given out.
///
/// A class, because it remembers what it has looked up for the length of one exchange.
final class Reach {
    let epoch: UInt64
    private let working: WorkingSet
    private let speaker: Speaker
    private let allKey: KeyNumber
    private let everHeld: Set<KeyNumber>
    private let domain: any Domain
    private var marks: [Incarnation: UInt64] = [:]
    private var knownKeysOfRoles: Set<KeyNumber>?

    init(
        working: WorkingSet, domain: any Domain, speaker: Speaker, epoch: UInt64, allKey: KeyNumber
    ) throws {
        self.epoch = epoch
        self.domain = domain
        self.working = working
        self.speaker = speaker
        self.allKey = allKey
        everHeld = try working.transaction.keysEverHeld(by: speaker.number)
    }

    /// Up to which number an incarnation's changes were taken; 0 if none was.
    func mark(of incarnation: Incarnation) throws -> UInt64 {
        if let known = marks[incarnation] { return known }
        let mark = try working.transaction.incarnation(incarnation)?.mark ?? 0
        marks[incarnation] = mark
        return mark
    }

    /// Whether a change says it was written before the server was restored. What was written before the very
    /// first sync says 0; it had read nothing of anybody else's, so a restore makes no difference to it.
    func precedesRestore(_ change: Change) -> Bool { change.epoch != 0 && change.epoch < epoch }

    /// Whether the device holds a record, held it once, or wrote it.
    func isHeld(_ record: WorkingRecord, by change: Change) throws -> Bool {
        if try isHeld(record) { return true }
        guard precedesRestore(change) else { return false }
        // Somebody whose work is back had read this very change there.
        if record.state.context.contains(change.dot) { return true }
        // Somebody may have brought back before what the device offers again now.
        for live in record.state.live where try isOwn(live.dot.incarnation) { return true }
        // A restored server has forgotten what had left whom of all that follows a record; the record itself
        // has it back, from the changes that were offered again.
        for gift in record.stored.gifts where gift.parent != 0 && gift.target == record.stored.number {
            if let parent = try working.find(number: gift.parent), parent.exists, try isHeld(parent) {
                return true
            }
        }
        return try record.stored.keys.contains(where: keysOfRoles().contains)
    }

    /// What the device received by the roles that its owner has had since it was enrolled, and the place they have now.
    /// A restored server has forgotten what a device received that was enrolled, or whose owner got another role, after
    /// the backup; who had which role it has from the journal that no restore overwrites.
    private func keysOfRoles() throws -> Set<KeyNumber> {
        if let knownKeysOfRoles { return knownKeysOfRoles }
        var keys: Set<KeyNumber> = []
        for role in try working.transaction.roles(of: speaker.staff, since: speaker.number) {
            for name in try working.subscriptions(of: speaker, as: role, domain) {
                if let key = try working.transaction.knownKey(name) { keys.insert(key) }
            }
        }
        knownKeysOfRoles = keys
        return keys
    }

    private func isOwn(_ incarnation: Incarnation) throws -> Bool {
        try working.transaction.incarnation(incarnation)?.device == speaker.number
    }

    private func isHeld(_ record: WorkingRecord) throws -> Bool {
        if everHeld.contains(allKey) || record.stored.origin == speaker.number { return true }
        // Made by this very transaction of the device's, which has not been settled yet.
        if record.stored.origin == 0, record.exists { return true }
        if record.stored.keys.contains(where: everHeld.contains) { return true }
        for key in everHeld where try working.transaction.hasDeparted(record.stored.number, key: key) {
            return true
        }
        return false
    }
}
