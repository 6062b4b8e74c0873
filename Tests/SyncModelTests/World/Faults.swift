/// What goes wrong in a schedule.
struct Faults: OptionSet, Hashable {
    let rawValue: Int
    /// Requests and answers are lost.
    static let loss = Faults(rawValue: 1)
    /// Records move from scope to scope.
    static let scope = Faults(rawValue: 2)
    /// Changes travel on a stick and arrive late, or twice.
    static let usb = Faults(rawValue: 4)
    /// Laptops are restored from their own backup, or run twice.
    static let clone = Faults(rawValue: 8)
    /// The server is restored from an old backup and overtaken.
    static let restore = Faults(rawValue: 16)
    /// What a device subscribes to changes while it is away.
    static let subscriptions = Faults(rawValue: 32)

    static let families: [Faults] = [
        [.loss], [.loss, .scope], [.loss, .usb], [.loss, .clone], [.loss, .restore],
        [.loss, .subscriptions], [.loss, .scope, .subscriptions],
        [.loss, .scope, .usb, .clone, .restore, .subscriptions],
    ]
}

extension Faults: CustomStringConvertible {
    var description: String {
        let names = ["loss", "scope", "usb", "clone", "restore", "subscriptions"]
        return names.indices.filter { rawValue >> $0 & 1 == 1 }.map { names[$0] }.joined(separator: "+")
    }
}

/// One deliberate mistake in the toy server, the toy device or the merge, which the checks must notice.
enum Mistake: CaseIterable {
    case dropsByNumberOfAnother
    case keepsLastWriterOnly
    case clockBeatsCausality
    case contextNotTransitive
    case contextHoldsUnread
    case forgetsOwnWrites
    case cursorAheadOfData
    case leaveForgotten
    case droppedKeyForgotten
    case newKeyStartsAtHead
    case recordTravelsTwice
    case scopeUnchecked
    case forkUnchecked
    case nothingReoffered
    case lostRequestCountsAsTaken
    case cursorStandsStill
    case readsNothing
    case timeForgotten
    case deletionForgotten

    /// The check that is there to notice it.
    var noticedBy: Check {
        switch self {
        case .dropsByNumberOfAnother, .contextHoldsUnread, .nothingReoffered, .lostRequestCountsAsTaken: .lost
        case .keepsLastWriterOnly: .conflicts
        case .clockBeatsCausality: .order
        case .contextNotTransitive, .forgetsOwnWrites: .falseConflict
        case .cursorAheadOfData, .newKeyStartsAtHead: .replica
        case .leaveForgotten, .droppedKeyForgotten: .heldOutsideScope
        case .recordTravelsTwice: .travelsOnce
        case .scopeUnchecked: .sentOutsideScope
        case .forkUnchecked: .queue
        case .cursorStandsStill: .paging
        case .readsNothing: .ownWrite
        case .timeForgotten: .winner
        case .deletionForgotten: .deletion
        }
    }
}

/// Everything that is checked.
enum Check: CaseIterable {
    case lost, falseConflict, winner, deletion, conflicts, order
    case queue, replica, heldOutsideScope, sentOutsideScope, travelsOnce, paging, ownWrite
}
