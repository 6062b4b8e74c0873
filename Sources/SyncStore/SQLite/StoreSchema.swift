/// The store's tables, as an append-only list of versions. Version n is what entries 1 to n make.
///
/// Positions count up and are never reused. State (`record`, `feed`, `departure`, `gift`) is apart from
/// history (`change`): a pull reads only the former.
enum StoreSchema {
    /// The DDL of each version, oldest first.
    static let versions = [version1, version2, version3, version4, version5, version6, version7]

    private static let version1 = """
        CREATE TABLE agency (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            name TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            secret BLOB NOT NULL CHECK (length(secret) = 32),
            epoch INTEGER NOT NULL CHECK (epoch > 0),
            feed INTEGER NOT NULL DEFAULT 0,
            log INTEGER NOT NULL DEFAULT 0,
            log_hash BLOB NOT NULL CHECK (length(log_hash) = 32),
            created_at INTEGER NOT NULL
        ) STRICT;

        -- One enrolled replica: one staff member on one machine. The token is kept as its SHA-256 only.
        CREATE TABLE device (
            number INTEGER PRIMARY KEY,
            code TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            staff TEXT NOT NULL,
            token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
            enrolled_at INTEGER NOT NULL,
            last_seen_at INTEGER,
            retired_at INTEGER,
            skew INTEGER
        ) STRICT;

        CREATE TABLE invite (
            code_hash BLOB PRIMARY KEY CHECK (length(code_hash) = 32),
            staff TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            used_at INTEGER,
            device INTEGER REFERENCES device
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE incarnation (
            number INTEGER PRIMARY KEY,
            incarnation BLOB NOT NULL UNIQUE CHECK (length(incarnation) = 16),
            device INTEGER NOT NULL REFERENCES device,
            mark INTEGER NOT NULL DEFAULT 0,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            last_effective INTEGER
        ) STRICT;
        CREATE INDEX incarnation_device ON incarnation (device);

        -- The history: every change ever taken, in the order in which it was taken. `said` is the number under
        -- which its author's device hears what became of it: the position, until that changes; then it takes
        -- the next number of the same count.
        CREATE TABLE change (
            position INTEGER PRIMARY KEY,
            incarnation INTEGER NOT NULL REFERENCES incarnation,
            n INTEGER NOT NULL,
            hash BLOB NOT NULL,
            bytes BLOB NOT NULL,
            record INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            code TEXT,
            reason TEXT,
            effective INTEGER,
            is_estimated INTEGER NOT NULL DEFAULT 0,
            received_at INTEGER NOT NULL,
            said INTEGER NOT NULL,
            UNIQUE (incarnation, n)
        ) STRICT;
        CREATE INDEX change_record ON change (record);
        CREATE INDEX change_quarantined ON change (outcome) WHERE outcome = 2;
        CREATE INDEX change_said_again ON change (incarnation, said) WHERE said <> position;

        -- The hash of the log at every position where an exchange ended.
        CREATE TABLE log (
            position INTEGER PRIMARY KEY,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;

        CREATE TABLE record (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            "table" TEXT NOT NULL,
            state BLOB NOT NULL,
            position INTEGER NOT NULL,
            keys TEXT NOT NULL,
            gifts TEXT NOT NULL,
            origin INTEGER NOT NULL
        ) STRICT;

        -- What a record is given to its scope: a key, or all the keys of a parent. `source` gave it.
        CREATE TABLE gift (
            target INTEGER NOT NULL,
            source INTEGER NOT NULL,
            "key" INTEGER NOT NULL,
            parent INTEGER NOT NULL,
            PRIMARY KEY (target, source, "key", parent)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX gift_parent ON gift (parent, target) WHERE parent <> 0;

        CREATE TABLE scope_key (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        INSERT INTO scope_key (number, name) VALUES (1, 'all');

        CREATE TABLE feed (
            "key" INTEGER NOT NULL,
            position INTEGER NOT NULL,
            record INTEGER NOT NULL,
            PRIMARY KEY ("key", position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE departure (
            "key" INTEGER NOT NULL,
            record INTEGER NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY ("key", record)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX departure_position ON departure ("key", position);

        CREATE TABLE device_key (
            device INTEGER NOT NULL REFERENCES device,
            "key" INTEGER NOT NULL,
            PRIMARY KEY (device, "key")
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE role (
            staff TEXT NOT NULL,
            since INTEGER NOT NULL,
            role TEXT NOT NULL,
            PRIMARY KEY (staff, since)
        ) STRICT, WITHOUT ROWID;
        """

    /// Changes in quarantine that are judged anew once something has come: a record, or an entry.
    private static let version2 = """
        CREATE TABLE parked (
            first INTEGER PRIMARY KEY REFERENCES change,
            last INTEGER NOT NULL,
            record BLOB,
            incarnation BLOB,
            n INTEGER
        ) STRICT;
        CREATE INDEX parked_record ON parked (record) WHERE record IS NOT NULL;
        CREATE INDEX parked_incarnation ON parked (incarnation) WHERE incarnation IS NOT NULL;

        -- Changes that came back after a restore from somebody who held them, and not from their author.
        CREATE TABLE brought (
            position INTEGER PRIMARY KEY,
            incarnation BLOB NOT NULL CHECK (length(incarnation) = 16),
            n INTEGER NOT NULL,
            record INTEGER NOT NULL,
            device INTEGER NOT NULL REFERENCES device,
            at INTEGER NOT NULL,
            state BLOB NOT NULL
        ) STRICT;
        CREATE INDEX brought_record ON brought (record);
        """

    /// The audit log: entries are added and never altered. The agency's row knows where its chain ends, so that
    /// entries missing from the end are noticed too.
    private static let version3 = """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            device TEXT NOT NULL,
            staff TEXT NOT NULL,
            counts TEXT NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
        CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
        CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
        ALTER TABLE agency ADD COLUMN audit INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE agency ADD COLUMN audit_hash BLOB NOT NULL
            DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000'
            CHECK (length(audit_hash) = 32);
        """

    /// What an administrator decided about quarantine: which change was issued for one that was refused, and, in the
    /// audit log, why.
    private static let version4 = """
        CREATE TABLE reissue (
            position INTEGER PRIMARY KEY REFERENCES change,
            issued INTEGER NOT NULL UNIQUE REFERENCES change
        ) STRICT;
        ALTER TABLE audit ADD COLUMN note TEXT NOT NULL DEFAULT '';
        """

    /// Whether a record is in conflict, so that a page need not look into every state. NULL: nobody has looked.
    private static let version5 = """
        ALTER TABLE record ADD COLUMN disputed INTEGER;
        """

    /// Which change an entry of the audit log tells of.
    private static let version6 = """
        ALTER TABLE audit ADD COLUMN change_hash BLOB CHECK (change_hash IS NULL OR length(change_hash) = 32);
        """

    /// Up to where the log's hash goes over the entries alone. Beyond, it goes over when each came, too.
    private static let version7 = """
        ALTER TABLE agency ADD COLUMN untimed INTEGER NOT NULL DEFAULT 0;
        UPDATE agency SET untimed = log;
        """
}
