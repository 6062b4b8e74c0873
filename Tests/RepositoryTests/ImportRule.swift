import Testing

/// Which module each folder may import. This table is the architecture: the pure modules know neither disk nor
/// network, the two commands meet only in the model, and SQL, zstd and libcurl each have one home.
struct ImportRule {
    /// Folder to modules. A module that ends in `*` stands for all that begin like it.
    var table: [String: Set<String>]

    private static let foundation: Set = ["Foundation", "FoundationEssentials"]
    /// A test may use what its target declares, the test library and Foundation.
    private static func tests(_ modules: String...) -> Set<String> {
        foundation.union(["Testing", "Synchronization"]).union(modules)
    }

    static let house = ImportRule(table: [
        "Package.swift": ["PackageDescription"],
        "Sources/SyncModel": ["Crypto"],
        "Sources/PeerSupport": ["SyncModel"],
        "Sources/SyncWire": foundation.union(["SyncModel", "SwiftProtobuf", "CZstd"]),
        "Sources/SyncReplica": foundation.union([
            "SyncModel", "SyncWire", "GRDB", "GRDBSQLite", "Crypto", "Synchronization",
            // Which process it is, and whether another still runs.
            "Glibc", "Musl", "Darwin",
        ]),
        "Sources/SyncTransport": foundation.union([
            "SyncModel", "SyncWire", "CCurl", "Dispatch", "Synchronization",
        ]),
        "Sources/SyncStore": foundation.union([
            "SyncModel", "SyncWire", "GRDB", "GRDBSQLite", "Crypto", "Synchronization",
        ]),
        "Sources/SyncHTTP": foundation.union([
            "SyncModel", "SyncWire", "SyncStore", "Hummingbird*", "NIO*", "Logging", "ServiceLifecycle",
            "UnixSignals", "Synchronization", "Dispatch",
        ]),
        "client": foundation.union([
            "SyncModel", "PeerSupport", "SyncReplica", "SyncTransport", "ArgumentParser", "Glibc", "Dispatch",
            "Synchronization",
        ]),
        "server": foundation.union([
            "SyncModel", "PeerSupport", "SyncStore", "SyncHTTP", "ArgumentParser", "Logging",
        ]),
        "samples": foundation.union(["SyncModel", "PeerSupport", "ArgumentParser"]),
        "Tests/SyncModelTests": tests("SyncModel"),
        "Tests/PeerSupportTests": tests("SyncModel", "PeerSupport", "samples"),
        "Tests/SyncWireTests": tests("SyncModel", "SyncWire"),
        "Tests/SyncReplicaTests": tests("SyncModel", "SyncWire", "PeerSupport", "SyncReplica", "GRDB"),
        "Tests/SyncTransportTests": tests("SyncModel", "SyncWire", "SyncTransport", "Glibc"),
        "Tests/SyncStoreTests": tests("SyncModel", "SyncWire", "PeerSupport", "SyncStore", "GRDB"),
        "Tests/SyncHTTPTests": tests(
            "SyncModel", "SyncWire", "PeerSupport", "SyncStore", "SyncHTTP", "SyncTransport", "Logging"),
        "Tests/Simulation": foundation.union([
            "SyncModel", "SyncWire", "PeerSupport", "SyncReplica", "SyncStore", "Synchronization", "GRDB",
        ]),
        "Tests/Simulate": foundation.union(["Simulation", "ArgumentParser"]),
        "Tests/Benchmark": foundation.union([
            "SyncModel", "SyncWire", "PeerSupport", "SyncReplica", "SyncStore", "SyncTransport",
            "ArgumentParser", "Glibc", "Synchronization",
        ]),
        "Tests/Fuzz": foundation.union(["SyncModel", "SyncWire", "PeerSupport", "FuzzTargets"]),
        "Tests/FuzzTests": tests("FuzzTargets", "SyncModel", "SyncWire", "PeerSupport", "samples"),
        "Tests/SimulationTests": tests("Simulation", "SyncModel", "PeerSupport", "SyncReplica", "SyncStore"),
        "Tests/porchlightTests": tests(
            "SyncModel", "SyncWire", "PeerSupport", "SyncReplica", "porchlight", "ArgumentParser", "Glibc"),
        "Tests/RepositoryTests": tests(),
        "Tests/EndToEndTests": tests("Glibc"),
    ])

    func violations(in files: [SwiftFile]) throws -> [Violation] {
        let exported = try Pattern(#"@_exported\s+(?:\w+\s+)?import\s+(\w+)"#)
        let statement = try Pattern(
            #"(?:^|;)[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"#
                + #"import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?(\w+)"#)
        return files.flatMap { file -> [Violation] in
            guard let allowed = table[file.target] else {
                return [Violation(path: file.path, message: "\(file.target) has no row in ImportRule")]
            }
            let foreign = statement.matches(in: file.source.code).filter { !Self.permits(allowed, $0.text) }
            return foreign.map {
                Violation(path: file.path, line: $0.line, message: "\(file.target) may not import \($0.text)")
            }
                + exported.matches(in: file.source.code).map {
                    Violation(
                        path: file.path, line: $0.line,
                        message: "@_exported hands \($0.text) to everybody: let each file import it")
                }
        }
    }

    private static func permits(_ allowed: Set<String>, _ module: String) -> Bool {
        allowed.contains(module)
            || allowed.contains { $0.hasSuffix("*") && module.hasPrefix($0.dropLast()) }
    }
}

@Suite struct ImportRuleTests {
    @Test func `every folder imports what the table allows`() throws {
        let violations = try ImportRule.house.violations(in: Tree.current().swiftFiles())
        #expect(violations.isEmpty, "\(violations.report)")
    }

    @Test(
        arguments: [
            "import GRDB", "  import GRDB", "public import GRDB", "package import GRDB",
            "internal import GRDB",
            "@testable import GRDB", "@preconcurrency public import GRDB", "import struct GRDB.Row",
            "import Crypto; import GRDB", "@_spi(Private) import GRDB",
        ])
    func `every form of import is seen`(statement: String) throws {
        let file = SwiftFile(path: "Sources/SyncModel/A.swift", text: "\n\(statement)\nlet a = 1\n")
        let violations = try ImportRule.house.violations(in: [file])
        #expect(violations.map(\.message) == ["Sources/SyncModel may not import GRDB"])
        #expect(violations.first?.line == 2)
    }

    @Test func `exporting a module is refused even where importing it is not`() throws {
        let file = SwiftFile(path: "Sources/SyncModel/A.swift", text: "@_exported public import Crypto\n")
        #expect(try ImportRule.house.violations(in: [file]).count == 1)
    }

    @Test(arguments: [
        ("client", "SyncStore"), ("client", "GRDB"), ("server", "SyncReplica"), ("server", "CCurl"),
    ])
    func `the two commands stay apart`(folder: String, module: String) throws {
        let file = SwiftFile(path: "\(folder)/A.swift", text: "import \(module)\n")
        #expect(try ImportRule.house.violations(in: [file]).count == 1)
    }

    @Test func `what the table allows and what only looks like an import passes`() throws {
        let text = "// import GRDB\nimport NIOCore\nlet a = \"\"\"\nimport GRDB\n\"\"\"\nlet important = 1\n"
        #expect(
            try ImportRule.house.violations(in: [SwiftFile(path: "Sources/SyncHTTP/A.swift", text: text)])
                == [])
    }

    @Test func `a folder without a row is refused`() throws {
        let file = SwiftFile(path: "Sources/New/A.swift", text: "")
        #expect(
            try ImportRule.house.violations(in: [file]).map(\.message) == [
                "Sources/New has no row in ImportRule"
            ])
    }
}
