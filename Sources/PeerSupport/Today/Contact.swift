public import SyncModel

/// A participant of whom nothing was heard for a while.
public struct NoContact: Hashable, Sendable {
    /// Who.
    public let participant: RecordID
    /// Whose caseload they are on.
    public let peer: String
    /// The last contact; `nil` if there never was one.
    public let last: CivilDate?
    /// Days since then, or since the assignment began.
    public let days: Int
}

extension Today {
    /// Who on the open caseload had no contact for more than `days` days, longest first. A contact is a check-in
    /// or a session attended, with whomever; somebody assigned lately is not overdue.
    public static func noContact(
        assignments: [Assignment], checkIns: [CheckIn], attendance: [Attendance],
        voidSessions: Set<RecordID> = [], days: Int, at clock: LocalTime
    ) -> [NoContact] {
        var last: [RecordID: CivilDate] = [:]
        func note(_ participant: RecordID, _ date: CivilDate) {
            last[participant] = max(last[participant] ?? date, date)
        }
        for row in checkIns where row.counts && row.start <= clock.now {
            note(row.participant, clock.date(of: row.start))
        }
        for row in attendance
        where row.counts(without: voidSessions) && row.isAttended && row.date <= clock.today {
            note(row.participant, row.date)
        }
        let found = assignments.filter(\.isOpen).compactMap { row -> NoContact? in
            let since = max(last[row.participant] ?? row.from, row.from)
            let quiet = Int(clock.today.days - since.days)
            guard quiet > days else { return nil }
            return NoContact(
                participant: row.participant, peer: row.peer, last: last[row.participant], days: quiet)
        }
        return found.sorted { ($1.days, $0.participant, $0.peer) < ($0.days, $1.participant, $1.peer) }
    }
}
