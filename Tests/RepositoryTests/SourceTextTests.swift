import Testing

@Suite struct SourceTextTests {
    @Test func `comments are taken out of the code and kept apart`() {
        let source = SourceText("let a = 1 // why\n/* one\n/* two */ 3 */ let b = 2\n")
        #expect(source.code == "let a = 1       \n      \n               let b = 2\n")
        #expect(source.comments.map(\.line) == [1, 2, 3])
        #expect(source.comments.map(\.text) == ["// why", "/* one", "/* two */ 3 */"])
        #expect(source.lineCount == 3)
    }

    @Test func `strings are blanked and what they interpolate stays`() {
        let source = SourceText(#"f("a \(g("b", (1))) { c\" // d") // e"#)
        #expect(source.code.contains("(g("))
        #expect(source.code.contains("(1)))"))
        #expect(!source.code.contains("{"))
        #expect(source.comments.map(\.text) == ["// e"])
        #expect(source.literals.map(\.text) == ["b", "a  { c // d"])
    }

    @Test func `raw strings end at their own hashes`() {
        let source = SourceText(##"let a = #"x " \n \(y) } "# + b"##)
        #expect(source.code.hasSuffix("\"# + b"))
        #expect(!source.code.contains("}"))
        #expect(source.literals.map(\.text) == [#"x " \n \(y) } "#])
    }

    @Test func `multi-line strings keep the line count`() {
        let source = SourceText("let a = \"\"\"\n  one \" two {\n  \"\"\"\nlet b = 1")
        #expect(source.code.hasSuffix("\nlet b = 1"))
        #expect(!source.code.contains("{"))
        #expect(source.literals.first?.line == 1)
        #expect(source.lineCount == 4)
    }

    @Test func `raw identifiers hide what they say`() {
        let source = SourceText("func `print(\"}\") is banned`() {}")
        #expect(source.code == "func `____________________`() {}")
        #expect(source.literals.isEmpty)
    }

    @Test func `extended regular expressions are blanked`() {
        #expect(SourceText(#"a(#/"{/#, b)"#).code == "a(#/  /#, b)")
    }

    @Test func `a directive is code`() {
        #expect(SourceText("#if os(Linux)\n#endif\n").code == "#if os(Linux)\n#endif\n")
    }

    @Test func `an unterminated string ends with its line`() {
        #expect(SourceText("let a = \"b\nlet c = 1\n").code == "let a = \" \nlet c = 1\n")
    }
}
