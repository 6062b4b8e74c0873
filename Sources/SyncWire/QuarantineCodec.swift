import SwiftProtobuf
public import SyncModel

/// The two messages about quarantine, each the whole of a body, in either format, before compression.
public enum QuarantineCodec {
    /// Encodes what an administrator's laptop asks.
    public static func encode(
        _ request: QuarantineRequest, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        var message = Porchlight_V1_QuarantineRequest()
        switch request {
        case .list(let device, let after):
            message.list = Porchlight_V1_QuarantineList()
            message.list.device = device ?? ""
            message.list.after = UInt64(max(0, after))
        case .show(let id): message.show.id = UInt64(max(0, id))
        case .release(let ids, let reason): message.release = decision(ids, reason)
        case .discard(let ids, let reason, let alone):
            message.discard = decision(ids, reason)
            message.discard.alone = alone
        case .closed(let after, let since):
            message.closed = Porchlight_V1_QuarantineClosed()
            message.closed.after = UInt64(max(0, after))
            message.closed.since = since
        }
        return try message.body(as: format)
    }

    /// Decodes what an administrator's laptop asks.
    public static func decode(
        request body: [UInt8], as format: ExchangeFormat = .binary
    ) throws(WireError) -> QuarantineRequest {
        guard body.count <= Limits.requestBytes else { throw .tooLarge("the request") }
        switch try Porchlight_V1_QuarantineRequest(body: body, as: format).question {
        case .list(let list):
            let device = try checked(list.device, "a device's code", empty: true)
            return .list(device: device.isEmpty ? nil : device, after: try logNumber(list.after))
        case .show(let show): return .show(try logNumber(show.id))
        case .release(let decision):
            return .release(try ids(decision), reason: try reason(decision))
        case .discard(let decision):
            return .discard(try ids(decision), reason: try reason(decision), alone: decision.alone)
        case .closed(let closed):
            return .closed(after: try logNumber(closed.after), since: closed.since)
        case nil: throw .malformed("the request asks nothing this version knows")
        }
    }

    /// Encodes what the server answers.
    public static func encode(
        _ reply: QuarantineReply, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        var message = Porchlight_V1_QuarantineReply()
        switch reply {
        case .list(let changes, let more):
            message.list.changes = changes.map(\.message)
            message.list.more = more
        case .content(let content): message.content = content.message
        case .decided(let changes):
            message.decided.changes = changes.map { change in
                var message = Porchlight_V1_DecidedChange()
                message.id = UInt64(max(0, change.id))
                message.device = change.device
                message.conflict = change.isConflict
                return message
            }
        case .closed(let changes, let more):
            message.closed.changes = changes.map(\.message)
            message.closed.more = more
        }
        return try message.body(as: format)
    }

    /// Decodes what the server answers.
    public static func decode(
        reply body: [UInt8], as format: ExchangeFormat = .binary
    ) throws(WireError) -> QuarantineReply {
        guard body.count <= Limits.answerBytes else { throw .tooLarge("the answer") }
        switch try Porchlight_V1_QuarantineReply(body: body, as: format).answer {
        case .list(let list):
            guard list.changes.count <= Limits.quarantinePerAnswer else { throw .tooLarge("the list") }
            var changes: [QuarantinedChange] = []
            for change in list.changes { changes.append(try QuarantinedChange(change)) }
            return .list(changes, more: list.more)
        case .content(let content): return .content(try QuarantinedContent(content))
        case .decided(let decided):
            var changes: [DecidedChange] = []
            for change in decided.changes {
                changes.append(
                    DecidedChange(
                        id: try logNumber(change.id),
                        device: try checked(change.device, "a device's code", empty: true),
                        isConflict: change.conflict))
            }
            return .decided(changes)
        case .closed(let closed):
            guard closed.changes.count <= Limits.quarantinePerAnswer else { throw .tooLarge("the list") }
            var changes: [ClosedChange] = []
            for change in closed.changes { changes.append(try ClosedChange(change)) }
            return .closed(changes, more: closed.more)
        case nil: throw .malformed("the answer says nothing this version knows")
        }
    }

    private static func decision(_ ids: [Int64], _ reason: String) -> Porchlight_V1_QuarantineDecision {
        var message = Porchlight_V1_QuarantineDecision()
        message.ids = ids.map { UInt64(max(0, $0)) }
        message.reason = reason
        return message
    }

    private static func ids(_ decision: Porchlight_V1_QuarantineDecision) throws(WireError) -> [Int64] {
        guard decision.ids.count <= Limits.quarantinePerAnswer else { throw .tooLarge("the changes decided") }
        guard !decision.ids.isEmpty else { throw .malformed("nothing is named that is decided about") }
        var ids: [Int64] = []
        for id in decision.ids { ids.append(try logNumber(id)) }
        return ids
    }

    /// Whether it is a reason is the server's to say, in words; here it only must not be endless.
    private static func reason(_ decision: Porchlight_V1_QuarantineDecision) throws(WireError) -> String {
        try checked(decision.reason, "the reason", limit: Limits.textBytes, empty: true)
    }
}

extension QuarantinedChange {
    fileprivate var message: Porchlight_V1_QuarantinedChange {
        var message = Porchlight_V1_QuarantinedChange()
        message.id = UInt64(max(0, id))
        message.together = UInt64(max(0, together))
        message.device = device
        message.staff = staff
        message.table = table
        message.refusal.code = refusal.code
        message.refusal.reason = refusal.reason
        message.receivedAt = receivedAt
        if let effective {
            message.effectiveTime = effective.microseconds
            message.estimated = effective.isEstimated
        }
        message.needs = needs.map { UInt64(max(0, $0)) }
        return message
    }

    fileprivate init(_ message: Porchlight_V1_QuarantinedChange) throws(WireError) {
        guard message.needs.count <= Limits.changesPerTransaction else {
            throw .tooLarge("what a change needs")
        }
        var needs: [Int64] = []
        for id in message.needs { needs.append(try logNumber(id)) }
        self.init(
            id: try logNumber(message.id), together: try logNumber(message.together),
            device: try checked(message.device, "a device's code", empty: true),
            staff: try checked(message.staff, "an author"),
            table: try checked(message.table, "a table's name"),
            refusal: Refusal(
                code: try checked(message.refusal.code, "a refusal's code", empty: true),
                reason: try checked(
                    message.refusal.reason, "a refusal's reason", limit: Limits.textBytes, empty: true)),
            receivedAt: message.receivedAt,
            effective: message.hasEffectiveTime
                ? EffectiveTime(microseconds: message.effectiveTime, isEstimated: message.estimated) : nil,
            needs: needs)
    }
}

extension QuarantinedContent {
    fileprivate var message: Porchlight_V1_QuarantinedContent {
        var message = Porchlight_V1_QuarantinedContent()
        message.change = change.message
        message.record = record.field
        message.recordExists = recordExists
        message.group = group.map { UInt64(max(0, $0)) }
        message.neededBy = dependents.waiting.map { UInt64(max(0, $0)) }
        message.neededByTaken = UInt64(max(0, dependents.taken))
        message.adrift = isAdrift
        message.registers = registers.map { register in
            var message = Porchlight_V1_QuarantinedRegister()
            message.register = register.write.register
            message.values = register.write.values.map(\.message)
            message.standing = register.standing.map { standing in
                var message = Porchlight_V1_StandingValue()
                message.author = standing.author
                message.values = standing.values.map(\.message)
                message.wasRead = standing.wasRead
                return message
            }
            return message
        }
        return message
    }

    fileprivate init(_ message: Porchlight_V1_QuarantinedContent) throws(WireError) {
        guard message.registers.count <= Limits.registersPerChange else {
            throw .tooLarge("the registers of a change")
        }
        var registers: [Register] = []
        for register in message.registers {
            guard register.standing.count <= Limits.liveChanges else {
                throw .tooLarge("the live changes of a record")
            }
            var standing: [Standing] = []
            for value in register.standing {
                standing.append(
                    Standing(
                        author: try checked(value.author, "an author"), values: try [Value](value.values),
                        wasRead: value.wasRead))
            }
            let name = try checked(register.register, "a register's name")
            registers.append(
                Register(write: RegisterWrite(name, try [Value](register.values)), standing: standing))
        }
        guard message.group.count <= Limits.changesPerTransaction else {
            throw .tooLarge("the changes of a transaction")
        }
        var group: [Int64] = []
        for id in message.group { group.append(try logNumber(id)) }
        guard message.neededBy.count <= Limits.quarantinePerAnswer else {
            throw .tooLarge("what builds upon a change")
        }
        var waiting: [Int64] = []
        for id in message.neededBy { waiting.append(try logNumber(id)) }
        let taken = Int(try logNumber(message.neededByTaken))
        self.init(
            change: try QuarantinedChange(message.change), record: try message.record.identifier(),
            recordExists: message.recordExists, registers: registers, group: group,
            dependents: Dependents(waiting: waiting, taken: taken), isAdrift: message.adrift)
    }
}
