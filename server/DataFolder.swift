import ArgumentParser
import Foundation
import PeerSupport
import SyncModel
import SyncStore

/// The folder with everything the server keeps.
struct DataFolder: ParsableArguments {
    @Option(
        name: .customLong("data"), help: ArgumentHelp("The folder of the server's data.", valueName: "dir"))
    var path: String

    /// The database in it.
    var database: String { Self.database(in: path) }

    /// The database in such a folder.
    static func database(in folder: String) -> String {
        URL(filePath: folder, directoryHint: .isDirectory).appending(path: "porchlight.sqlite").path
    }

    /// Whether an agency is in it.
    var isInhabited: Bool { FileManager.default.fileExists(atPath: database) }

    /// Makes the folder, for this user only.
    func create() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SyncError(
                .readOnly, "the folder \(path) cannot be made", means: "Nothing was created.",
                advice: "a folder in which this user may write")
        }
    }

    /// Opens the store.
    func open() throws -> Store {
        guard isInhabited else {
            throw SyncError(
                .nothing, "there is no agency in \(path)",
                advice: "porchlightd init --data \(path) --agency NAME --time-zone ZONE --administrator CODE")
        }
        return try Store.open(at: database, domain: PeerSupportDomain(), now: now())
    }

    /// Opens the store for one piece of work, and closes it whatever happens.
    func use<Result>(_ body: (Store) throws -> Result) throws -> Result {
        let store = try open()
        do {
            let result = try body(store)
            try store.close()
            return result
        } catch {
            try? store.close()
            throw error
        }
    }
}

/// The wall clock, microseconds since 1970.
@Sendable
func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
}
