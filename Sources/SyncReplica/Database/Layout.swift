/// The tables the engine keeps for itself, beside the visible ones. Append only: a published step is never
/// altered, a new one is added at the end, and `PRAGMA user_version` counts the steps a file has gone through.
enum Layout {
    /// The version this program writes.
    static var version: Int { steps.count }

    /// One script for each version.
    static let steps: [String] = [
        """
        CREATE TABLE sync_meta (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            device TEXT NOT NULL, token TEXT NOT NULL, staff TEXT NOT NULL, role TEXT NOT NULL,
            agency TEXT NOT NULL, time_zone TEXT NOT NULL, server TEXT NOT NULL, ca_file TEXT,
            plain_http INTEGER NOT NULL,
            epoch INTEGER NOT NULL DEFAULT 0, cursor BLOB NOT NULL DEFAULT x'',
            heard INTEGER NOT NULL DEFAULT 0, keys TEXT NOT NULL DEFAULT '', skew INTEGER,
            sealed INTEGER NOT NULL DEFAULT 0,
            batch INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
            synced INTEGER, failed INTEGER,
            failure_code TEXT, failure_what TEXT, failure_means TEXT, failure_advice TEXT,
            print BLOB NOT NULL DEFAULT x'', tables TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE TABLE sync_incarnation (
            place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
            newest INTEGER NOT NULL, hash BLOB NOT NULL,
            offered INTEGER NOT NULL, acknowledged INTEGER NOT NULL,
            healing INTEGER
        ) STRICT;
        CREATE TABLE sync_change (
            place INTEGER PRIMARY KEY,
            incarnation INTEGER NOT NULL REFERENCES sync_incarnation (place), n INTEGER NOT NULL,
            record BLOB NOT NULL, tbl TEXT NOT NULL, creates INTEGER NOT NULL,
            bytes BLOB NOT NULL, hash BLOB NOT NULL,
            state INTEGER NOT NULL, effective INTEGER, estimated INTEGER, code TEXT, reason TEXT,
            txn BLOB, author TEXT NOT NULL, written INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX sync_change_dot ON sync_change (incarnation, n);
        CREATE INDEX sync_change_record ON sync_change (record);
        CREATE INDEX sync_change_open ON sync_change (state, record) WHERE state IN (0, 3);
        CREATE TABLE sync_record (
            id BLOB PRIMARY KEY, tbl TEXT NOT NULL, state BLOB NOT NULL, keyset INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sync_keyset (id INTEGER PRIMARY KEY, keys TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE sync_lease (
            id INTEGER PRIMARY KEY CHECK (id = 1), process INTEGER NOT NULL, boot BLOB NOT NULL,
            expires INTEGER NOT NULL, token BLOB NOT NULL
        ) STRICT;
        """,
        // A keyset below 0, or 0 for none, marks a record that has not come since the server was restored.
        // `recall` says how far others' changes have been brought back: 1 the server's marks are to be asked
        // for, 2 what `sync_kept` names is to be brought.
        """
        ALTER TABLE sync_meta ADD COLUMN recall INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sync_meta ADD COLUMN held BLOB NOT NULL DEFAULT x'';
        CREATE TABLE sync_kept (id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE INDEX sync_record_old ON sync_record (id) WHERE keyset <= 0;
        """,
        // What the server said of conflicts, beside the states: for each record in conflict what it said last.
        """
        CREATE TABLE sync_note (id BLOB PRIMARY KEY, notes BLOB NOT NULL) STRICT, WITHOUT ROWID;
        """,
        // What its author took back after it was refused: when, and why; whether the server may have been told; and
        // the place of the change that was made instead. It stays when the server has heard, because a server that is
        // restored forgets.
        """
        ALTER TABLE sync_change ADD COLUMN withdrawn INTEGER;
        ALTER TABLE sync_change ADD COLUMN withdrawn_why TEXT;
        ALTER TABLE sync_change ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sync_change ADD COLUMN correction INTEGER;
        CREATE INDEX sync_change_withdrawing ON sync_change (place) WHERE state = 7;
        CREATE INDEX sync_change_correction ON sync_change (correction) WHERE correction IS NOT NULL;
        """,
        // What happened to the file and to its server, for people. `was` and `became` are epochs, or the number up to
        // which the server agreed.
        """
        CREATE TABLE sync_event (
            number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,
            was INTEGER NOT NULL, became INTEGER NOT NULL,
            offered INTEGER NOT NULL, reissued INTEGER NOT NULL, brought INTEGER NOT NULL
        ) STRICT;
        """,
        // What stands in the file beside the database, with the newest incarnation.
        """
        ALTER TABLE sync_meta ADD COLUMN count INTEGER NOT NULL DEFAULT 0;
        """,
        // With which event a log was cut back last and its rest issued anew, after a copy was found or a restore; 0 for never.
        """
        ALTER TABLE sync_incarnation ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;
        """,
        // Under which version each conflict was shown last on this laptop, so that a letter means what was seen.
        """
        CREATE TABLE sync_shown (name TEXT PRIMARY KEY, version TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """,
    ]
}
