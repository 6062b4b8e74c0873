import GRDB
import SyncModel
import SyncWire

/// What SQLite reports, in the words of the person whose laptop it is.
enum Failures {
    static let damaged = SyncError(
        .damaged, "the replica's file cannot be read: it is damaged, or not a replica",
        means: "nothing was changed; what was synced before is safe on the server",
        advice: "keep the file, run `porchlight doctor`, and enrol again if it cannot be repaired")

    static let unfinished = SyncError(
        .damaged, "the replica's file was never finished",
        means: "nothing was recorded in it yet", advice: "remove the file and enrol again")

    static let notEnrolled = SyncError(
        .notEnrolled, "there is no replica here yet", means: "nothing was recorded",
        advice: "enrol this laptop first: `porchlight enroll`")

    static let alreadyEnrolled = SyncError(
        .alreadyEnrolled, "a replica is already here", means: "it was left as it is",
        advice: "use it, or choose another place for the new one; if the server does not know its token "
            + "any more, `porchlight enroll --again`")

    static let tooNew = SyncError(
        .tooNew, "this replica was written by a newer Porchlight",
        means: "nothing was changed", advice: "install the newer program on this laptop")

    static let sealed = SyncError(
        .retired, "this laptop was retired by an administrator",
        means:
            "this program shows its records no more; what was recorded on it and not sent goes to the office when "
            + "it syncs, for an administrator to decide about",
        advice: "run `porchlight sync` where there is a network, then speak to your administrator")

    static let handedIn = SyncError(
        .retired, "this laptop was retired by an administrator",
        means:
            "this program shows its records no more; all that was recorded on it is at the office, where an "
            + "administrator decides about what came too late",
        advice: "speak to your administrator")

    static let sealedForGood = SyncError(
        .retired, "this laptop was retired by an administrator",
        means: "it was left as it is, and no code was used; what was recorded on it goes to "
            + "the office when it syncs, for an administrator to decide about",
        advice: "use a code on another laptop, or in another place with --replica, and keep this file")

    static let knownToServer = SyncError(
        .alreadyEnrolled, "this laptop is enrolled, and the server knows it",
        means: "nothing was changed, and no code was used",
        advice:
            "`porchlight sync`; --again is for a laptop whose token the server does not know any more, and for a new "
            + "address of the server")

    /// Taken under this token it would be credited to somebody else.
    static func logIsThere(_ device: String) -> SyncError {
        SyncError(
            .alreadyEnrolled, "the server has what was written on this laptop as somebody else's",
            means:
                "nothing was changed here, and unsent work is kept. The code was used, for \(device), which is "
                + "no laptop",
            advice:
                "keep the file and speak to your administrator: ask for \(device) to be retired, and for a look at "
                + "whose this laptop was (`porchlightd device list`)")
    }

    static let syncing = SyncError(
        .syncing, "another process is syncing this replica",
        means: "nothing is lost; your work goes up with that sync", advice: "wait for it to end")

    private static let diskFull = SyncError(
        .diskFull, "the disk is full", means: "this was not recorded; all earlier work is safe",
        advice: "make room on the disk, then do it again")

    /// Any error as one that a person may meet; others pass unchanged.
    static func translated(_ error: any Error) -> any Error {
        switch error {
        case let error as DatabaseError: translated(error)
        case let error as WireError:
            error == .cutShort ? damaged : SyncError(error)
        default: error
        }
    }

    static func translated(_ error: DatabaseError) -> SyncError {
        // Where not even the page that readers and writers share can be made, SQLite speaks of the disk itself.
        if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return diskFull }
        return switch error.resultCode.primaryResultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: damaged
        case .SQLITE_FULL: diskFull
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            SyncError(
                .readOnly, "the replica's file or its folder may not be written",
                means: "this was not recorded; all earlier work is safe",
                advice: "check the rights of the file and its folder")
        case .SQLITE_CANTOPEN:
            SyncError(
                .readOnly, "the replica's file cannot be opened or made",
                means: "nothing was recorded",
                advice: "check that its folder exists and may be written")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            SyncError(
                .busy, "another process holds the replica", means: "this was not recorded",
                advice: "wait a moment, then do it again")
        case .SQLITE_IOERR:
            SyncError(
                // A write that failed may turn out to be there when the file is opened again.
                .damaged, "the disk reported an error",
                means: "what was being written may be there or may not; all earlier work is safe",
                advice: "check the disk, run `porchlight doctor`, and look before you enter anything again")
        case .SQLITE_TOOBIG:
            SyncError(.limit, "what was entered is too long", means: "this was not recorded")
        default:
            SyncError(
                .internalFault, "the replica failed inside (SQLite \(error.extendedResultCode.rawValue))",
                means: "this was not recorded; all earlier work is safe",
                advice: "run `porchlight doctor` and report what it says")
        }
    }
}
