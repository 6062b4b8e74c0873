import Foundation

/// Where the build puts the programs: beside the bundle of these tests.
enum Products {
    static var folder: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// The path of a program of this package, such as `porchlight`.
    static func path(of name: String, in folder: URL = folder) throws -> String {
        let path = folder.appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Failure.notBuilt(path) }
        return path
    }
}
