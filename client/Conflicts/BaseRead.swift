import PeerSupport
import SyncModel
import SyncReplica

/// What both had read before they wrote apart, where that was not one value.
extension ConflictText {
    /// What is known of it.
    enum BaseRead: String {
        /// One value.
        case value
        /// Nothing stood there.
        case nothing
        /// Nothing, or several values: people had decided there before, and the server does not say which it was.
        case nothingOrSeveral = "nothing_or_several"
        /// The server has not said it yet, or it is no question of one field.
        case notKnown = "not_known"

        /// In words, for the place where the value would stand; `nil` where nothing is known.
        var words: String? {
            switch self {
            case .nothing: "(nothing)"
            case .nothingOrSeveral: "(no one value: nothing, or several)"
            case .value, .notKnown: nil
            }
        }
    }

    /// The server says of each dispute what both had read, and leaves out where that was nothing or several values. It knew of
    /// this one if it says of each of its values whence it came.
    var baseRead: BaseRead {
        if base != nil { return .value }
        guard [.values, .transition].contains(conflict.kind), let register = conflict.register, let notes,
            conflict.sides.allSatisfy({ side in side.change.map { notes.origin(of: $0.dot) != nil } ?? false }
            )
        else { return .notKnown }
        // Several had stood there only if somebody has decided between them.
        let decided = (try? lookups.decisions()) ?? []
        let hadSeveral = decided.contains { $0.register == register && $0.valuesBefore.count > 1 }
        return hadSeveral ? .nothingOrSeveral : .nothing
    }
}
