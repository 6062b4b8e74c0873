import Foundation
import Testing

/// What holds for the files of the checkout whatever their language.
struct CheckoutRule {
    var largest = 1 << 20

    /// One file, or a fixture that stands for one.
    struct File {
        var path: String
        var data: Data
        var isExecutable = false
    }

    func violations(in file: File) throws -> [Violation] {
        tooLarge(file) + (try foreignPaths(file)) + (try unsafeScript(file))
    }

    private func tooLarge(_ file: File) -> [Violation] {
        guard file.data.count > largest else { return [] }
        return [
            Violation(
                path: file.path, message: "\(file.data.count) bytes, \(largest) at the most: generate it")
        ]
    }

    /// Paths that exist on the machine where something was written, and nowhere else.
    private func foreignPaths(_ file: File) throws -> [Violation] {
        guard let text = String(data: file.data, encoding: .utf8) else { return [] }
        let folders = ["/work" + "/", "/tmp" + "/dev", "/opt" + "/swift"].joined(separator: "|")
        return try Pattern(#"(?<![\w.\-~}*])(?:"# + folders + ")").matches(in: text).map {
            Violation(path: file.path, line: $0.line, message: "\($0.text) exists on one machine only")
        }
    }

    private func unsafeScript(_ file: File) throws -> [Violation] {
        let name = file.path.split(separator: "/").last ?? ""
        let isScript =
            (file.path.hasPrefix("scripts/") || file.path.hasPrefix(".ci/"))
            && (!name.contains(".") || name.hasSuffix(".sh"))
        guard isScript else { return [] }
        let text = String(decoding: file.data, as: UTF8.self)
        let first = text.split(separator: "\n", maxSplits: 1).first ?? ""
        var missing: [String] = []
        if !file.isExecutable { missing.append("make it executable") }
        if !first.hasPrefix("#!") || !first.hasSuffix("sh") {
            missing.append("begin with #!/usr/bin/env bash")
        }
        if try Pattern("^set -eu").matches(in: text).isEmpty {
            missing.append("set -euo pipefail, so that it stops")
        }
        return missing.map { Violation(path: file.path, message: $0) }
    }
}

extension Tree {
    func file(at path: String) throws -> CheckoutRule.File {
        CheckoutRule.File(
            path: path, data: try data(at: path),
            isExecutable: FileManager.default.isExecutableFile(atPath: root.appending(path: path).path))
    }
}

@Suite struct CheckoutRuleTests {
    private let rule = CheckoutRule()

    @Test func `files are small, portable, and scripts stop at errors`() throws {
        let tree = try Tree.current()
        let violations = try tree.paths.flatMap { try rule.violations(in: tree.file(at: $0)) }
        #expect(violations.isEmpty, "\(violations.report)")
    }

    private func messages(_ path: String, _ text: String, isExecutable: Bool = false) throws -> [String] {
        try rule.violations(in: .init(path: path, data: Data(text.utf8), isExecutable: isExecutable)).map(
            \.message)
    }

    @Test func `a file of a megabyte passes and a byte more does not`() throws {
        let fits = CheckoutRule.File(path: "samples/a.csv", data: Data(repeating: 97, count: 1 << 20))
        let over = CheckoutRule.File(path: "samples/a.csv", data: Data(repeating: 97, count: 1 << 20 + 1))
        #expect(try rule.violations(in: fits) == [])
        #expect(try rule.violations(in: over).count == 1)
    }

    @Test(arguments: ["/work" + "/main", "\"/tmp" + "/dev/x\"", "PATH=/opt" + "/swift/usr/bin"])
    func `a path of one machine is refused in any file`(text: String) throws {
        #expect(try messages("Protocol.md", "a\n\(text)\n").count == 1)
    }

    @Test func `paths that only resemble one pass`() throws {
        #expect(try messages("README.md", "https://example.org/work" + "/ and ./work" + "/ and /tmp/x") == [])
    }

    @Test func `a script is executable, is shell, and stops at errors`() throws {
        let good = "#!/usr/bin/env bash\n# Why.\nset -euo pipefail\n"
        #expect(try messages("scripts/test", good, isExecutable: true) == [])
        #expect(try messages("scripts/test", good) == ["make it executable"])
        #expect(try messages("scripts/test", "#!/bin/sh\n# set -eu\n", isExecutable: true).count == 1)
        #expect(try messages(".ci/run", "swift test\n").count == 3)
        #expect(try messages("scripts/packages.txt", "zstd\n") == [])
    }
}
