import PeerSupport
import SyncModel

/// When something happened, as somebody typed it.
struct Moment {
    /// Seconds since 1970.
    let instant: Int64
    /// Whether a time of the day was typed, or only a day.
    let hasTime: Bool
}

extension Desk {
    /// Reads `today`, `mon`, `yesterday 10:05`; without a text it is now. A day alone counts from noon, today
    /// alone from now.
    ///
    /// What lies ahead did not happen yet, and what lies years back is rarely written down now, so both are asked
    /// about: the laptop's clock may be wrong, or the year. What lies before somebody's birth is refused.
    func happened(_ text: String?, with people: [Participant] = [], yes: Bool) throws -> Moment {
        _ = try replica()
        let time = time
        guard let text, !text.trimmed.isEmpty else { return Moment(instant: time.now, hasTime: true) }
        let moment = try Self.past(text, time)
        try refuse(time.date(of: moment.instant), before: people)
        try doubt(time.date(of: moment.instant), yes: yes)
        guard moment.instant > time.now + 300 else { return moment }
        try confirm(
            "\(time.said(moment.instant)) lies ahead of now. Record it as having happened?", yes: yes,
            doubt: SyncError(
                .badValue, "\(time.said(moment.instant)) lies ahead of now", means: "nothing was recorded",
                advice: "check the time; add --yes if this laptop's clock is wrong"))
        return moment
    }

    /// A day on which something began that is recorded now: neither years back nor far ahead, unless somebody says
    /// yes.
    func began(_ text: String?, yes: Bool) throws -> CivilDate {
        let day = try day(text)
        try doubt(day, yes: yes)
        guard day.days > time.today.days + Self.daysAhead else { return day }
        try confirm(
            "\(day.friendly) lies more than \(Self.daysAhead) days ahead. Record it?", yes: yes,
            doubt: SyncError(
                .badValue, "\(day.friendly) lies more than \(Self.daysAhead) days ahead",
                means: "nothing was recorded", advice: "check the date; add --yes if it is right"))
        return day
    }

    /// So many days ahead a beginning is planned without anybody being asked.
    private static let daysAhead: Int64 = 31
    /// After so many years hardly anything is still written down for the first time.
    private static let yearsBack = 5

    private func doubt(_ day: CivilDate, yes: Bool) throws {
        let today = time.today
        let isLongAgo = (day.year + Self.yearsBack, day.month, day.day) < (today.year, today.month, today.day)
        guard isLongAgo else { return }
        try confirm(
            "\(day.friendly) lies more than \(Self.yearsBack) years back. Record it?", yes: yes,
            doubt: SyncError(
                .badValue, "\(day.friendly) lies more than \(Self.yearsBack) years back",
                means: "nothing was recorded", advice: "check the year; add --yes if it is right"))
    }

    private func refuse(_ day: CivilDate, before people: [Participant]) throws {
        guard let unborn = people.first(where: { $0.birthYear.map { day.year < $0 } ?? false }),
            let year = unborn.birthYear
        else { return }
        throw SyncError(
            .badValue, "\(unborn.label) was born in \(year), and \(day.friendly) lies before that",
            means: "nothing was recorded",
            advice:
                "check the year, or correct it: porchlight participant edit \(unborn.id.short) --born YEAR")
    }

    private static func past(_ text: String, _ time: LocalTime) throws -> Moment {
        do {
            return Moment(instant: try time.parseInstant(text).instant, hasTime: true)
        } catch {
            guard case CalendarError.timeMissing = error else { throw error }
        }
        let day = try time.parseDate(text.trimmed)
        if day == time.today { return Moment(instant: time.now, hasTime: true) }
        return Moment(instant: try time.instant(day, minute: 12 * 60), hasTime: false)
    }

    /// Reads when something is to happen: a day and a time.
    func planned(_ text: String) throws -> Int64 {
        _ = try replica()
        return try time.parseInstant(text.trimmed, .future).instant
    }

    /// Reads a day; without a text it is today.
    func day(_ text: String?) throws -> CivilDate {
        _ = try replica()
        guard let text, !text.trimmed.isEmpty else { return time.today }
        return try time.parseDate(text.trimmed)
    }
}

extension LocalTime {
    /// A moment to be read back: `yesterday, Sat 21 Nov 2026, at 10:05`.
    func said(_ instant: Int64) -> String { "\(said(date(of: instant))), at \(clock(of: instant))" }

    /// A day to be read back: `today, Sun 22 Nov 2026`.
    func said(_ day: CivilDate) -> String {
        switch day.days - today.days {
        case 0: "today, \(day.friendly)"
        case -1: "yesterday, \(day.friendly)"
        case 1: "tomorrow, \(day.friendly)"
        default: day.friendly
        }
    }
}
