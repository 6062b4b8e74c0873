public import SyncModel

/// Whether a deletion had read another record than the one that it deletes.
///
/// A context speaks of one record, so what a deletion knew of others it does not say. Whoever deletes a participant
/// therefore writes on each stretch of working with them that it is not deleted, in the same edit and after the deletion:
/// that changes nothing, and is read by whoever asks later.
public enum ReadByDeletion {
    /// What is written on each record that a deletion has read.
    public static let mark = RegisterWrite(deletedRegister, [.integer(0)])

    /// Whether one of some deletions had read a record: its mark is there, or was, by the same incarnation and not before it.
    ///
    /// - Parameters:
    ///   - state: the live changes of the record.
    ///   - deletions: the changes that delete the participant.
    public static func covers(_ state: RecordState, _ deletions: [LiveChange]) -> Bool {
        let known = state.context
        return deletions.contains { known.contains($0.dot) }
    }
}
