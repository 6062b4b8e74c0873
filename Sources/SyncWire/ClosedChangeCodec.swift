import SyncModel

// A change that was in quarantine and was decided about, to its message and back.

extension ClosedChange {
    var message: Porchlight_V1_ClosedChange {
        var message = Porchlight_V1_ClosedChange()
        message.id = UInt64(max(0, id))
        message.device = device
        message.staff = staff
        message.table = table
        message.record = record.field
        if let refusal {
            message.refusal.code = refusal.code
            message.refusal.reason = refusal.reason
        }
        message.closing = decision.closing.message
        message.decidedBy = decision.by
        message.decidedAt = decision.at
        message.reason = decision.reason
        message.entry = UInt64(max(0, decision.entry))
        return message
    }

    init(_ message: Porchlight_V1_ClosedChange) throws(WireError) {
        var refusal: Refusal?
        if message.hasRefusal {
            refusal = Refusal(
                code: try checked(message.refusal.code, "a refusal's code", empty: true),
                reason: try checked(
                    message.refusal.reason, "a refusal's reason", limit: Limits.textBytes, empty: true))
        }
        self.init(
            id: try logNumber(message.id),
            device: try checked(message.device, "a device's code", empty: true),
            staff: try checked(message.staff, "an author"),
            table: try checked(message.table, "a table's name"), record: try message.record.identifier(),
            refusal: refusal,
            decision: Decision(
                closing: try Closing(message.closing),
                by: try checked(message.decidedBy, "who decided", empty: true), at: message.decidedAt,
                reason: try checked(message.reason, "the reason", limit: Limits.textBytes, empty: true),
                entry: try logNumber(message.entry)))
    }
}

extension ClosedChange.Closing {
    fileprivate var message: Porchlight_V1_Closing {
        switch self {
        case .released: .released
        case .discarded: .discarded
        case .withdrawn: .withdrawn
        }
    }

    fileprivate init(_ message: Porchlight_V1_Closing) throws(WireError) {
        switch message {
        case .released: self = .released
        case .discarded: self = .discarded
        case .withdrawn: self = .withdrawn
        case .unspecified, .UNRECOGNIZED:
            throw .malformed("what was decided is nothing that this version knows")
        }
    }
}
