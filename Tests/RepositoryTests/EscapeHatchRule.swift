import Testing

/// Where the compiler is told to trust us about threads: seldom, and with the reason beside it.
struct EscapeHatchRule {
    var most = 6

    func violations(in files: [SwiftFile]) throws -> [Violation] {
        let hatch = try Pattern(#"@unchecked\s+Sendable\b|\bnonisolated\(unsafe\)"#)
        let found = files.filter { !$0.isGenerated }.flatMap { file in
            hatch.matches(in: file.source.code).map { (file: file, line: $0.line) }
        }
        var violations = found.filter { !hasReason($0.file, line: $0.line) }.map {
            Violation(
                path: $0.file.path, line: $0.line, message: "say beside it why no two threads can meet here")
        }
        if found.count > most {
            let places = found.map { "\($0.file.path):\($0.line)" }.joined(separator: ", ")
            violations.append(
                Violation(
                    path: "the tree",
                    message: "\(found.count) places are unchecked, \(most) at the most: \(places)"))
        }
        return violations
    }

    /// Whether a comment of three words or more stands on the line or on the one above.
    private func hasReason(_ file: SwiftFile, line: Int) -> Bool {
        file.source.comments.contains { comment in
            (line - 1...line).contains(comment.line)
                && comment.text.split(separator: " ").count { $0.contains(where: \.isLetter) } >= 3
        }
    }
}

@Suite struct EscapeHatchRuleTests {
    @Test func `what the compiler cannot check is explained, and rare`() throws {
        let violations = try EscapeHatchRule().violations(in: Tree.current().swiftFiles())
        #expect(violations.isEmpty, "\(violations.report)")
    }

    private func file(_ text: String) -> SwiftFile {
        SwiftFile(path: "Sources/SyncTransport/A.swift", text: text)
    }

    @Test(
        arguments: [
            "final class A: @unchecked Sendable {}",
            "nonisolated(unsafe) var a = 1",
            "nonisolated(unsafe) var a = 1  // sorry",
            "// The queue guards every use.\n\nnonisolated(unsafe) var a = 1",
            "let a = \"// The queue guards every use.\"; final class A: @unchecked Sendable {}",
        ])
    func `without a reason it is refused`(text: String) throws {
        #expect(try EscapeHatchRule().violations(in: [file(text)]).count == 1)
    }

    @Test(
        arguments: [
            "final class A: @unchecked Sendable {}  // The queue guards every use.",
            "/// Every use is on the queue.\nfinal class A: @unchecked Sendable {}",
            "// An @unchecked Sendable would do, but an actor is better.\nactor A {}",
        ])
    func `with a reason it passes`(text: String) throws {
        #expect(try EscapeHatchRule().violations(in: [file(text)]) == [])
    }

    @Test func `the seventh is refused whatever its reason`() throws {
        let one = file("nonisolated(unsafe) var a = 1  // Set before any thread starts.\n")
        #expect(try EscapeHatchRule().violations(in: Array(repeating: one, count: 6)) == [])
        #expect(try EscapeHatchRule().violations(in: Array(repeating: one, count: 7)).count == 1)
    }
}
