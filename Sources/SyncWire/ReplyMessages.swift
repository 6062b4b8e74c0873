import SwiftProtobuf
import SyncModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Welcome {
    var message: Porchlight_V1_Welcome {
        var message = Porchlight_V1_Welcome()
        switch verdict {
        case .ok: message.ok = Porchlight_V1_Empty()
        case .reidentify(let agreed): message.reidentify.n = agreed
        case .rewind(let expected): message.rewind.n = expected
        case .upgrade(let range):
            message.upgrade.low = range.lowerBound
            message.upgrade.high = range.upperBound
        case .sealed: message.sealed = Porchlight_V1_Empty()
        }
        message.serverTime = serverMicroseconds
        message.epoch = epoch
        message.taken = taken
        message.keys = keys
        return message
    }

    init(_ message: Porchlight_V1_Welcome) throws(WireError) {
        let verdict: Verdict
        switch message.verdict {
        case .ok: verdict = .ok
        case .reidentify(let agreed): verdict = .reidentify(agreed: try counted(agreed.n))
        case .rewind(let expected): verdict = .rewind(expected: try counted(expected.n))
        case .upgrade(let range):
            guard range.low <= range.high else {
                throw .malformed("the protocol versions are no range")
            }
            verdict = .upgrade(range.low...range.high)
        case .sealed: verdict = .sealed
        case nil: throw .malformed("the welcome has no verdict this version knows")
        }
        guard message.keys.count <= Limits.keysPerDevice else { throw .tooLarge("the scope keys") }
        for (index, key) in message.keys.enumerated() {
            _ = try checked(key, "a scope key")
            guard index == 0 || message.keys[index - 1] < key else {
                throw .malformed("the scope keys are out of order")
            }
        }
        self.init(
            verdict: verdict, serverMicroseconds: message.serverTime,
            epoch: try counted(message.epoch), taken: try counted(message.taken),
            keys: message.keys)
    }
}

extension End {
    var message: Porchlight_V1_End {
        var message = Porchlight_V1_End()
        message.cursor = Data(cursor)
        message.more = more
        message.remaining = remaining
        message.heard = heard
        return message
    }

    init(_ message: Porchlight_V1_End) throws(WireError) {
        guard message.cursor.count <= Limits.cursorBytes else { throw .tooLarge("the cursor") }
        self.init(
            cursor: message.cursor.octets, more: message.more,
            remaining: try counted(message.remaining), heard: try counted(message.heard))
    }
}

/// The records that leave, as one frame; none if none does.
func leaveMessage(_ leaves: [RecordID]) -> Porchlight_V1_Leave? {
    guard !leaves.isEmpty else { return nil }
    var message = Porchlight_V1_Leave()
    message.ids = leaves.map(\.field)
    return message
}

/// The records a client holds from before a restore, as one frame; none if it asks about none.
func heldMessage(_ held: [RecordID]) -> Porchlight_V1_Held? {
    guard !held.isEmpty else { return nil }
    var message = Porchlight_V1_Held()
    message.ids = held.map(\.field)
    return message
}

/// The changes that are taken back, as one frame; none if none is.
func withdrawMessage(_ withdrawals: [Withdrawal]) -> Porchlight_V1_Withdraw? {
    guard !withdrawals.isEmpty else { return nil }
    var message = Porchlight_V1_Withdraw()
    message.withdrawals = withdrawals.map { one in
        var message = Porchlight_V1_Withdrawal()
        message.incarnation = one.dot.incarnation.field
        message.n = one.dot.n
        message.reason = one.reason
        return message
    }
    return message
}

extension Withdrawal {
    init(_ message: Porchlight_V1_Withdrawal) throws(WireError) {
        self.init(
            dot: try Dot(field: message.incarnation, message.n),
            reason: try checked(message.reason, "a reason", limit: Limits.reasonBytes, empty: true))
    }
}

/// How far the server has each incarnation, as one frame; none if that was not asked.
func marksMessage(_ marks: [Mark]) -> Porchlight_V1_Marks? {
    guard !marks.isEmpty else { return nil }
    var message = Porchlight_V1_Marks()
    message.marks = marks.map { mark in
        var message = Porchlight_V1_Mark()
        message.incarnation = mark.dot.incarnation.field
        message.n = mark.dot.n
        if let hash = mark.hash { message.hash = Data(hash.bytes) }
        return message
    }
    return message
}
