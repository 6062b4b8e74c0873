/// A change that was refused and kept, without what it says.
public struct QuarantinedChange: Hashable, Sendable {
    /// Its number: its place in the server's log.
    public let id: Int64
    /// The number of the first of those entered together with it, or its own.
    public let together: Int64
    /// The laptop it came from.
    public let device: String
    /// Under whose name it was written: a staff code.
    public let staff: String
    /// The table of its record.
    public let table: String
    /// Why it was refused.
    public let refusal: Refusal
    /// When it came, microseconds since 1970.
    public let receivedAt: Int64
    /// When it counts as written, microseconds; `nil` if nothing is known of it.
    public let effective: EffectiveTime?
    /// The numbers of what is in quarantine too and would make what it builds upon, sorted; of what was entered together
    /// the first. At most ``Limits/changesPerTransaction`` are named.
    public var needs: [Int64]

    /// Describes one.
    public init(
        id: Int64, together: Int64, device: String, staff: String, table: String, refusal: Refusal,
        receivedAt: Int64, effective: EffectiveTime?, needs: [Int64] = []
    ) {
        self.id = id
        self.together = together
        self.device = device
        self.staff = staff
        self.table = table
        self.refusal = refusal
        self.receivedAt = receivedAt
        self.effective = effective
        self.needs = needs
    }
}

/// A change that was refused and kept, with what it says, and what stands there now.
public struct QuarantinedContent: Hashable, Sendable {
    /// Which change.
    public let change: QuarantinedChange
    /// Its record.
    public let record: RecordID
    /// Whether there is such a record now.
    public let recordExists: Bool
    /// The registers it writes.
    public let registers: [Register]
    /// The numbers of all that were entered together with it, its own among them.
    public let group: [Int64]
    /// What builds upon what it would make.
    public let dependents: Dependents
    /// Whether it builds upon a record that is neither here nor in quarantine.
    public let isAdrift: Bool

    /// Puts it together.
    public init(
        change: QuarantinedChange, record: RecordID, recordExists: Bool, registers: [Register],
        group: [Int64], dependents: Dependents = Dependents(), isAdrift: Bool = false
    ) {
        self.change = change
        self.record = record
        self.recordExists = recordExists
        self.registers = registers
        self.group = group
        self.dependents = dependents
        self.isAdrift = isAdrift
    }

    /// What builds upon a record that is not there yet.
    public struct Dependents: Hashable, Sendable {
        /// The numbers of what is in quarantine too, sorted; of what was entered together the first. At most
        /// ``Limits/quarantinePerAnswer`` are named.
        public var waiting: [Int64]
        /// How many records that were taken already do.
        public var taken: Int

        /// Puts it together; nothing, if nothing is said.
        public init(waiting: [Int64] = [], taken: Int = 0) {
            self.waiting = waiting
            self.taken = taken
        }

        /// Whether nothing does.
        public var isEmpty: Bool { waiting.isEmpty && taken == 0 }
    }

    /// Every record it names: its own, and those that its values or what stands there refer to.
    public var named: [RecordID] {
        let values = registers.flatMap { $0.write.values + $0.standing.flatMap(\.values) }
        return [record] + values.compactMap(\.reference)
    }

    /// One register it writes.
    public struct Register: Hashable, Sendable {
        /// What it writes.
        public let write: RegisterWrite
        /// The values that stand there, the one that is shown first.
        public let standing: [Standing]

        /// Puts it together.
        public init(write: RegisterWrite, standing: [Standing]) {
            self.write = write
            self.standing = standing
        }
    }

    /// A value that stands in a register.
    public struct Standing: Hashable, Sendable {
        /// Who wrote it.
        public let author: String
        /// The value.
        public let values: [Value]
        /// Whether the change's writer had read it; then a release replaces it, and otherwise stands beside it.
        public let wasRead: Bool

        /// Puts it together.
        public init(author: String, values: [Value], wasRead: Bool) {
            self.author = author
            self.values = values
            self.wasRead = wasRead
        }
    }
}

/// What was decided about one change.
public struct DecidedChange: Hashable, Sendable {
    /// The change's number.
    public let id: Int64
    /// The laptop it came from.
    public let device: String
    /// Whether it stands beside another value now, and somebody has to choose.
    public let isConflict: Bool

    /// Puts it together.
    public init(id: Int64, device: String, isConflict: Bool) {
        self.id = id
        self.device = device
        self.isConflict = isConflict
    }
}

/// What an administrator's laptop asks about quarantine. Who decides is whose laptop it is.
public enum QuarantineRequest: Hashable, Sendable {
    /// What there is, of one laptop or of all, beyond a number; 0 for the beginning.
    case list(device: String?, after: Int64)
    /// What one change says, and what stands there now.
    case show(Int64)
    /// Issue these anew, in their authors' names, for a reason.
    case release([Int64], reason: String)
    /// Take these out of quarantine for good, for a reason; `alone`: also where that leaves others without what they
    /// build upon.
    case discard([Int64], reason: String, alone: Bool)
    /// What was decided, beyond an entry of the audit log (0 for the beginning), at that time or later (microseconds
    /// since 1970; 0 for all).
    case closed(after: Int64, since: Int64)
}

/// What it is answered.
public enum QuarantineReply: Hashable, Sendable {
    /// What there is, in the order in which it came, and whether there is more after it.
    case list([QuarantinedChange], more: Bool)
    /// One change.
    case content(QuarantinedContent)
    /// What was decided.
    case decided([DecidedChange])
    /// What was decided before, in the order in which it was, and whether there is more after it.
    case closed([ClosedChange], more: Bool)
}
