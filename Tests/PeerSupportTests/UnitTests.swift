import PeerSupport
import Testing

@Suite struct UnitTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let minutes: Int
        let cms8: Int
        let full15: Int
        var testDescription: String { "\(minutes) min" }
    }

    @Test(arguments: [
        Row(minutes: -5, cms8: 0, full15: 0), Row(minutes: 0, cms8: 0, full15: 0),
        Row(minutes: 7, cms8: 0, full15: 0), Row(minutes: 8, cms8: 1, full15: 0),
        Row(minutes: 15, cms8: 1, full15: 1), Row(minutes: 16, cms8: 1, full15: 1),
        Row(minutes: 22, cms8: 1, full15: 1), Row(minutes: 23, cms8: 2, full15: 1),
        Row(minutes: 30, cms8: 2, full15: 2), Row(minutes: 31, cms8: 2, full15: 2),
        Row(minutes: 37, cms8: 2, full15: 2), Row(minutes: 38, cms8: 3, full15: 2),
        Row(minutes: 46, cms8: 3, full15: 3), Row(minutes: 52, cms8: 3, full15: 3),
        Row(minutes: 53, cms8: 4, full15: 3), Row(minutes: 67, cms8: 4, full15: 4),
        Row(minutes: 240, cms8: 16, full15: 16),
    ])
    func `minutes become units`(row: Row) {
        #expect(UnitRule.cms8.units(minutes: row.minutes) == row.cms8)
        #expect(UnitRule.full15.units(minutes: row.minutes) == row.full15)
    }

    @Test func `each unit more takes fifteen minutes more`() {
        for rule in UnitRule.allCases {
            for minutes in 8...1440 {
                #expect(rule.units(minutes: minutes + 15) == rule.units(minutes: minutes) + 1)
            }
        }
    }

    @Test func `a day's minutes add up for each person apart`() {
        let contacts = [
            TimedContact(participant: "A", day: 1, minutes: 7),
            TimedContact(participant: "A", day: 1, minutes: 7),
            TimedContact(participant: "A", day: 2, minutes: 7),
            TimedContact(participant: "B", day: 1, minutes: 16),
            TimedContact(participant: "B", day: 1, minutes: 16),
        ]
        #expect(UnitPolicy(rule: .cms8, sum: .contact).units(of: contacts) == 2)
        #expect(UnitPolicy(rule: .cms8, sum: .day).units(of: contacts) == 1 + 0 + 2)
        #expect(UnitPolicy(rule: .full15, sum: .contact).units(of: contacts) == 2)
        #expect(UnitPolicy(rule: .full15, sum: .day).units(of: contacts) == 0 + 0 + 2)
        #expect(UnitPolicy(rule: .cms8, sum: .day).units(of: [TimedContact<String>]()) == 0)
    }
}
