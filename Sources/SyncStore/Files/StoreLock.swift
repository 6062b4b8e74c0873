import Foundation
import SyncModel
import Synchronization

/// Says who has a store open, or on another file who serves it. Everybody shares the first but a restore, which must be
/// alone; the second has one server at a time.
///
/// It is an advisory lock on a file of its own, which the system gives back however a process ends.
final class StoreLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Whether others may have it too.
    enum Kind {
        case shared
        case alone
        case serving
    }

    /// Takes the lock without waiting.
    ///
    /// - Throws: `SyncError` with code `busy` while somebody else has it and cannot share it.
    init(_ path: String, _ kind: Kind) throws {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw FileFault.last }
        guard flock(opened, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            let fault = FileFault.last
            close(opened)
            throw fault.number == EWOULDBLOCK ? Self.taken(kind) : fault
        }
        descriptor = Mutex(opened)
    }

    deinit { release() }

    /// Gives it back. Doing so twice changes nothing.
    func release() {
        descriptor.withLock { held in
            if let held {
                // A program that is being started may have it open still, for the moment until it is another program.
                flock(held, LOCK_UN)
                close(held)
            }
            held = nil
        }
    }

    private static func taken(_ kind: Kind) -> any Error {
        switch kind {
        case .alone:
            SyncError(
                .busy, "a server, or another porchlightd command, has this folder open",
                means: "nothing was changed", advice: "stop the server first, and start it again afterwards")
        case .serving:
            SyncError(
                .busy, "another porchlightd serves this folder already",
                means: "nothing was changed, and that server goes on",
                advice: "stop it first, or give this one a folder of its own with --data")
        case .shared:
            SyncError(
                .busy, "this folder is being restored, or looked through after a program in it was killed",
                means: "nothing was changed", advice: "try again when that has finished")
        }
    }
}
