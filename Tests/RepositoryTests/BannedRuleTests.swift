import Testing

@Suite struct BannedRuleTests {
    @Test func `nothing banned is in the tree`() throws {
        let files = try Tree.current().swiftFiles()
        let violations = try BannedRule.house.flatMap { try $0.violations(in: files) }
        #expect(violations.isEmpty, "\(violations.report)")
    }

    /// A line of source and the rules it breaks when it stands in a pure module.
    struct Case: CustomTestStringConvertible, Sendable {
        var text: String
        var broken: [String]

        init(_ text: String, _ broken: String...) {
            self.text = text
            self.broken = broken
        }

        var testDescription: String { text }
    }

    @Test(
        arguments: [
            Case("let now = Date()", "Date()"),
            Case("let now = Date.now", "Date()"),
            Case("let id = UUID().uuidString", "UUID()"),
            Case("let n = Int.random(in: 0..<6)", "unseeded randomness"),
            Case("let n = a.shuffled()", "unseeded randomness"),
            Case("try await Task.sleep(for: .seconds(1))", "sleeping"),
            Case("usleep(1)", "sleeping"),
            Case("print(a)", "print"),
            Case("let a = try! f()", "try!"),
            Case("fatalError(a)", "fatalError"),
            Case("let a = b as! C", "as!"),
            Case("let a = b!", "force unwrap"),
            Case("let a = f()!.c", "force unwrap"),
            Case("let a = b[0]! + 1", "force unwrap"),
            Case("var a: Int!", "force unwrap"),
            Case("let a = 1  // \("TO" + "DO"): b", "leftover"),
            Case(#"let a = "SELECT * FROM b""#, "SQL"),
            Case("let a = \"\"\"\n    CREATE TABLE b (c)\n    \"\"\"", "SQL"),
            Case(##"let a = #"PRAGMA user_version"#"##, "SQL"),
            Case("let a = socket(AF_INET, SOCK_STREAM, 0)", "sockets"),
            Case("let a = URLSession.shared", "sockets"),
            Case("curl_easy_perform(a)", "sockets"),
        ])
    func `each banned idiom is found in a pure module`(fixture: Case) throws {
        let file = SwiftFile(path: "Sources/SyncModel/A.swift", text: fixture.text)
        let found = try BannedRule.house.filter { try !$0.violations(in: [file]).isEmpty }
        #expect(found.map(\.what) == fixture.broken)
    }

    @Test(
        arguments: [
            "let n = Int.random(in: 0..<f(6), using: &generator)",
            "let n = a.shuffled(using: &generator)",
            "// Date() and try! and print(a) are for the edges.",
            #"let a = "print(b) Date() UUID()!""#,
            "func `Date() is banned!`() {}",
            "let a = Date(timeIntervalSince1970: 0)",
            "let a = !b && c != d && e!=f",
            "let a = try? f() as? Int",
            #"let a = "Select a participant""#,
            #"let a = "See SELECT""#,
            "accept(a); connect(b); sprint(c); x.print(d)",
        ])
    func `what only looks like it passes`(text: String) throws {
        let file = SwiftFile(path: "Sources/SyncModel/A.swift", text: text)
        #expect(try BannedRule.house.flatMap { try $0.violations(in: [file]) } == [])
    }

    @Test func `a violation has its line and its replacement`() throws {
        let text = "let a = 1\n\nlet b = [\n    \"\"\"\n    x\n    \"\"\", Date(),\n]\n"
        let file = SwiftFile(path: "Sources/SyncModel/A.swift", text: text)
        let violations = try BannedRule.house.flatMap { try $0.violations(in: [file]) }
        #expect(violations.map(\.line) == [6])
        #expect(violations.first?.message.contains("as an argument") == true)
    }

    @Test func `an exception holds for its folder alone`() throws {
        let rule = try #require(BannedRule.house.first { $0.what == "SQL" })
        let text = #"let a = "DELETE FROM b""#
        let home = SwiftFile(path: "Sources/SyncStore/A.swift", text: text)
        let neighbour = SwiftFile(path: "Sources/SyncStoreroom/A.swift", text: text)
        #expect(try rule.violations(in: [home]) == [])
        #expect(try rule.violations(in: [neighbour]).count == 1)
    }

    @Test func `tests may not sleep, print or roll unseeded dice`() throws {
        let file = SwiftFile(
            path: "Tests/SyncModelTests/A.swift", text: "print(Int.random(in: 0..<2), Task.sleep, Date())")
        let found = try BannedRule.house.filter { try !$0.violations(in: [file]).isEmpty }
        #expect(found.map(\.what) == ["Date()", "unseeded randomness", "sleeping", "print"])
    }

    @Test func `every exception has a reason`() {
        for rule in BannedRule.house {
            #expect(rule.exceptions.allSatisfy { $0.reason.count > 10 }, "\(rule.what)")
        }
    }
}
