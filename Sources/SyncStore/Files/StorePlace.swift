import Foundation

/// Where a store's files lie: the database, and beside it what a restore must not overwrite.
///
/// For `DIR/porchlight.sqlite` these are `DIR/porchlight.epochs`, `DIR/porchlight.security`, `DIR/porchlight.lock` and
/// `DIR/porchlight.serving`.
struct StorePlace: Sendable {
    /// The database's path.
    let database: String
    /// Called between any two durable steps on these files. Throwing there is what a crash at that point looks like.
    let reached: @Sendable (StoreStep) throws -> Void

    init(_ database: String, reached: @escaping @Sendable (StoreStep) throws -> Void = { _ in }) {
        self.database = database
        self.reached = reached
    }

    /// The journal of epochs.
    var epochs: String { stem + ".epochs" }
    /// The journal of security decisions.
    var security: String { stem + ".security" }
    /// Locked by whoever has the store open.
    var lock: String { stem + ".lock" }
    /// Locked by whoever serves the store.
    var serving: String { stem + ".serving" }
    /// Where a restore puts its copy together.
    var restoring: String { stem + ".restoring" }
    /// The folder of all of them.
    var folder: String { Self.folder(of: database) }

    /// Files that only this program may write.
    var own: [String] {
        [database, epochs, security, lock, serving, restoring] + Self.companions.map { database + $0 }
    }

    /// What SQLite may have beside a database. Left behind, it must never meet another database of that name.
    static let companions = ["-wal", "-shm", "-journal"]

    /// Removes a copy that was not finished, and what lies beside it.
    static func discard(_ path: String) {
        for name in [""] + companions { try? FileManager.default.removeItem(atPath: path + name) }
    }

    /// Where a database goes that a restore replaces: named after the time, and free.
    func replaced(at now: Int64) -> String {
        let day = Date(timeIntervalSince1970: Double(now / 1_000_000)).formatted(.iso8601)
            .replacing(":", with: "")
        let free = (1...).lazy.map { "\(stem)-replaced-\(day)\($0 == 1 ? "" : "-\($0)").sqlite" }
        return free.first { !FileManager.default.fileExists(atPath: $0) } ?? stem
    }

    /// The folder in which a file lies.
    ///
    /// Not by `NSString.deletingLastPathComponent`, which ends the program at a path of one letter.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A file's name without its folder.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    private var stem: String {
        database.hasSuffix(".sqlite") ? String(database.dropLast(".sqlite".count)) : database
    }
}
