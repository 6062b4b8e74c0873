import PeerSupport
import Testing

/// Days and times as people say them.
@Suite struct SpokenDateTests {
    /// Wednesday 4 March 2026, 15:00 in New York.
    let clock = LocalTime(now: 1_772_654_400, offset: CalendarTests.newYork)

    struct Day: CustomTestStringConvertible, Sendable {
        let typed: String
        let means: String
        var planned: String?
        var testDescription: String { typed }
    }

    @Test(arguments: [
        Day(typed: "2 days ago", means: "2026-03-02"), Day(typed: "1 day ago", means: "2026-03-03"),
        Day(typed: "two days ago", means: "2026-03-02"), Day(typed: "A week ago", means: "2026-02-25"),
        Day(typed: "3  weeks ago", means: "2026-02-11"), Day(typed: "365 days ago", means: "2025-03-04"),
        Day(typed: "in 2 days", means: "2026-03-06"), Day(typed: "in a week", means: "2026-03-11"),
        Day(typed: "last friday", means: "2026-02-27"), Day(typed: "last Fri", means: "2026-02-27"),
        Day(typed: "last tuesday", means: "2026-03-03"),
        Day(typed: "last wednesday", means: "2026-02-25"), Day(typed: "wednesday", means: "2026-03-04"),
        Day(typed: "5 nov", means: "2025-11-05", planned: "2026-11-05"),
        Day(typed: "Nov 5", means: "2025-11-05", planned: "2026-11-05"),
        Day(typed: "5th november", means: "2025-11-05", planned: "2026-11-05"),
        Day(typed: "nov. 5, 2024", means: "2024-11-05"), Day(typed: "5 nov 2024", means: "2024-11-05"),
        Day(typed: "3 mar", means: "2026-03-03", planned: "2027-03-03"),
        Day(typed: "4 march", means: "2026-03-04", planned: "2026-03-04"),
        Day(typed: "11/05", means: "2025-11-05", planned: "2026-11-05"),
        Day(typed: "11/5", means: "2025-11-05", planned: "2026-11-05"),
        Day(typed: "11/05/2024", means: "2024-11-05"), Day(typed: "11/5/24", means: "2024-11-05"),
        Day(typed: "03/04/2026", means: "2026-03-04"), Day(typed: "3/4", means: "2026-03-04"),
        Day(typed: "2/29/2024", means: "2024-02-29"), Day(typed: "29 feb 2024", means: "2024-02-29"),
        // What lies a few days ahead is not a year ago: whoever mistook the day is asked about one ahead.
        Day(typed: "3/6", means: "2026-03-06", planned: "2026-03-06"),
        Day(typed: "4 apr", means: "2026-04-04"), Day(typed: "5 apr", means: "2025-04-05"),
    ])
    func `days are read as they are said`(_ day: Day) throws {
        #expect(try clock.parseDate(day.typed).text == day.means)
        if let planned = day.planned { #expect(try clock.parseDate(day.typed, .future).text == planned) }
    }

    @Test func `at the turn of the year a day of the other year is near`() throws {
        // 2 January 2026, 12:00 in New York.
        let january = LocalTime(now: 1_767_373_200, offset: CalendarTests.newYork)
        #expect(try january.parseDate("12/30").text == "2025-12-30")
        #expect(try january.parseDate("last friday").text == "2025-12-26")
        #expect(try january.parseDate("3 days ago").text == "2025-12-30")
        let december = LocalTime(now: 1_767_373_200 - 7 * 86_400, offset: CalendarTests.newYork)
        #expect(try december.parseDate("1/5").text == "2026-01-05")
        #expect(try december.parseDate("1/5", .future).text == "2026-01-05")
        #expect(try december.parseDate("2/5").text == "2025-02-05")
    }

    @Test(arguments: [
        "13/05", "2/30", "2/29", "0/5", "5/0", "4/31/2026", "30 feb", "feb 29", "31 june", "0 nov",
        "29 feb 2026",
    ])
    func `impossible days are refused as such`(text: String) {
        #expect(throws: CalendarError.noSuchDate(text)) { try clock.parseDate(text) }
    }

    @Test(arguments: [
        "days ago", "x days ago", "-2 days ago", "2 days", "2 moons ago", "ago", "last", "last week", "5 mo",
        "nov", "november 5th of", "in days", "11/05/202", "11/05/2026/1", "/5", "11/", "5 nov 26", "1/2/3",
    ])
    func `what says no day is refused`(text: String) {
        #expect(throws: CalendarError.self) { try clock.parseDate(text) }
    }

    struct Moment: CustomTestStringConvertible, Sendable {
        let typed: String
        let means: String
        var testDescription: String { typed }
    }

    @Test(arguments: [
        Moment(typed: "10.05", means: "2026-03-04 10:05"),
        Moment(typed: "yesterday 10.05", means: "2026-03-03 10:05"),
        Moment(typed: "10.05pm yesterday", means: "2026-03-03 22:05"),
        Moment(typed: "today 9", means: "2026-03-04 09:00"),
        Moment(typed: "today at 9", means: "2026-03-04 09:00"),
        Moment(typed: "9 yesterday", means: "2026-03-03 09:00"),
        Moment(typed: "mon 14", means: "2026-03-02 14:00"),
        Moment(typed: "mon 7", means: "2026-03-02 07:00"),
        Moment(typed: "3 p.m. yesterday", means: "2026-03-03 15:00"),
        Moment(typed: "2 days ago 10:05", means: "2026-03-02 10:05"),
        Moment(typed: "2 days ago at 3pm", means: "2026-03-02 15:00"),
        Moment(typed: "3pm 2 days ago", means: "2026-03-02 15:00"),
        Moment(typed: "last friday 3pm", means: "2026-02-27 15:00"),
        Moment(typed: "noon last friday", means: "2026-02-27 12:00"),
        Moment(typed: "5 nov 9am", means: "2025-11-05 09:00"),
        Moment(typed: "nov 5, 2024 at 9:30", means: "2024-11-05 09:30"),
        Moment(typed: "11/05 10:05", means: "2025-11-05 10:05"),
        Moment(typed: "11/05/2024 3 pm", means: "2024-11-05 15:00"),
        Moment(typed: "20 minutes ago", means: "2026-03-04 14:40"),
        Moment(typed: "an hour ago", means: "2026-03-04 14:00"),
        Moment(typed: "30 hours ago", means: "2026-03-03 09:00"),
    ])
    func `times are read as they are said`(_ moment: Moment) throws {
        #expect(clock.text(of: try clock.parseInstant(moment.typed).instant) == moment.means)
    }

    @Test func `an hour that may be in either half of the day is not guessed`() {
        for hour in 1...6 {
            #expect(throws: CalendarError.halfOfDay("\(hour)")) { try clock.parseInstant("today \(hour)") }
        }
        #expect(throws: CalendarError.noSuchTime("25")) { try clock.parseInstant("today 25") }
        #expect(throws: CalendarError.noSuchTime("10.60")) { try clock.parseInstant("10.60") }
        // Alone it may be a day as well.
        #expect(throws: CalendarError.self) { try clock.parseInstant("9") }
        #expect(throws: CalendarError.self) { try clock.parseInstant("at 9") }
    }

    @Test func `a day without a time asks for one`() {
        for text in ["2 days ago", "last friday", "5 nov", "11/05"] {
            #expect(throws: CalendarError.timeMissing(text)) { try clock.parseInstant(text) }
        }
    }

    @Test func `from and until are not taken for an offset`() {
        for text in ["yesterday 10:05-11:00", "last friday 10:05-11:00", "10:05-11:00"] {
            #expect(throws: CalendarError.self, "\(text)") { try clock.parseInstant(text) }
        }
    }

    @Test func `hours that are skipped or come twice are told, however the day is said`() throws {
        // Tuesday 10 March 2026, 12:00 in New York: the clocks went forward on the 8th.
        let spring = LocalTime(now: 1_773_158_400, offset: CalendarTests.newYork)
        for text in ["2 days ago 2:30", "last sunday 2.30", "8 mar 2:30am", "3/8 02:30", "2:30am sunday"] {
            #expect(throws: CalendarError.skipped("2026-03-08 02:30"), "\(text)") {
                try spring.parseInstant(text)
            }
        }
        #expect(try spring.parseInstant("2 days ago 3am").instant == 1_772_953_200)
        // Hours ago are hours, and days ago are days of the calendar: 60 hours span the night that lacked one.
        #expect(spring.text(of: try spring.parseInstant("60 hours ago").instant) == "2026-03-07 23:00")
        #expect(spring.text(of: try spring.parseInstant("3 days ago 12:00").instant) == "2026-03-07 12:00")
        // Tuesday 3 November 2026, 12:00: they went back on the 1st.
        let autumn = LocalTime(now: 1_793_725_200, offset: CalendarTests.newYork)
        for text in ["2 days ago 1:30", "1 nov 1:30am", "11/01 1.30", "last sunday 01:30"] {
            #expect(throws: CalendarError.twice("2026-11-01 01:30"), "\(text)") {
                try autumn.parseInstant(text)
            }
        }
        #expect(autumn.text(of: try autumn.parseInstant("60 hours ago").instant) == "2026-11-01 01:00")
    }
}
