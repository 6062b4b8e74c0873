import Testing

/// How long files and functions may be. A long file is split by capability, a long function by step.
struct SizeRule {
    var fileLines = 400
    /// Most files are shorter than this.
    var usualFileLines = 250
    var usualPercent = 80
    var functionLines = 70

    func violations(in files: [SwiftFile]) -> [Violation] {
        let written = files.filter { !$0.isGenerated }
        var violations = written.flatMap { file in longFile(file) + longFunctions(file) }
        let short = written.count { $0.source.lineCount <= usualFileLines }
        if short * 100 < written.count * usualPercent {
            violations.append(
                Violation(
                    path: "the tree",
                    message: "\(short) of \(written.count) files have at most \(usualFileLines) lines; "
                        + "\(usualPercent) % should"))
        }
        return violations
    }

    private func longFile(_ file: SwiftFile) -> [Violation] {
        guard file.source.lineCount > fileLines else { return [] }
        return [
            Violation(
                path: file.path,
                message: "\(file.source.lineCount) lines, \(fileLines) at the most: split it by capability")
        ]
    }

    private func longFunctions(_ file: SwiftFile) -> [Violation] {
        Function.all(in: file.source).filter { $0.lines > functionLines }.map { function in
            Violation(
                path: file.path, line: function.line,
                message: "\(function.name) has \(function.lines) lines, \(functionLines) at the most")
        }
    }
}

@Suite struct SizeRuleTests {
    @Test func `files and functions are short`() throws {
        let violations = SizeRule().violations(in: try Tree.current().swiftFiles())
        #expect(violations.isEmpty, "\(violations.report)")
    }

    private func lines(_ count: Int) -> String {
        String(repeating: "let a = 1\n", count: count)
    }

    @Test func `a file of 400 lines passes and one more does not`() {
        let rule = SizeRule(usualPercent: 0)
        #expect(rule.violations(in: [SwiftFile(path: "A.swift", text: lines(400))]) == [])
        #expect(rule.violations(in: [SwiftFile(path: "A.swift", text: lines(401))]).count == 1)
        #expect(rule.violations(in: [SwiftFile(path: "Sources/A/Generated/A.swift", text: lines(900))]) == [])
    }

    @Test func `four files in five have at most 250 lines`() {
        let short = SwiftFile(path: "A.swift", text: lines(250))
        let long = SwiftFile(path: "B.swift", text: lines(251))
        #expect(SizeRule().violations(in: [short, short, short, short, long]) == [])
        #expect(SizeRule().violations(in: [short, short, short, long]).map(\.path) == ["the tree"])
    }

    @Test func `a function of 70 lines passes and one more does not`() {
        let rule = SizeRule()
        let fits = "func a() {\n\(lines(68))}\n"
        let over = "struct B {\n    func a() {\n\(lines(69))}\n}\n"
        #expect(rule.violations(in: [SwiftFile(path: "A.swift", text: fits)]) == [])
        let violations = rule.violations(in: [SwiftFile(path: "A.swift", text: over)])
        #expect(
            violations == [Violation(path: "A.swift", line: 2, message: "a has 71 lines, 70 at the most")])
    }
}
