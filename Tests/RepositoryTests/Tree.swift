import Foundation

/// A breach of a house rule, as it is printed.
struct Violation: Equatable, CustomStringConvertible {
    var path: String
    var line: Int?
    var message: String

    var description: String {
        "\(path)\(line.map { ":\($0)" } ?? ""): \(message)"
    }
}

extension [Violation] {
    /// All of them, one to a line, for the message of an expectation.
    var report: String {
        map(\.description).sorted().joined(separator: "\n")
    }
}

/// One Swift file of the tree, or a fixture that stands for one.
struct SwiftFile {
    /// Its path from the root, with slashes.
    let path: String
    let source: SourceText

    init(path: String, text: String) {
        self.path = path
        source = SourceText(text)
    }

    /// The folder that makes its target: `Sources/SyncModel`, `client`. A file at the root is its own.
    var target: String {
        let parts = path.split(separator: "/")
        let depth = parts.first == "Sources" || parts.first == "Tests" ? 2 : 1
        return parts.prefix(depth).joined(separator: "/")
    }

    var isGenerated: Bool {
        path.contains("/Generated/")
    }
}

/// The files of this checkout.
struct Tree {
    let root: URL
    /// Paths from the root of what git keeps, or would keep: ignored files are left out.
    let paths: [String]

    /// The checkout that this file was compiled from.
    static func current(file: String = #filePath) throws -> Tree {
        var folder = URL(filePath: file).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
                return Tree(root: folder, paths: try listed(by: folder) ?? walked(from: folder))
            }
            folder.deleteLastPathComponent()
        }
        throw CocoaError(.fileNoSuchFile)
    }

    /// What git says it has. `nil` when there is no git, or no repository: a source archive.
    private static func listed(by root: URL) throws -> [String]? {
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = [
            "git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z", "--cached", "--others",
            "--exclude-standard",
        ]
        let output = Pipe()
        git.standardInput = FileHandle.nullDevice
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        try git.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        let paths = Set(bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        return paths.filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }.sorted()
    }

    private static func walked(from root: URL) -> [String] {
        guard let walker = FileManager.default.enumerator(atPath: root.path) else { return [] }
        var paths: [String] = []
        while let path = walker.nextObject() as? String {
            if [".build", ".git", ".swiftpm"].contains(path) {
                walker.skipDescendants()
            } else if walker.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                paths.append(path)
            }
        }
        return paths.sorted()
    }

    func swiftFiles() throws -> [SwiftFile] {
        try paths.filter { $0.hasSuffix(".swift") }.map { path in
            SwiftFile(path: path, text: String(decoding: try data(at: path), as: UTF8.self))
        }
    }

    func data(at path: String) throws -> Data {
        try Data(contentsOf: root.appending(path: path))
    }
}
