import PeerSupport
import SyncModel
import Testing

@Suite struct CalendarTests {
    /// New York in 2026: summer time from 8 March 07:00 UTC to 1 November 06:00 UTC.
    static func newYork(_ instant: Int64) -> Int64 {
        (1_772_953_200..<1_793_512_800).contains(instant) ? -14_400 : -18_000
    }

    /// Wednesday 4 March 2026, 15:00 in New York.
    let clock = LocalTime(now: 1_772_654_400, offset: CalendarTests.newYork)

    @Test func `every day from 1900 to 2200 goes to a date and back, in order`() throws {
        var previous: CivilDate?
        for days in Int64(-25_567)...84_006 {
            let date = CivilDate(days: days)
            guard date.days == days, CivilDate(text: date.text) == date else {
                Issue.record("\(days) became \(date.text)")
                return
            }
            if let previous {
                let isNextDay = date.day == previous.day + 1 && date.month == previous.month
                let isNextMonth =
                    date.day == 1
                    && previous.day == CivilDate.length(ofMonth: previous.month, year: previous.year)
                guard previous < date, isNextDay || isNextMonth else {
                    Issue.record("\(date.text) follows \(previous.text)")
                    return
                }
            }
            previous = date
        }
        #expect(CivilDate(days: -25_567).text == "1900-01-01")
        #expect(CivilDate(days: 84_006).text == "2200-01-01")
    }

    @Test func `weekdays go round`() {
        #expect(CivilDate(days: 0).weekday == .thursday)
        for days in Int64(-1000)...1000 {
            #expect(CivilDate(days: days).weekday == CivilDate(days: days + 7).weekday)
            #expect(CivilDate(days: days).weekday != CivilDate(days: days + 1).weekday)
        }
        #expect(CivilDate(text: "2026-03-02")?.friendly == "Mon 2 Mar 2026")
    }

    @Test(arguments: ["2026-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "2026-04-31", "1900-02-29"])
    func `impossible dates are refused as such`(text: String) {
        #expect(CivilDate(text: text) == nil)
        #expect(throws: CalendarError.noSuchDate(text)) { try clock.parseDate(text) }
    }

    @Test(arguments: ["2000-02-29", "2024-02-29", "2026-12-31"]) func `possible dates are taken`(text: String)
        throws
    {
        #expect(try clock.parseDate(text).text == text)
    }

    @Test(arguments: [
        "3-4-26", "2026-3-4", "04.03.2026", "4.3", "2026/03/04", "next friday",
    ])
    func `dates that can be read in two ways are refused`(text: String) {
        #expect(throws: CalendarError.ambiguous(text)) { try clock.parseDate(text) }
    }

    @Test(arguments: ["", "soon", "mo", "+026-01-01", "２０２６-01-01", "today!", "99999999999999-01-01"])
    func `nonsense is refused`(text: String) {
        #expect(throws: CalendarError.self) { try clock.parseDate(text) }
    }

    @Test func `days are named as people name them`() throws {
        #expect(clock.today.text == "2026-03-04")
        #expect(try clock.parseDate("today").text == "2026-03-04")
        #expect(try clock.parseDate("Yesterday").text == "2026-03-03")
        #expect(try clock.parseDate("tomorrow").text == "2026-03-05")
        #expect(try clock.parseDate("mon").text == "2026-03-02")
        #expect(try clock.parseDate("Wednesday").text == "2026-03-04")
        #expect(try clock.parseDate("thu").text == "2026-02-26")
        #expect(try clock.parseDate("thu", .future).text == "2026-03-05")
        #expect(try clock.parseDate("wed", .future).text == "2026-03-04")
    }

    struct Typed: CustomTestStringConvertible, Sendable {
        let text: String
        let instant: Int64
        var testDescription: String { text }
    }

    @Test(arguments: [
        Typed(text: "now", instant: 1_772_654_400),
        Typed(text: "2026-03-02 14:30", instant: 1_772_479_800),
        Typed(text: "mon 2:30pm", instant: 1_772_479_800),
        Typed(text: "mon 2:30 PM", instant: 1_772_479_800),
        Typed(text: "2026-03-02T19:30:00Z", instant: 1_772_479_800),
        Typed(text: "2026-03-02T14:30:00-05:00", instant: 1_772_479_800),
        Typed(text: "2026-03-02 21:30 +0200", instant: 1_772_479_800),
        Typed(text: "yesterday 10:05", instant: 1_772_550_300),
        Typed(text: "10:05", instant: 1_772_636_700),
        Typed(text: "today 12:00am", instant: 1_772_600_400),
        Typed(text: "today 12:00pm", instant: 1_772_643_600),
        Typed(text: "2026-11-01 01:30 -04:00", instant: 1_793_511_000),
        Typed(text: "3pm", instant: 1_772_654_400),
        Typed(text: "3 PM", instant: 1_772_654_400),
        Typed(text: "3:15pm", instant: 1_772_655_300),
        Typed(text: "9am", instant: 1_772_632_800),
        Typed(text: "12am", instant: 1_772_600_400),
        Typed(text: "12pm", instant: 1_772_643_600),
        Typed(text: "noon", instant: 1_772_643_600),
        Typed(text: "at noon", instant: 1_772_643_600),
        Typed(text: "yesterday noon", instant: 1_772_557_200),
        Typed(text: "Yesterday at Noon", instant: 1_772_557_200),
        Typed(text: "mon 3pm", instant: 1_772_481_600),
        Typed(text: "3pm mon", instant: 1_772_481_600),
        Typed(text: "10:05 yesterday", instant: 1_772_550_300),
        Typed(text: "noon on monday", instant: 1_772_470_800),
        Typed(text: "2026-03-02 3pm", instant: 1_772_481_600),
    ])
    func `times are read by the clock here`(typed: Typed) throws {
        let parsed = try clock.parseInstant(typed.text)
        #expect(parsed.instant == typed.instant)
        #expect(parsed.isFuture == (typed.instant > clock.now))
    }

    @Test func `what is wrong with a time is said`() {
        #expect(throws: CalendarError.noSuchTime("25:00")) { try clock.parseInstant("today 25:00") }
        #expect(throws: CalendarError.noSuchTime("10:60")) { try clock.parseInstant("10:60") }
        #expect(throws: CalendarError.noSuchTime("13:00pm")) { try clock.parseInstant("mon 13:00pm") }
        #expect(throws: CalendarError.noSuchTime("13pm")) { try clock.parseInstant("13pm") }
        #expect(throws: CalendarError.noSuchTime("0am")) { try clock.parseInstant("today 0am") }
        for text in [
            "pm", "at", "at at", "noon noon", "mon mon", "on", "123pm", "midnight", "3 pm pm", "-3pm",
        ] {
            #expect(throws: CalendarError.self, "\(text)") { try clock.parseInstant(text) }
        }
        #expect(throws: CalendarError.ambiguous("0")) {
            try clock.parseInstant("today 0")
        }
        #expect(throws: CalendarError.timeMissing("yesterday")) { try clock.parseInstant("yesterday") }
        #expect(throws: CalendarError.noSuchDate("2026-02-30")) {
            try clock.parseInstant("2026-02-30 10:00")
        }
        #expect(throws: CalendarError.self) { try clock.parseInstant("today 10:00 sharp or so") }
        #expect(throws: CalendarError.self) { try clock.parseInstant("") }
    }

    @Test func `an hour that is skipped or comes twice is refused`() throws {
        #expect(throws: CalendarError.skipped("2026-03-08 02:30")) {
            try clock.parseInstant("2026-03-08 02:30")
        }
        #expect(throws: CalendarError.twice("2026-11-01 01:30")) {
            try clock.parseInstant("2026-11-01 01:30")
        }
        #expect(try clock.parseInstant("2026-03-08 03:00").instant == 1_772_953_200)
        #expect(try clock.parseInstant("2026-11-01 02:00").instant == 1_793_516_400)
    }

    @Test(arguments: UInt64(0)..<8) func `a moment shown is the moment read`(seed: UInt64) throws {
        var dice = Dice(state: seed)
        for _ in 0..<500 {
            let instant = Int64.random(in: 1_767_225_600..<1_798_761_600, using: &dice) / 60 * 60
            guard let read = try? clock.parseInstant(clock.text(of: instant)) else {
                #expect((1_793_509_200..<1_793_516_400).contains(instant), "only the hour that came twice")
                continue
            }
            #expect(read.instant == instant)
            #expect(try clock.parseInstant(Instant.text(instant)).instant == instant)
        }
    }

    @Test func `moments before 1970 are shown as well`() {
        #expect(Instant.text(-1) == "1969-12-31T23:59:59Z")
        #expect(LocalTime.utc(now: -1).text(of: -1) == "1969-12-31 23:59")
    }

    @Test func `an error tells what to try`() {
        let error = CalendarError.noSuchDate("2026-02-30").syncError
        #expect(error.code == .badValue)
        #expect(error.what == "there is no such date as 2026-02-30")
        for example in ["last friday", "2 days ago", "5 nov", "11/05 (the month first)", "10.05", "noon"] {
            #expect(error.advice.contains(example))
        }
        #expect(CalendarError.halfOfDay("3").syncError.advice == "write 3am or 3pm")
    }
}
