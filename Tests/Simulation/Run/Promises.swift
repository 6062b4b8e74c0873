extension Broken {
    /// What should have held, as a sentence. The checks are listed in the README beside what shows that they can fail.
    var promise: String? { Self.promises[check] }

    /// The names of the checks that look after a promise.
    package static var checks: Set<String> { Set(promises.keys) }

    private static let promises = [
        "lost": "What was written stands until somebody who had read it writes the same field again.",
        "false conflict": "Whoever had read a value and wrote the same field again has replaced it.",
        "permission":
            "What a role may not write becomes no part of a record, unless an administrator releases it.",
        "quarantine": "What is honest is not refused.",
        "released": "What an administrator released stands in its record, beside what was written since.",
        "discarded": "What an administrator discarded does not come back.",
        "withdrawn": "What its author took back after it was refused is in quarantine no more.",
        "decided": "What was entered together is released or discarded together, or not at all.",
        "outbox":
            "What was decided about a refused entry is heard by its author, whose outbox lists it no more.",
        "recall": "What an administrator's laptop held comes back to a restored server.",
        "converges": "When all have synced, everybody holds exactly the server's records of their scope.",
        "digest": "Whoever begins anew ends with the same as whoever went through everything.",
        "repetition": "A request that comes once more, or late, changes nothing.",
        "drains": "Once nothing goes wrong any more, everything is sent and received.",
        "queues": "After a sync that went well nothing waits.",
        "cursor": "A laptop that says how far it has received has everything up to there.",
        "reads own writes": "People are shown what they wrote themselves, or what replaced it.",
        "scope": "Nobody receives or keeps what is not theirs to see.",
        "time": "An entry counts as made when it was made, whatever the laptop's clock said.",
        "nothing invented": "Nothing is in any file that nobody wrote.",
        "same seed": "The same seed is the same run.",
        "passes through": "An older program keeps what it does not know.",
        "tokens": "Whoever was enrolled stays enrolled, and whoever was retired stays retired.",
        "epochs":
            "A server's epoch changes only when its database was put back, and never to one it had before.",
        "backup": "A file with a backup's name is a whole backup.",
        "verify": "The server's verification finds every hash and every record as they were written.",
        "integrity": "SQLite finds the files sound.",
        "doctor": "`porchlight doctor` finds everything as it should be.",
        "rebuild": "The visible tables show what the records say.",
        "lease": "Only one process of a laptop syncs at a time.",
        "receipt": "An edit says what it recorded.",
        "sync": "A sync fails only for what befell the link or the server, or since another process syncs.",
        "edit": "An entry is recorded, or refused for a reason that lies in it or in who enters it.",
        "undo": "The newest entry is taken back, unless it was sent.",
        "unexpected": "What fails says so with a code that is part of the interface.",
    ]
}
