import SyncModel

/// A request while its messages come in.
struct RequestAssembly {
    private var hello: Hello?
    private var announced = 0
    private var others = 0
    private var changes: [[UInt8]] = []
    private var remembered = Remembered()
    private var withdrawals: [Withdrawal] = []

    mutating func take(_ message: Porchlight_V1_Hello) throws(WireError) {
        guard hello == nil else { throw .malformed("a second hello") }
        guard message.changes <= UInt32(Limits.changesPerExchange) else {
            throw .tooLarge("the changes of a request")
        }
        hello = try Hello(message)
        announced = Int(message.changes)
        others = Int(message.others)
        changes.reserveCapacity(announced)
    }

    mutating func take(change: [UInt8]) throws(WireError) {
        guard hello != nil else { throw .malformed("a change before the hello") }
        guard changes.count < announced else {
            throw .malformed("more changes than the hello announces")
        }
        // One that is larger than anybody may write is refused by itself, and delays nothing.
        guard change.count <= Limits.exchangeBytes else { throw .tooLarge("a change") }
        changes.append(change)
    }

    mutating func take(said run: Porchlight_V1_Dispositions) throws(WireError) {
        try other()
        try remembered.said.append(run)
    }

    mutating func take(kept id: RecordID, _ state: [UInt8]) throws(WireError) {
        try other()
        guard remembered.kept.count < Limits.rememberedPerExchange else {
            throw .tooLarge("the records of a request")
        }
        remembered.kept.append(KeptRecord(id: id, state: state))
    }

    mutating func take(_ message: Porchlight_V1_Held) throws(WireError) {
        try other()
        guard message.ids.count <= Limits.rememberedPerExchange - remembered.held.count else {
            throw .tooLarge("the held records of a request")
        }
        for id in message.ids { remembered.held.append(try id.identifier()) }
    }

    /// They are not counted: a server that knows nothing of them passes them over, and whoever sent one sends it again
    /// until it is answered.
    mutating func take(_ message: Porchlight_V1_Withdraw) throws(WireError) {
        guard hello != nil, changes.count == announced else {
            throw .malformed("what is withdrawn stands before the changes")
        }
        guard message.withdrawals.count <= Limits.withdrawalsPerExchange - withdrawals.count else {
            throw .tooLarge("the withdrawals of a request")
        }
        for one in message.withdrawals { withdrawals.append(try Withdrawal(one)) }
    }

    /// Counts a frame that is no change. They come last.
    private mutating func other() throws(WireError) {
        guard hello != nil, changes.count == announced else {
            throw .malformed("what is remembered stands before the changes")
        }
        guard others > 0 else { throw .malformed("more frames than the hello announces") }
        others -= 1
    }

    func finish() throws(WireError) -> ExchangeRequest {
        guard let hello, changes.count == announced, others == 0 else { throw .cutShort }
        return ExchangeRequest(
            hello: hello, changes: changes, remembered: remembered, withdrawals: withdrawals)
    }
}

/// An answer while its messages come in.
struct ReplyAssembly {
    private var welcome: Welcome?
    private var dispositions: [Disposition] = []
    private var records: [PageRecord] = []
    private var leaves: [RecordID] = []
    private var marks: [Mark] = []
    private var end: End?

    mutating func take(_ message: Porchlight_V1_Welcome) throws(WireError) {
        guard welcome == nil else { throw .malformed("a second welcome") }
        welcome = try Welcome(message)
    }

    mutating func take(_ message: Porchlight_V1_Dispositions) throws(WireError) {
        try opened()
        try dispositions.append(message)
    }

    /// Takes a record whose keys are still places in the welcome's.
    mutating func take(
        id: RecordID, places: [Int], body: PageRecord.Body, notes: ConflictNotes?
    ) throws(WireError) {
        let all = try opened().keys
        guard records.count < Limits.recordsPerPage else { throw .tooLarge("the records of a page") }
        var keys: [ScopeKey] = []
        keys.reserveCapacity(places.count)
        var last = -1
        for place in places {
            guard place > last, place < all.count else {
                throw .malformed("a record's keys are none of the welcome's, or out of order")
            }
            keys.append(all[place])
            last = place
        }
        records.append(PageRecord(id: id, keys: keys, body: body, notes: notes))
    }

    mutating func take(_ message: Porchlight_V1_Leave) throws(WireError) {
        try opened()
        guard message.ids.count <= Limits.leavesPerAnswer - leaves.count else {
            throw .tooLarge("the leaves of an answer")
        }
        for id in message.ids { leaves.append(try id.identifier()) }
    }

    mutating func take(_ message: Porchlight_V1_Marks) throws(WireError) {
        try opened()
        guard message.marks.count <= Limits.marksPerAnswer - marks.count else {
            throw .tooLarge("the marks of an answer")
        }
        for mark in message.marks {
            let dot = Dot(try mark.incarnation.identifier(), try counted(mark.n))
            marks.append(Mark(dot, hash: mark.hash.isEmpty ? nil : try mark.hash.hash()))
        }
    }

    mutating func take(_ message: Porchlight_V1_End) throws(WireError) {
        try opened()
        end = try End(message)
    }

    /// Whether anything may follow what was taken: not after the end.
    func expectMore() throws(WireError) {
        guard end == nil else { throw .cutShort }
    }

    func finish() throws(WireError) -> ExchangeReply {
        guard let welcome, let end else { throw .cutShort }
        return ExchangeReply(
            welcome: welcome, dispositions: dispositions, records: records, leaves: leaves, marks: marks,
            end: end)
    }

    /// Every message but the first comes after the welcome.
    @discardableResult
    private func opened() throws(WireError) -> Welcome {
        guard let welcome else { throw .malformed("an answer that does not open with a welcome") }
        return welcome
    }
}
