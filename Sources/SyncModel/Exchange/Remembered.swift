/// What a replica remembers that a restored server may have forgotten.
public struct Remembered: Hashable, Sendable {
    /// What the replica had heard of changes that it offers again: a change keeps the effective time it was
    /// given once.
    public var said: [Disposition]
    /// Records with changes of others that the server lacks. Only from those who hold everything.
    public var kept: [KeptRecord]
    /// Records held from before the restore that have not come since: the server says which have left.
    public var held: [RecordID]

    /// Puts it together; by default it is nothing.
    public init(said: [Disposition] = [], kept: [KeptRecord] = [], held: [RecordID] = []) {
        self.said = said
        self.kept = kept
        self.held = held
    }

    /// Whether there is nothing to remember.
    public var isEmpty: Bool { said.isEmpty && kept.isEmpty && held.isEmpty }
}

/// How far a server has the changes of an incarnation.
public struct Mark: Hashable, Sendable {
    /// The newest change it has.
    public var dot: Dot
    /// The chain's hash there; said to the device whose incarnation it is.
    public var hash: ChainHash?

    /// Makes a mark.
    public init(_ dot: Dot, hash: ChainHash? = nil) {
        self.dot = dot
        self.hash = hash
    }
}

/// A record as a replica held it before the server was restored.
public struct KeptRecord: Hashable, Sendable {
    /// The record.
    public var id: RecordID
    /// Its state, encoded.
    public var state: [UInt8]

    /// Names a record and its state.
    public init(id: RecordID, state: [UInt8]) {
        self.id = id
        self.state = state
    }
}
