import Foundation
import GRDB
import SyncModel

/// The security decisions as the database holds them, and how it is brought to hold those of the journal.
struct SecurityTables {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Brings database and journal to hold the same decisions.
    ///
    /// The database lacks some after a restore; the journal, when it is new here or the machine broke off
    /// between a commit and its line.
    func settle(with journal: SecurityJournal, now: Int64) throws {
        let noted = try journal.entries()
        let retired = Set(noted.filter { $0.kind == .retired }.compactMap(\.token))
        let free = (noted.compactMap(\.number).max() ?? 0) + 1
        for entry in noted { try replay(entry, now, retired, free) }
        try teach(journal, knowing: noted, now)
    }

    /// Adds to the journal what only the database knows.
    func teach(_ journal: SecurityJournal, knowing noted: [SecurityEntry], _ now: Int64) throws {
        let known = Set(noted.map(\.decision))
        try journal.append(try decisions(now).filter { !known.contains($0.decision) })
    }

    /// Laptops in the journal that are unknown in the database, because a backup brought another by their code. Those that
    /// were retired are nobody's to miss.
    ///
    /// - Parameter before: the tokens that the server knew before, as their hashes; what it did not know then is missed by
    ///   nobody either. `nil` where nobody knows.
    func taken(from journal: SecurityJournal, knownTo before: Set<Data>?) throws -> [TakenName] {
        let entries = try journal.entries()
        let retired = Set(entries.filter { $0.kind == .retired }.compactMap(\.token))
        let known = Set(try Data.fetchAll(db, sql: "SELECT token_hash FROM device"))
        return entries.compactMap { entry in
            guard entry.kind == .enrolled, let token = entry.token, let octets = Self.octets(token),
                !known.contains(octets), !retired.contains(token), before?.contains(octets) != false,
                let device = entry.device, let staff = entry.staff
            else { return nil }
            return TakenName(device: device, staff: staff)
        }
    }

    /// Whether the journal has what was decided since this database was as it is: whether it goes on from it, and not from
    /// another server that began without knowing.
    func continues(in journal: SecurityJournal) throws -> Bool {
        let entries = try journal.entries()
        // It has had every token of the database's.
        let tokens = Set(entries.filter { $0.kind == .enrolled }.compactMap(\.token))
        let known = try String.fetchAll(db, sql: "SELECT hex(token_hash) FROM device WHERE number > 1")
        guard tokens.isSuperset(of: known) else { return false }
        // Whoever goes on from the last goes on from those before it: the audit log is one chain.
        guard let gap = entries.last(where: { $0.kind == .gap }) else { return true }
        let found = try Data.fetchOne(
            db, sql: "SELECT hash FROM audit WHERE number = ?", arguments: [gap.number])
        return found == gap.token.flatMap(Self.octets)
    }

    /// Notes in the journal that nobody knows what was decided before the audit log's newest entry.
    func noteGap(in journal: SecurityJournal, _ now: Int64) throws {
        let head = try AuditLog(db).head()
        try journal.append([
            SecurityEntry(
                at: journalTime(now), kind: .gap, number: head.number,
                token: hexadecimal(head.hash.bytes).uppercased())
        ])
    }

    /// Everything decided, as the database has it.
    func decisions(_ now: Int64) throws -> [SecurityEntry] {
        let at = journalTime(now)
        var found: [SecurityEntry] = []
        let devices = try Row.fetchAll(
            db,
            sql: """
                SELECT number, code, staff, hex(token_hash) AS token, retired_at,
                    (SELECT hex(code_hash) FROM invite WHERE invite.device = device.number) AS invite
                FROM device WHERE number > 1 ORDER BY number
                """)
        for row in devices {
            found.append(
                SecurityEntry(
                    at: at, kind: .enrolled, staff: row["staff"], device: row["code"], number: row["number"],
                    token: row["token"], code: row["invite"]))
        }
        for row in devices where (row["retired_at"] as Int64?) != nil {
            found.append(
                SecurityEntry(at: at, kind: .retired, device: row["code"], token: row["token"]))
        }
        found += try Row.fetchAll(db, sql: "SELECT staff, since, role FROM role ORDER BY staff, since").map {
            SecurityEntry(at: at, kind: .role, staff: $0["staff"], role: $0["role"], since: $0["since"])
        }
        return found
    }

    /// Brings one decision into the database, where it changes nothing if it is there.
    ///
    /// - Parameters:
    ///   - retired: the tokens of which the journal says that they were retired.
    ///   - free: a number beyond all that the journal has.
    private func replay(_ entry: SecurityEntry, _ now: Int64, _ retired: Set<String>, _ free: Int64) throws {
        switch entry.kind {
        case .gap: break
        case .enrolled:
            try enrol(entry, now)
            if entry.token.map(retired.contains) == true { try enrolRetired(entry, now, free) }
        case .retired:
            guard let token = entry.token.flatMap(Self.octets) else { return }
            try db.execute(
                sql:
                    "UPDATE device SET retired_at = ? WHERE token_hash = ? AND retired_at IS NULL",
                arguments: [journalMicroseconds(entry.at) ?? now, token])
        case .role:
            guard let staff = entry.staff, let role = entry.role, let since = entry.since else { return }
            try db.execute(
                sql: "INSERT OR IGNORE INTO role (staff, since, role) VALUES (?, ?, ?)",
                arguments: [staff, since, role])
        }
    }

    /// A laptop enrolled after the backup goes on with its token, and the code it used stays used.
    private func enrol(_ entry: SecurityEntry, _ now: Int64) throws {
        guard let device = entry.device, let number = entry.number, let staff = entry.staff,
            let token = entry.token.flatMap(Self.octets)
        else { return }
        let at = journalMicroseconds(entry.at) ?? now
        // A number or code that is somebody else's already stays theirs; the laptop is then enrolled again.
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO device (number, code, name, staff, token_hash, enrolled_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [number, device, device, staff, token, at])
        try use(entry, token, at)
    }

    /// A retired laptop whose code is another's here is known under one of its own all the same: it has to be told that it
    /// was retired, and what it sends goes into quarantine.
    private func enrolRetired(_ entry: SecurityEntry, _ now: Int64, _ free: Int64) throws {
        guard let staff = entry.staff, let device = entry.device, let token = entry.token.flatMap(Self.octets)
        else { return }
        let at = journalMicroseconds(entry.at) ?? now
        let newest = try Int64.fetchOne(db, sql: "SELECT max(number) FROM device") ?? 0
        let number = max(newest + 1, free)
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO device (number, code, name, staff, token_hash, enrolled_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [number, "LT-\(number - 1)", device, staff, token, at])
    }

    /// The code that a laptop used stays used.
    private func use(_ entry: SecurityEntry, _ token: Data, _ at: Int64) throws {
        guard let code = entry.code.flatMap(Self.octets) else { return }
        try db.execute(
            sql: """
                UPDATE invite SET used_at = ?, device = (SELECT number FROM device WHERE token_hash = ?)
                WHERE code_hash = ? AND used_at IS NULL
                """,
            arguments: [at, token, code])
    }

    /// The 32 octets of a hash in hexadecimal.
    private static func octets(_ text: String) -> Data? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        let octets = stride(from: 0, to: 64, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return octets.count == 32 ? Data(octets) : nil
    }
}
