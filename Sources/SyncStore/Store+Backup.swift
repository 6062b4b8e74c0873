import Foundation
import GRDB
import SyncModel

/// A backup that was made, or a database that was restored.
public struct BackupReport: Hashable, Sendable {
    /// The backup's file.
    public let file: String
    /// Its size.
    public let bytes: Int64
    /// The epoch it is of.
    public let epoch: UInt64
    /// How many changes it has: the position its log reached.
    public let log: Int64
}

extension Store {
    /// Writes a backup while others go on working, and returns when it is on the disk, read back and checked.
    ///
    /// Until then it has another name, so that a file of the given name is always a whole backup.
    ///
    /// - Parameters:
    ///   - file: where.
    ///   - force: whether an older file of that name may go.
    /// - Throws: `SyncError`: `exists`, `nothing` for a folder that is not there, `read_only`, `disk_full`,
    ///   `damaged` if the copy is not whole.
    public func backup(to file: String, force: Bool = false, now: Int64) throws -> BackupReport {
        let work = DiskWork(means: "no backup was made; the server's records are as they were")
        let contents = try work.run {
            try check(file, force: force, means: work.means)
            // Empty, or left by a backup that broke off. SQLite writes only into a file that is empty.
            let partial = "\(file).partial"
            let held = try OpenFile(partial, O_RDWR | O_CREAT)
            guard try held.tryLock(partial) else {
                throw SyncError(
                    .busy, "another backup is being written to \(file)", means: work.means,
                    advice: "wait for it, or take another name")
            }
            try held.truncate(to: 0)
            for name in StorePlace.companions { try? FileManager.default.removeItem(atPath: partial + name) }
            try place.reached(.backupBegun)
            let contents = try DatabaseCopy.make(from: database, to: partial)
            try place.reached(.backupCopied)
            try OpenFile.rename(partial, to: file)
            try place.reached(.backupNamed)
            return contents
        }
        let heads = contents.heads
        try DiskWork(means: "the backup is whole, but the audit log could not be told of it").run {
            try database.write { db in
                try AuditLog(db).append(
                    .backup,
                    counts: [
                        "bytes": contents.bytes, "epoch": Int64(bitPattern: heads.epoch), "log": heads.log,
                    ], now: now)
            }
        }
        return BackupReport(file: file, bytes: contents.bytes, epoch: heads.epoch, log: heads.log)
    }

    private func check(_ file: String, force: Bool, means: String) throws {
        let folder = StorePlace.folder(of: file)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
        else {
            throw SyncError(
                .nothing, "there is no folder \(folder)", means: means,
                advice: "make it, or mount the disk, first")
        }
        // Under whatever name: a backup over the database itself would be the end of what it is to save.
        let own = Set(place.own.compactMap(OpenFile.identity))
        guard OpenFile.identity(file).map(own.contains) != true else {
            throw SyncError(
                .exists, "\(file) is the server's own file", means: means, advice: "another name with --to")
        }
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else { return }
        guard force && !isFolder.boolValue else {
            throw SyncError(
                .exists, "\(file) is there already", means: means,
                advice: isFolder.boolValue ? "name a file in it" : "another name, or --force to replace it")
        }
    }
}
