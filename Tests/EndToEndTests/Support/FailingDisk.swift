import Foundation
import Testing

/// A disk that says no when it is told to keep something. It is laid under a program by preloading a library, which
/// also takes back at the program's end whatever it had not asked the disk to keep.
struct FailingDisk {
    private let library: String

    /// How a disk fails, and from which sync of the program on.
    enum Manner: CustomStringConvertible {
        /// One sync fails, those after it succeed.
        case once(at: Int)
        /// That sync fails, and every later one.
        case forGood(from: Int)
        /// The power fails just before that sync is done.
        case cut(at: Int)
        /// Nothing fails; only what was not synced is gone at the end.
        case sound

        var description: String {
            switch self {
            case .once(let n): "sync \(n) fails"
            case .forGood(let n): "syncs fail from \(n) on"
            case .cut(let n): "the power fails at sync \(n)"
            case .sound: "nothing fails"
            }
        }
    }

    /// Compiles the library, in the runner's home folder.
    init(_ runner: ProcessRunner) async throws {
        let source = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "../../FailingDisk/disk.c").standardized.path
        library = try runner.home.appending(path: "disk.so").path
        let flags = ["-std=gnu11", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"]
        let outcome = try await runner.run("cc", flags + ["-o", library, source, "-ldl", "-lpthread"])
        try #require(outcome.exit == .code(0), "\(outcome)")
    }

    /// What a program's environment must hold for its disk to fail so.
    func under(_ manner: Manner) -> [String: String] {
        let how: [String: String] =
            switch manner {
            case .once(let n): ["DISK_FAILS_AT": "\(n)"]
            case .forGood(let n): ["DISK_FAILS_AT": "\(n)", "DISK_FAILS_ON": "1"]
            case .cut(let n): ["DISK_CUT_AT": "\(n)"]
            case .sound: [:]
            }
        return how.merging(["LD_PRELOAD": library]) { $1 }
    }
}
