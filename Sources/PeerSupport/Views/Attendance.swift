public import SyncModel

/// Whether one participant came to one session.
public struct Attendance: AboutParticipant, Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// To which session.
    public let session: RecordID
    /// Who.
    public internal(set) var participant: RecordID
    /// Who led it.
    public let peer: String
    /// On which day.
    public let date: CivilDate
    /// The curriculum's number.
    public let number: Int?
    /// Attended, excused, no-show or cancelled.
    public let status: String
    /// Their weight, if they liked to have it taken.
    public let weight: Double?
    /// Pounds or kilograms.
    public let weightUnit: String?
    /// Minutes of activity since the last session.
    public let minutesActive: Int?
    /// When it was voided.
    public let voidedAt: Int64?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it an attendance.
    public init?(_ view: RecordView) {
        guard view.table.name == "attendance",
            let session = view["session"].reference,
            let participant = view["participant"].reference,
            let peer = view["peer"].text,
            let date = view.date("date"),
            let status = view["status"].text
        else { return nil }
        id = view.id
        self.session = session
        self.participant = participant
        self.peer = peer
        self.date = date
        number = view["number"].integer.map(Int.init)
        self.status = status
        weight = view.real("weight")
        weightUnit = view["weight_unit"].text
        minutesActive = view["minutes_active"].integer.map(Int.init)
        voidedAt = view["voided_at"].integer
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }

    /// Whether they came.
    public var isAttended: Bool { status == "attended" }

    /// Whether it counts: neither deleted nor voided. What its session says of that is another record.
    public var counts: Bool { !isDeleted && voidedAt == nil }

    /// Whether it counts, when these sessions were voided. Whoever voids a session voids the attendance that they
    /// hold; somebody's who has left their laptop stays as it was, and counts no more all the same.
    public func counts(without voidSessions: Set<RecordID>) -> Bool {
        counts && !voidSessions.contains(session)
    }
}
