import PeerSupport
import SyncModel
import Testing

@testable import porchlight

@Suite struct JSONTests {
    @Test func `keeps keys in the order of writing`() {
        let document: JSON = ["b": 1, "a": [true, nil, "x"], "c": ["d": .number(2.5)]]
        #expect(document.text == #"{"b":1,"a":[true,null,"x"],"c":{"d":2.5}}"#)
    }

    @Test func `escapes what would end a string or a line`() {
        let document: JSON = .text("a\"b\\c\nd\u{1}\u{2028}ë山")
        #expect(document.text == #""a\"b\\c\nd\u0001\u2028ë山""#)
    }

    @Test func `writes no number that JSON does not have`() {
        #expect(JSON.number(.infinity).text == "null")
        #expect(JSON.number(.nan).text == "null")
        #expect(JSON.integer(.max).text == "9223372036854775807")
    }

    @Test func `writes values by the kind of their field`() {
        #expect(JSON(.integer(20_514), .date).text == "\"2026-03-02\"")
        #expect(JSON(.integer(TestDesk.now), .instant).text == "\"2026-03-02T14:30:00Z\"")
        #expect(JSON(.integer(1), .flag).text == "true")
        #expect(JSON(.integer(7), .integer(0...9)).text == "7")
        #expect(JSON(SyncModel.Value.none, .date).text == "null")
    }

    @Test func `rounds moments before 1970 down`() {
        #expect(floorSeconds(-1) == -1)
        #expect(floorSeconds(-1_000_000) == -1)
        #expect(floorSeconds(1_999_999) == 1)
    }
}
