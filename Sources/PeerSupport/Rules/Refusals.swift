public import SyncModel

extension PeerSupportDomain {
    /// Why an actor may not write this; `nil` when they may.
    ///
    /// In order: is the role known, is the record whole, may the role write each register, and does what is
    /// written keep the domain's own rules.
    public func refusal(of judged: JudgedChange, lookup: (RecordID) throws -> RecordView?) rethrows
        -> Refusal?
    {
        guard let role = Role(rawValue: judged.actor.role) else {
            return Refusal(code: "permission", reason: "this role is not known")
        }
        guard let table = schema.table(judged.change.table) else {
            return Refusal(code: "schema", reason: "this kind of record is not known")
        }
        let draft = Draft(judged: judged, role: role, table: table)
        let refusal =
            draft.incompleteness() ?? draft.closed() ?? draft.forbidden() ?? draft.saysOfTwo()
            ?? draft.foreseeable() ?? draft.nonsense()
        if let refusal { return refusal }
        if let refusal = try draft.providerIsPeer(lookup) { return refusal }
        return try draft.transition(lookup)
    }
}

/// A change while it is judged: what it writes beside what its writer had read.
struct Draft {
    let judged: JudgedChange
    let role: Role
    let table: Table

    var before: RecordView? { judged.before }
    var isCreation: Bool { before == nil && judged.change.context.isEmpty }
    /// The writer had read something that is not known here, as after a server's loss. What was read cannot be
    /// judged then, and the benefit of the doubt is the writer's: forged contexts are the engine's to find.
    var isUnread: Bool { before == nil && !isCreation }
    var writer: String { judged.change.author }
    /// Imports are made by those who may write in others' names.
    var isOffice: Bool { role == .administrator || role == .sync }

    /// What people call the table, and a register of it.
    private var noun: String { Labels.table(table.name) }
    private var aNoun: String { Labels.aTable(table.name) }
    private func words(_ register: String) -> String { Labels.register(register, in: table.name) }

    /// The values written to a register.
    func written(_ register: String) -> [Value]? {
        judged.change.writes.first { $0.register == register }?.values
    }

    /// A field's value after the change.
    func after(_ field: String) -> Value {
        guard let (register, index) = table.place(of: field), let values = written(register.name),
            index < values.count
        else { return before?[field] ?? .none }
        return values[index]
    }

    func isInConflict(_ register: String) -> Bool {
        before?.conflicts.contains(register) ?? false
    }

    /// A new record must have what the table cannot do without.
    func incompleteness() -> Refusal? {
        guard isCreation else { return nil }
        let missing = RequiredRegisters.of(table.name).first { written($0) == nil }
        return missing.map {
            Refusal(code: "incomplete", reason: "a new \(noun) needs its \(words($0))")
        }
    }

    /// What is written once, and what is signed, stays. Only an administrator settles a conflict in it.
    func closed() -> Refusal? {
        guard let before else { return nil }
        for write in judged.change.writes {
            guard let register = table.register(write.register), register.isFixed else { continue }
            if role == .administrator, isInConflict(write.register) { continue }
            if before.values(of: write.register) != write.values {
                return Refusal(
                    code: "fixed", reason: "the \(words(write.register)) of \(aNoun) is written once")
            }
        }
        guard !before["signed_at"].isNone else { return nil }
        for name in Self.signed {
            guard let values = written(name) else { continue }
            if role == .administrator, name == deletedRegister || isInConflict(name) { continue }
            if before.values(of: name) != values {
                return Refusal(code: "signed", reason: "a signed note stays as it is; amend or void it")
            }
        }
        return nil
    }

    /// What a signature closes.
    static let signed = ["note", "time", "place", deletedRegister]

    /// The permission table, and who owns the record.
    func forbidden() -> Refusal? {
        for write in judged.change.writes {
            let isFixed = table.register(write.register)?.isFixed == true
            if before != nil, isFixed { continue }
            let cell = Permissions.standard.of(role, table: table.name, register: write.register)
            let makes = isCreation || isFixed
            switch makes ? cell.create : cell.edit {
            case .any: continue
            case .own where isOwner: continue
            case .own:
                let others = Permissions.standard.unbound(table.name, write.register, creating: makes)
                let also = others.isEmpty ? "" : ", or by \(Labels.either(others))"
                return Refusal(code: "owner", reason: "this is recorded by the person it names\(also)")
            case .none:
                let reason =
                    write.register == "redirect"
                    ? Self.saysOfTwo
                    : "this role may not write the \(words(write.register)) of \(aNoun)"
                return Refusal(code: "permission", reason: reason)
            }
        }
        return nil
    }

    /// Whether two records are one person's is decided by whoever may merge them, also where the decision writes nothing
    /// else: that they are two people, or stay what they are. A decision about two records is about no register.
    func saysOfTwo() -> Refusal? {
        guard table.name == "decision", written("what") != nil, !after("other").isNone,
            after("subject_register").isNone, !Permissions.standard.mayMerge(role)
        else { return nil }
        return Refusal(code: "permission", reason: Self.saysOfTwo)
    }

    private static let saysOfTwo =
        "this role may not say that two records are one person's, or that they are not"

    /// An id made from a key can be known before the record is there, so only the office, which imports, may make
    /// such records of people and of what was done with them. Everybody else's ids are drawn: two people who are
    /// given one code apart stay two, and nobody prepares records that name a participant who is yet to come.
    func foreseeable() -> Refusal? {
        guard before == nil, !isOffice, Self.drawn.contains(table.name),
            NaturalKey.isNatural(judged.change.record)
        else { return nil }
        // What names a record is written when it is made, so a context does not hide that it is being made.
        let names = judged.change.writes.contains { table.register($0.register)?.makesRecord == true }
        guard isCreation || names else { return nil }
        return Refusal(
            code: "permission", reason: "only an import by the office names such a record by a key")
    }

    /// The tables whose ids are drawn, but for imports: all but the directory.
    private static let drawn: Set<String> = [
        "participant", "assignment", "check_in", "session", "attendance", "referral", "consult", "escalation",
        "enrollment", "supervision", "decision", "notice",
    ]

    /// Whether the record names the writer as its owner. Owners stand in fixed registers.
    private var isOwner: Bool {
        guard let field = PermissionTable.owners[table.name] else { return false }
        return after(field).text == writer || isUnread && after(field).isNone
    }

    /// Values that fit their fields and still make no sense together.
    func nonsense() -> Refusal? {
        for (first, last) in [("start_at", "end_at"), ("from_date", "to_date")] {
            guard let start = after(first).integer, let end = after(last).integer else { continue }
            if end < start { return Refusal(code: "order", reason: "the end lies before the beginning") }
        }
        if let refusal = enrollmentOrder() { return refusal }
        if table.name == "referral", written("status") != nil,
            after("status").text == ReferralState.declined.rawValue, after("decline_reason").isNone
        {
            return Refusal(code: "incomplete", reason: "declining a referral needs a reason")
        }
        if written("void") != nil, !after("voided_at").isNone,
            after("voided_by").isNone || after("void_reason").isNone
        {
            return Refusal(code: "incomplete", reason: "a void needs a reason, and who gave it")
        }
        if after("merged_into").reference == judged.change.record {
            return Refusal(code: "order", reason: "nobody is merged into themselves")
        }
        return nil
    }

    /// A phase does not begin before the programme did, and the programme does not end before it began.
    ///
    /// Only what is written is judged: days that came in wrong with old records must not stop everything that is
    /// written later.
    private func enrollmentOrder() -> Refusal? {
        guard table.name == "enrollment", let start = after("start_date").integer else { return nil }
        let isMoved = written("start") != nil
        if isMoved || written("phase") != nil, let since = after("phase_since").integer, since < start {
            return Refusal(code: "order", reason: "the phase lies before the first day of the programme")
        }
        // An active enrollment may be entered before it begins.
        let isOver = after("status").text.map { $0 != "active" } ?? false
        if isMoved || written("status") != nil, isOver, let end = after("status_on").integer, end < start {
            return Refusal(code: "order", reason: "the end lies before the first day of the programme")
        }
        return nil
    }

    /// A peer specialist is never somebody's primary provider.
    func providerIsPeer(_ lookup: (RecordID) throws -> RecordView?) rethrows -> Refusal? {
        guard table.name == "participant", written("primary_provider") != nil,
            let code = after("primary_provider").text
        else { return nil }
        let staff = try lookup(NaturalKey.id(table: "staff", key: code))
        guard staff?["role"].text == Role.peer.rawValue else { return nil }
        return Refusal(
            code: "permission", reason: "a peer specialist cannot be a participant's primary provider")
    }
}

/// What a new record cannot do without; the rest may follow later.
enum RequiredRegisters {
    static func of(_ table: String) -> [String] {
        switch table {
        case "site": ["identity", "name"]
        case "team": ["identity", "name"]
        case "staff": ["identity", "name", "role"]
        case "participant": ["identity", "name", "home"]
        case "assignment": ["what", "period"]
        case "enrollment": ["what", "start"]
        case "check_in": ["what", "time"]
        case "session": ["what", "time", "place"]
        case "attendance": ["what", "status"]
        case "referral": ["what", "recipient", "status"]
        case "consult", "escalation": ["what"]
        case "supervision": ["what", "time"]
        case "decision", "notice": ["what"]
        default: []
        }
    }
}
