/// A set of records that travel to the same devices: `caseload:PS07`, `team:ACT1`, `site:S1`,
/// `directory`, `all`, or `device:…` for what belongs nowhere else yet.
public typealias ScopeKey = String

/// What one record adds to the scope of another, or of itself.
public enum ScopeContribution: Hashable, Sendable {
    /// The target lies under this key.
    case key(target: RecordID, key: ScopeKey)
    /// The target lies under every key of the parent.
    case inherit(target: RecordID, parent: RecordID)

    /// Whose scope it is about.
    public var target: RecordID {
        switch self {
        case .key(let target, _), .inherit(let target, _): target
        }
    }
}

/// The person behind a device, as the directory shows them.
public struct Actor: Hashable, Sendable {
    /// Their staff code.
    public let staff: String
    /// Their role, a word of the domain's.
    public let role: String
    /// Their device, for `device:` keys.
    public let device: String

    /// Names an actor.
    public init(staff: String, role: String, device: String) {
        self.staff = staff
        self.role = role
        self.device = device
    }
}

/// Why a change is no part of its record.
public struct Refusal: Hashable, Sendable, Error {
    /// Stable, for programs: `permission`, `transition`, `scope`, `schema`, `author`, `context`, …
    public let code: String
    /// One plain sentence for the author, without anybody's data in it.
    public let reason: String

    /// Makes a refusal.
    public init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// What a change is judged by. Everything is what its *writer had read*, not what is known now, so that
/// two valid steps taken apart become a conflict and not a casualty.
public struct JudgedChange: Sendable {
    /// The change.
    public let change: Change
    /// Who wrote it, with the role held when it was written.
    public let actor: Actor
    /// The record as the writer had read it; `nil` for a record that the change creates.
    public let before: RecordView?

    /// Puts together what is judged.
    public init(change: Change, actor: Actor, before: RecordView?) {
        self.change = change
        self.actor = actor
        self.before = before
    }
}

/// What the engine asks of a domain. Pure: the same questions have the same answers everywhere.
public protocol Domain: Sendable {
    /// The tables.
    var schema: Schema { get }

    /// What a record, as shown, adds to its own scope and that of others. A deleted record is still asked,
    /// so that its deletion reaches those who hold it.
    func contributions(of record: RecordView) -> [ScopeContribution]

    /// The keys an actor's devices receive, sorted. `staff` is their directory record, if there is one.
    func subscriptions(of actor: Actor, staff: RecordView?) -> [ScopeKey]

    /// The table, and the field in it, where a staff member's role is found: the record is
    /// ``NaturalKey/id(table:key:)`` of that table and the staff code.
    var roleField: (table: String, field: String) { get }

    /// The field of that table that holds the staff code.
    var staffCodeField: String { get }

    /// Why an actor may not write this; `nil` when they may. `lookup` gives another record as shown now,
    /// `nil` if it is unknown to whoever asks.
    func refusal(of judged: JudgedChange, lookup: (RecordID) throws -> RecordView?) rethrows
        -> Refusal?

    /// What the server's audit log says of a change that was taken: that something was decided, and why. `nil` for
    /// ordinary work. It stays for ever, so it has no values.
    func auditNote(of change: Change) -> String?

    /// What somebody who entered a value is told when it does not fit.
    func words(of error: SchemaError) -> String

    /// What people call a register, for the middle of a sentence.
    func words(ofRegister name: String, in table: String) -> String
}

extension Domain {
    /// Nothing.
    public func auditNote(of change: Change) -> String? { nil }

    /// The error's own sentence, with the names of the schema.
    public func words(of error: SchemaError) -> String { error.description }

    /// Its name.
    public func words(ofRegister name: String, in table: String) -> String { name }

    /// `code`.
    public var staffCodeField: String { "code" }
}
