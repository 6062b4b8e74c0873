import PeerSupport
import SyncModel
import SyncReplica

/// Looks for a check-in that may be the one about to be recorded.
enum DoubleEntry {
    /// Two contacts with one person that begin within so many seconds are probably one.
    static let seconds: Int64 = 300

    /// The check-in of the same person that begins nearest to a moment; `nil` when none is near.
    ///
    /// - Parameter amended: the one that is about to be corrected, and so is no doubt about anything.
    static func find(
        of person: RecordID, at start: Int64, except amended: RecordID?, in replica: Replica
    ) throws -> CheckIn? {
        try replica.find(
            Query(
                "check_in",
                where: [
                    try replica.isAbout(person),
                    .atLeast("start_at", .integer(start - seconds)),
                    .below("start_at", .integer(start + seconds + 1)),
                ])
        )
        .compactMap { CheckIn($0) }
        .filter { $0.counts && $0.id != amended }
        .min { abs($0.start - start) < abs($1.start - start) }
    }
}
