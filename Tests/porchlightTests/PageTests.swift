import Testing

@testable import porchlight

@Suite struct PageTests {
    @Test func `aligns columns by what they show, and leaves no blanks at the end`() {
        var page = Page()
        page.table(["code", "name"], [["P1", "山田"], ["P1024", "Zoë"], ["P3", ""]])
        #expect(page.text(coloured: false) == "code   name\nP1     山田\nP1024  Zoë\nP3\n")
    }

    @Test func `colours only when it may`() {
        var page = Page()
        page.line("careful", .warning)
        #expect(page.text(coloured: false) == "careful\n")
        #expect(page.text(coloured: true) == "\u{1b}[33mcareful\u{1b}[0m\n")
    }

    @Test func `keeps a row on one line`() {
        var page = Page()
        page.table([], [["two\nlines", "x"]])
        #expect(page.text(coloured: false) == "two lines  x\n")
    }

    @Test func `disarms what others wrote`() {
        var page = Page()
        page.line("name \u{1b}]0;title\u{7}")
        page.table([], [["\u{1b}[2J"]])
        #expect(!page.text(coloured: false).contains("\u{1b}"))
    }
}
