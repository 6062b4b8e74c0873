import SyncModel

/// Every epoch this server ever began, in a file that a restore does not overwrite: so no number comes twice,
/// however often one backup is restored.
///
/// The number is written here before the database hears of it. A crash in between leaves a number unused, which
/// is harmless.
struct EpochJournal: Sendable {
    /// One line.
    struct Entry: Codable, Sendable {
        let at: String
        let epoch: UInt64
        let why: String
    }

    /// Numbers a journal may hold. More than anybody can use up, and far from overflowing.
    private static let sane: ClosedRange<UInt64> = 1...(1 << 40)

    private let journal: Journal<Entry>
    private let reached: @Sendable (StoreStep) throws -> Void

    init(_ place: StorePlace) {
        let reached = place.reached
        journal = Journal(path: place.epochs) { try reached(.epochLine) }
        self.reached = reached
    }

    /// The greatest epoch ever begun here; 0 if there is no journal yet.
    func highest() throws -> UInt64 {
        let epochs = try journal.entries().map(\.epoch)
        guard epochs.allSatisfy(Self.sane.contains) else {
            throw SyncError(
                .damaged, "the journal of epochs has a number that was never one",
                means: "nothing is served, so that no epoch is used twice", advice: "put its lines in order")
        }
        return epochs.max() ?? 0
    }

    /// Begins an epoch above every one known.
    func begin(above known: UInt64, why: String, now: Int64) throws -> UInt64 {
        let next = max(try highest(), known) + 1
        try note(next, why: why, now: now)
        try reached(.epochNoted)
        return next
    }

    /// Notes an epoch that the database has already.
    func note(_ epoch: UInt64, why: String, now: Int64) throws {
        try journal.append([Entry(at: journalTime(now), epoch: epoch, why: why)])
    }
}
