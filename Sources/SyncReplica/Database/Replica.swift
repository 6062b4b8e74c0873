package import GRDB
public import SyncModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One laptop's database: everything its owner may see, and everything they wrote that is still to be sent.
///
/// Every method is synchronous and safe to call from any thread and any process; ``sync(with:options:)`` alone
/// waits for somebody else. Do not call a replica from inside the closure of its own
/// ``edit(token:resolving:linked:_:)``: ask the ``Edit`` instead.
public final class Replica: Sendable {
    package let queue: DatabaseQueue
    /// The database's file.
    let path: String
    let domain: any Domain
    let surroundings: Surroundings

    private init(
        queue: DatabaseQueue, path: String, domain: any Domain, surroundings: Surroundings
    ) {
        self.queue = queue
        self.path = path
        self.domain = domain
        self.surroundings = surroundings
    }

    /// Makes the replica of a laptop that was just enrolled. Its file is for its owner's eyes only.
    ///
    /// - Throws: ``SyncError`` `alreadyEnrolled` when a finished replica is there; `readOnly`, `diskFull`.
    public static func create(
        at path: String, enrolment: Enrolment, domain: any Domain, surroundings: Surroundings
    ) throws -> Replica {
        let file = sys_open(path, O_RDWR | O_CREAT, 0o600)
        if file >= 0 { close(file) }
        return try translating {
            let queue = try connect(path)
            let replica = Replica(queue: queue, path: path, domain: domain, surroundings: surroundings)
            try queue.inDatabase { db in
                let held = try SQL(db, "SELECT count(*) FROM sqlite_schema").first { $0.integer(0) }
                guard held == 0 else { throw Failures.alreadyEnrolled }
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                try db.inTransaction(.immediate) {
                    for step in Layout.steps { try db.execute(sql: step) }
                    try Meta.insert(db, enrolment)
                    var dice = surroundings.dice
                    try Log.open(db, .version4(using: &dice))
                    try VisibleTables(domain.schema).create(db, replacing: [])
                    try db.execute(sql: "PRAGMA user_version = \(Layout.version)")
                    return .commit
                }
            }
            try replica.settleBeside()
            return replica
        }
    }

    /// Opens the replica of this laptop.
    ///
    /// - Throws: ``SyncError`` `notEnrolled`, `damaged`, `tooNew`, `readOnly`, `diskFull`, `busy`.
    public static func open(
        at path: String, domain: any Domain, surroundings: Surroundings
    ) throws -> Replica {
        guard access(path, F_OK) == 0 else { throw Failures.notEnrolled }
        return try translating {
            let queue = try connect(path)
            let replica = Replica(queue: queue, path: path, domain: domain, surroundings: surroundings)
            try replica.prepare()
            return replica
        }
    }

    /// Brings an older file up to date; when it is current, this is two reads.
    private func prepare() throws {
        let visible = VisibleTables(domain.schema)
        try queue.inDatabase { db in
            let version = try SQL(db, "PRAGMA user_version").first { Int($0.integer(0)) } ?? 0
            guard version <= Layout.version else { throw Failures.tooNew }
            guard version > 0 else { throw Failures.unfinished }
            if version == Layout.version, try Meta.load(db).print == visible.print { return }
            try db.inTransaction(.immediate) {
                for step in Layout.steps.dropFirst(version) { try db.execute(sql: step) }
                try db.execute(sql: "PRAGMA user_version = \(Layout.version)")
                let meta = try Meta.load(db)
                if meta.print != visible.print { try visible.rebuild(db, replacing: meta.tables) }
                return .commit
            }
        }
    }

    private static func connect(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            // 16 MiB hold the upper pages of every index while a large page is applied.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Reads one state of the database.
    func read<Result>(_ body: (Database, Meta) throws -> Result) throws -> Result {
        try Self.translating {
            try queue.inDatabase { db in
                var result: Result?
                try db.inTransaction(.deferred) {
                    result = try body(db, Meta.load(db))
                    return .commit
                }
                return try result.orDamaged()
            }
        }
    }

    /// Reads records, which a sealed replica no longer shows.
    func readRecords<Result>(_ body: (Database, Meta) throws -> Result) throws -> Result {
        try read { db, meta in
            if meta.isSealed { throw Failures.sealed }
            return try body(db, meta)
        }
    }

    /// Writes in one transaction, which nobody else can come between.
    func write<Result>(_ body: (Database, Meta) throws -> Result) throws -> Result {
        try Self.translating {
            try queue.inDatabase { db in
                var result: Result?
                try db.inTransaction(.immediate) {
                    result = try body(db, Meta.load(db))
                    return .commit
                }
                return try result.orDamaged()
            }
        }
    }

    static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw Failures.translated(error) }
    }

    /// Who this replica is.
    public var enrolment: Enrolment { get throws { try read { db, meta in try present(db, meta) } } }

    /// Whose replica this is, with the role that the directory gives them now: it may be another than when they
    /// enrolled.
    func present(_ db: Database, _ meta: Meta) throws -> Enrolment {
        var enrolment = meta.enrolment
        let place = domain.roleField
        let me = NaturalKey.id(table: place.table, key: enrolment.staff)
        if let view = try Shown.view(db, me, domain.schema), let role = view[place.field].text {
            enrolment.role = role
        }
        return enrolment
    }
}

extension Optional {
    /// What a transaction put here before it was committed.
    fileprivate func orDamaged() throws -> Wrapped {
        guard let self else { throw Failures.damaged }
        return self
    }
}

/// The C library's `open`, whose name a static method of ``Replica`` hides.
private func sys_open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }
