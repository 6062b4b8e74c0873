import Testing

@testable import porchlight

@Suite struct TextWidthTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let width: Int
        var testDescription: String { "\(text) takes \(width)" }
    }

    @Test(arguments: [
        Case(text: "", width: 0), Case(text: "plain", width: 5), Case(text: "Zoë", width: 3),
        Case(text: "Zoe\u{308}", width: 3), Case(text: "山田", width: 4), Case(text: "👍", width: 2),
        Case(text: "…", width: 1),
    ])
    func `counts columns and not characters`(_ example: Case) {
        #expect(TextWidth.of(example.text) == example.width)
    }

    @Test func `cuts to columns and says that it did`() {
        #expect(TextWidth.cut("Marigold House", to: 14) == "Marigold House")
        #expect(TextWidth.cut("Marigold House", to: 9) == "Marigold…")
        #expect(TextWidth.cut("山田太郎", to: 6) == "山田…")
    }

    @Test func `shows a terminal's commands instead of passing them on`() {
        #expect(TextWidth.safe("a\u{1b}[31mred\u{7}") == "a\u{fffd}[31mred\u{fffd}")
        #expect(TextWidth.safe("x\u{202e}y\u{9b}z") == "x\u{fffd}y\u{fffd}z")
        #expect(TextWidth.safe("Zoë 山 👍") == "Zoë 山 👍")
    }
}
