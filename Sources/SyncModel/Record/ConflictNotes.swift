/// What a server knows of a record in conflict beside its state: what those who disagree had both read, and where
/// each live change was written.
///
/// It helps a person to decide. It is in no digest and is never merged: a replica keeps what it was sent last.
public struct ConflictNotes: Hashable, Sendable {
    /// One base for each register that has one, sorted by register.
    public let bases: [Base]
    /// One for each live change that the server knows something of, sorted by dot.
    public let origins: [Origin]

    /// Makes notes of parts in any order. Of several bases of one register, or origins of one dot, the first counts.
    public init(bases: [Base], origins: [Origin]) {
        var registers = Set<String>()
        self.bases = bases.filter { registers.insert($0.register).inserted }
            .sorted { $0.register < $1.register }
        var dots = Set<Dot>()
        self.origins = origins.filter { dots.insert($0.dot).inserted }.sorted { $0.dot < $1.dot }
    }

    /// The value of a register that all who disagree about it had read; `nil` if there was none.
    public func base(of register: String) -> Base? { bases.first { $0.register == register } }

    /// Where a live change was written, and when it reached the server; `nil` if nothing is known of it.
    public func origin(of dot: Dot) -> Origin? { origins.first { $0.dot == dot } }

    /// The latest value of a register that all who disagree about it had read.
    public struct Base: Hashable, Sendable {
        /// The register.
        public let register: String
        /// Its values, in the schema's order; none if they were redacted.
        public let values: [Value]
        /// The change that wrote them.
        public let dot: Dot
        /// Its author: a staff code.
        public let author: String
        /// When it counts as made; `nil` where no server has judged it.
        public let effective: EffectiveTime?

        /// Makes a base.
        public init(
            register: String, values: [Value], dot: Dot, author: String, effective: EffectiveTime?
        ) {
            self.register = register
            self.values = values
            self.dot = dot
            self.author = author
            self.effective = effective
        }
    }

    /// Where a change was written, and when it reached the server.
    public struct Origin: Hashable, Sendable {
        /// The change.
        public let dot: Dot
        /// The code of the laptop on which it was written; `nil` if that is not known any more.
        public let device: String?
        /// When the server first had it, microseconds since 1970; `nil` if that is not known any more. What was
        /// refused and released later first came when it was refused.
        public let receivedMicroseconds: Int64?
        /// How it came into its record.
        public let arrival: Arrival

        /// Makes an origin.
        public init(dot: Dot, device: String?, receivedMicroseconds: Int64?, arrival: Arrival) {
            self.dot = dot
            self.device = device
            self.receivedMicroseconds = receivedMicroseconds
            self.arrival = arrival
        }
    }

    /// How a change came into its record.
    public enum Arrival: Hashable, Sendable {
        /// Its writer's laptop sent it.
        case sent
        /// It was refused, and an administrator issued it anew at that time, microseconds since 1970.
        case released(at: Int64)
        /// A restored server got it back at that time, microseconds since 1970, from a laptop that held it.
        case brought(at: Int64, by: String)
    }
}
