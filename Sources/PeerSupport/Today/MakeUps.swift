public import SyncModel

/// The questions behind "who needs me today". Each takes rows and answers with a list, most pressing first.
public enum Today {}

/// A session somebody missed and has not made up.
public struct MakeUpDue: Hashable, Sendable {
    /// Who.
    public let participant: RecordID
    /// The curriculum's number.
    public let number: Int
    /// When they last missed it.
    public let missed: CivilDate
    /// Why: excused, no_show or cancelled.
    public let status: String
}

extension Today {
    /// Who has a make-up session due: a numbered session was missed, and neither that nor another session of
    /// the same number was attended, before or after. Only those still enrolled.
    ///
    /// - Parameter voidSessions: the sessions that were voided; attendance at one of them counts for nothing.
    public static func makeUpsDue(
        attendance: [Attendance], enrollments: [Enrollment], voidSessions: Set<RecordID> = []
    ) -> [MakeUpDue] {
        let active = Set(enrollments.filter(\.isActive).map(\.participant))
        let rows = attendance.filter { $0.counts(without: voidSessions) && active.contains($0.participant) }
        var open: [Place: MakeUpDue] = [:]
        for row in rows where !row.isAttended {
            guard let number = row.number else { continue }
            let place = Place(participant: row.participant, number: number)
            if let known = open[place], known.missed >= row.date { continue }
            open[place] = MakeUpDue(
                participant: row.participant, number: number, missed: row.date, status: row.status)
        }
        for row in rows where row.isAttended {
            guard let number = row.number else { continue }
            open[Place(participant: row.participant, number: number)] = nil
        }
        return open.values.sorted {
            ($0.missed, $0.participant, $0.number) < ($1.missed, $1.participant, $1.number)
        }
    }

    /// The number of the next session for somebody, given their own attendance: the one after the latest that was
    /// held for them. What they missed is made up apart. `nil` when the curriculum is through.
    public static func nextSession(
        attendance: [Attendance], voidSessions: Set<RecordID> = [], curriculum: Curriculum = .standard
    ) -> Int? {
        let last = attendance.filter { $0.counts(without: voidSessions) }.compactMap(\.number).max() ?? 0
        return last < curriculum.count ? last + 1 : nil
    }

    private struct Place: Hashable {
        let participant: RecordID
        let number: Int
    }
}
