/// A store of schema version 1 with one founding record and one code, as the program of that time wrote it:
/// what `sqlite3 porchlight.sqlite .dump` gives.
enum VersionOne {
    static let sql = """
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
        INSERT INTO agency VALUES(1,'Harbor House','America/New_York',
            X'33442d5b6390f390311360358e5257b372e76f2d15bb2fa658c64d2bb6f4b273',1,1,1,
            X'385ef284f68048c2cc1587ab21d3cbcff2e64df3fa34df372db3b12205bf2684',1795541148199827);
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
        INSERT INTO device VALUES(1,'SERVER','the server itself','AD01',
            X'0000000000000000000000000000000000000000000000000000000000000000',1795541148199827,NUL\
        L,
            1795541148199827,NULL);
        CREATE TABLE invite (
            code_hash BLOB PRIMARY KEY CHECK (length(code_hash) = 32),
            staff TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            used_at INTEGER,
            device INTEGER REFERENCES device
        ) STRICT, WITHOUT ROWID;
        INSERT INTO invite VALUES(X'fdcd102c663c5e41571787de323e67e674ef9e1ab6d8e78d25a393bc275bd605\
        ',
            'AD01',1795541148209104,1795800348209104,NULL,NULL);
        CREATE TABLE incarnation (
            number INTEGER PRIMARY KEY,
            incarnation BLOB NOT NULL UNIQUE CHECK (length(incarnation) = 16),
            device INTEGER NOT NULL REFERENCES device,
            mark INTEGER NOT NULL DEFAULT 0,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            last_effective INTEGER
        ) STRICT;
        INSERT INTO incarnation VALUES(1,X'35a5893cb8504b96a2bd812c24f8687c',1,1,
            X'66441792ec93ce8b177fdda0a031726ff432cf69953f0304fb075c1c282d67c7',1795541148199827);
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
        INSERT INTO change VALUES(1,1,1,
            X'66441792ec93ce8b177fdda0a031726ff432cf69953f0304fb075c1c282d67c7',
            X'0a6f080111936b5100096106001a1035a5893cb8504b96a2bd812c24f8687c221035a5893cb8504b96a2bd\
        812c24f8687c28013204414430313a05737461666642086964656e7469747942046e616d654204726f6c6549936b\
        510009610600521040594016b347897d93d7b7aca772d810120c000000000000000000000000220a0a080a060a04\
        41443031220e0a0c0a0a0a08416461204d6f737322130a110a0f0a0d61646d696e6973747261746f72',1,0,NULL\
        ,NULL,1795541148199827,0,1795541148199827,1);
        CREATE TABLE log (
            position INTEGER PRIMARY KEY,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
        INSERT INTO log VALUES(1,X'385ef284f68048c2cc1587ab21d3cbcff2e64df3fa34df372db3b12205bf2684'\
        );
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
        INSERT INTO record VALUES(1,X'40594016b347897d93d7b7aca772d810','staff',
            X'0a057374616666126d0a1035a5893cb8504b96a2bd812c24f8687c120441443031180121936b5100096106\
        0029936b51000961060042120a086964656e7469747912060a044144303142120a046e616d65120a0a0841646120\
        4d6f737342170a04726f6c65120f0a0d61646d696e6973747261746f72',1,'1 2','1:2:0',1);
        CREATE TABLE gift (
            target INTEGER NOT NULL,
            source INTEGER NOT NULL,
            "key" INTEGER NOT NULL,
            parent INTEGER NOT NULL,
            PRIMARY KEY (target, source, "key", parent)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO gift VALUES(1,1,2,0);
        CREATE TABLE scope_key (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        INSERT INTO scope_key VALUES(1,'all');
        INSERT INTO scope_key VALUES(2,'directory');
        CREATE TABLE feed (
            "key" INTEGER NOT NULL,
            position INTEGER NOT NULL,
            record INTEGER NOT NULL,
            PRIMARY KEY ("key", position)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO feed VALUES(1,1,1);
        INSERT INTO feed VALUES(2,1,1);
        CREATE TABLE departure (
            "key" INTEGER NOT NULL,
            record INTEGER NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY ("key", record)
        ) STRICT, WITHOUT ROWID;
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
        INSERT INTO role VALUES('AD01',1795541148199827,'administrator');
        CREATE INDEX incarnation_device ON incarnation (device);
        CREATE INDEX change_record ON change (record);
        CREATE INDEX change_quarantined ON change (outcome) WHERE outcome = 2;
        CREATE INDEX change_said_again ON change (incarnation, said) WHERE said <> position;
        CREATE INDEX gift_parent ON gift (parent, target) WHERE parent <> 0;
        CREATE INDEX departure_position ON departure ("key", position);
        PRAGMA user_version = 1;
        """
}
