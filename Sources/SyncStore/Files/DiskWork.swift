import Foundation
import GRDB
import SyncModel

/// Work on whole files, and how its failures are told: as ``StoreFailure`` tells those of an exchange.
struct DiskWork {
    /// What a failure means for the records.
    let means: String

    func run<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw explained(error)
        } catch let fault as FileFault {
            throw explained(fault)
        }
    }

    /// See <https://www.sqlite.org/rescode.html>.
    private func explained(_ error: DatabaseError) -> SyncError {
        switch error.resultCode {
        case .SQLITE_FULL: full
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: StoreCheck.damaged("it cannot be read", means: means)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: closed
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            SyncError(
                .busy, "another process is holding the database", means: means,
                advice: "try again in a minute")
        default: broken(Int(error.extendedResultCode.rawValue), "SQLite code")
        }
    }

    private func explained(_ fault: FileFault) -> SyncError {
        switch fault.number {
        case ENOSPC, EDQUOT, EFBIG: full
        case EACCES, EPERM, EROFS: closed
        case ENOENT, ENOTDIR:
            SyncError(.nothing, "the folder or file is not there", means: means, advice: "check the path")
        default: broken(Int(fault.number), "error")
        }
    }

    private var full: SyncError {
        SyncError(.diskFull, "the disk is full", means: means, advice: "make room, or take another disk")
    }

    private var closed: SyncError {
        SyncError(
            .readOnly, "a file or its folder may not be read or written", means: means,
            advice: "check who owns it, as whoever runs the server")
    }

    private func broken(_ number: Int, _ what: String) -> SyncError {
        SyncError(
            .internalFault, "the disk refused (\(what) \(number))", means: means,
            advice: "try another disk, and look at the machine's log")
    }
}
