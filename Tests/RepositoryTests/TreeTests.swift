import Testing

@Suite struct TreeTests {
    @Test func `the tree is this repository`() throws {
        let tree = try Tree.current()
        #expect(tree.paths.contains("Package.swift"))
        #expect(tree.paths.contains("Sources/SyncModel/Record/Merge.swift"))
        #expect(!tree.paths.contains { $0.hasPrefix(".build/") || $0.hasPrefix(".git/") })
        #expect(try tree.swiftFiles().count > 10)
    }

    @Test func `a file belongs to the folder of its target`() {
        #expect(SwiftFile(path: "Sources/SyncModel/Time/A.swift", text: "").target == "Sources/SyncModel")
        #expect(SwiftFile(path: "client/verbs/A.swift", text: "").target == "client")
        #expect(SwiftFile(path: "Package.swift", text: "").target == "Package.swift")
        #expect(SwiftFile(path: "Sources/SyncWire/Generated/A.swift", text: "").isGenerated)
    }

    @Test func `a violation says where and what`() {
        let violation = Violation(path: "client/A.swift", line: 3, message: "no")
        #expect([violation, Violation(path: "B", message: "big")].report == "B: big\nclient/A.swift:3: no")
    }
}
