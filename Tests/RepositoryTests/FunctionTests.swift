import Testing

@Suite struct FunctionTests {
    private func functions(_ text: String) -> [Function] {
        Function.all(in: SourceText(text))
    }

    @Test func `a function runs from its keyword to its brace`() {
        let text = """
            func a(_ b: () -> Void = { c() }) async throws(E) -> [Int]
            where T: P {
                if x { y() }
                let s = "}"  // }
            }
            """
        #expect(functions(text) == [Function(name: "a", line: 1, lines: 5)])
    }

    @Test func `operators and raw identifiers have lengths too`() {
        #expect(functions("func < (a: A, b: A) -> Bool {\n}\n").map(\.lines) == [2])
        #expect(functions("func `a {{ b`() {\n\n}\n").map(\.lines) == [3])
    }

    @Test func `initializers are found and their calls are not`() {
        let text =
            "init?(a: Int) {\n    self.init(b: 1)\n    x = .init()\n    let f = X.init\n}\ndeinit {\n}\n"
        #expect(
            functions(text) == [
                .init(name: "init", line: 1, lines: 5), .init(name: "deinit", line: 6, lines: 2),
            ])
    }

    @Test func `requirements have no body`() {
        let text =
            "protocol P {\n    func a() -> Int\n    func b()\n    init()\n    var c: Int { get }\n}\nfunc d() {\n}\n"
        #expect(
            functions(text) == [.init(name: "c", line: 5, lines: 1), .init(name: "d", line: 7, lines: 2)])
    }

    @Test func `computed properties count and stored ones do not`() {
        let text =
            "var a: Int {\n    1\n}\nvar b = f {\n    2\n}\nvar c: Int\nstruct D {\n}\nsubscript(i: Int) -> Int {\n}\n"
        #expect(
            functions(text) == [
                .init(name: "a", line: 1, lines: 3), .init(name: "subscript", line: 10, lines: 2),
            ])
    }

    @Test func `a function within a function is found`() {
        #expect(functions("func a() {\n    func b() {\n    }\n}\n").map(\.name) == ["a", "b"])
    }
}
