import Glibc
import PeerSupport
import SyncModel
import SyncReplica

/// Where a new replica is to lie: a folder and a file that nobody else on this machine may read.
struct ReplicaPlace {
    let path: String

    /// Leaves alone what is there already. An empty file was left by an enrolment that was broken off.
    func refuseExisting(_ world: World) throws {
        var entry = stat()
        guard stat(path, &entry) == 0 else { return }
        guard entry.st_mode & S_IFMT == S_IFREG else {
            throw SyncError(
                .readOnly, "there is something at \(path) that is not a file", means: "it was left as it is",
                advice: "choose another place with --replica")
        }
        if entry.st_size == 0 { return }
        _ = try Replica.open(at: path, domain: PeerSupportDomain(), surroundings: world.surroundings)
        throw SyncError(
            .alreadyEnrolled, "this laptop is enrolled already", means: "its records were left as they are",
            advice: "use it as it is; if the server does not know its token any more, add --again, which "
                + "keeps all its records; or choose another place with --replica")
    }

    /// Makes the folders that are missing, and sees that a file can be made there.
    func prepare() throws {
        let folder = folder
        try make(folder)
        guard access(folder, W_OK | X_OK) == 0 else { throw Self.notWritable(folder) }
    }

    /// Makes the replica.
    func make(_ enrolment: Enrolment, _ world: World) throws -> Replica {
        do {
            return try Replica.create(
                at: path, enrolment: enrolment, domain: PeerSupportDomain(), surroundings: world.surroundings)
        } catch var error as SyncError {
            error.means = "the code was used, but this laptop could not keep what it was given"
            error.advice =
                (error.advice.isEmpty ? "" : error.advice + "; then ") + "ask for a new code and enrol again"
            throw error
        }
    }

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func make(_ folder: String) throws {
        guard access(folder, F_OK) != 0 else { return }
        if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            try make(String(folder[..<slash]))
        }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Self.notWritable(folder) }
    }

    private static func notWritable(_ folder: String) -> SyncError {
        SyncError(
            .readOnly, "the folder \(folder) cannot be made or written",
            means: "nothing was sent, and the code can still be used",
            advice: "check the folder's rights, or choose another place with --replica")
    }
}
