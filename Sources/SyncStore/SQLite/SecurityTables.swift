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
    ///
    /// - Returns: what the journal had before.
    @discardableResult
    func settle(with journal: SecurityJournal, now: Int64) throws -> [SecurityEntry] {
        let noted = try journal.entries()
        let enrolled = noted.filter { $0.kind == .enrolled }
        for entry in enrolled { try enrol(entry, now) }
        try enrolRetired(noted, now)
        for entry in enrolled { try use(entry, now) }
        for entry in noted { try replay(entry, now) }
        try teach(journal, knowing: noted, now)
        return noted
    }

    /// Adds to the journal what only the database knows.
    func teach(_ journal: SecurityJournal, knowing noted: [SecurityEntry], _ now: Int64) throws {
        try journal.append(try decisions(now), unlessAmong: noted)
    }

    /// Laptops that were noted and are unknown in the database, because a backup brought another by their code. Those that
    /// were retired are nobody's to miss.
    ///
    /// - Parameter before: the tokens that the server knew before, as their hashes; what it did not know then is missed by
    ///   nobody either. `nil` where nobody knows.
    func taken(from noted: [SecurityEntry], knownTo before: Set<Data>?) throws -> [TakenName] {
        let known = try tokens()
        return noted.compactMap { entry in
            guard entry.kind == .enrolled, let token = entry.token.flatMap(Self.octets),
                !known.contains(token), before?.contains(token) != false, let device = entry.device,
                let staff = entry.staff
            else { return nil }
            return TakenName(device: device, staff: staff)
        }
    }

    /// Whether the journal has what was decided since this database was as it is: whether it goes on from it, and was not
    /// cut before that, nor begun by another server without knowing.
    func continues(in journal: SecurityJournal) throws -> Bool {
        let noted = try journal.entries()
        guard try Set(noted.map(\.decision)).isSuperset(of: decisions(0).map(\.decision)) else {
            return false
        }
        // Whoever goes on from the last goes on from those before it: the audit log is one chain.
        guard let gap = noted.last(where: { $0.kind == .gap }) else { return true }
        let found = try Data.fetchOne(
            db, sql: "SELECT hash FROM audit WHERE number = ?", arguments: [gap.number])
        return found == gap.token.flatMap(Self.octets)
    }

    private func tokens() throws -> Set<Data> { try Data.fetchSet(db, sql: "SELECT token_hash FROM device") }

    /// Notes in the journal that nobody knows what was decided before the audit log's newest entry; of a database in which
    /// nothing was done yet there is nothing to know.
    func noteGap(in journal: SecurityJournal, _ now: Int64) throws {
        let head = try AuditLog(db).head()
        guard head.number > 0 else { return }
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

    /// Brings a retirement or a role into the database, where it changes nothing if it is there.
    private func replay(_ entry: SecurityEntry, _ now: Int64) throws {
        switch entry.kind {
        case .enrolled, .gap: break
        case .retired:
            guard let token = entry.token.flatMap(Self.octets) else { return }
            try db.execute(
                sql: "UPDATE device SET retired_at = ? WHERE token_hash = ? AND retired_at IS NULL",
                arguments: [journalMicroseconds(entry.at) ?? now, token])
        case .role:
            guard let staff = entry.staff, let role = entry.role, let since = entry.since else { return }
            try db.execute(
                sql: "INSERT OR IGNORE INTO role (staff, since, role) VALUES (?, ?, ?)",
                arguments: [staff, since, role])
        }
    }

    /// A laptop enrolled after the backup goes on with its token.
    private func enrol(_ entry: SecurityEntry, _ now: Int64) throws {
        guard let device = entry.device, let number = entry.number else { return }
        // A number or code that is somebody else's already stays theirs; the laptop is then enrolled again.
        try insert(entry, number, device, now)
    }

    /// Retired laptops whose codes are others' here are known under codes of their own all the same: they have to be told
    /// that they were retired, and what they send goes into quarantine. The codes are beyond all that were noted, so that
    /// none is given out that somebody has.
    private func enrolRetired(_ noted: [SecurityEntry], _ now: Int64) throws {
        let retired = Set(noted.filter { $0.kind == .retired }.compactMap(\.token))
        let enrolled = noted.filter { $0.kind == .enrolled }
        var known = try tokens()
        let newest = try Int64.fetchOne(db, sql: "SELECT max(number) FROM device") ?? 0
        var number = max(newest, enrolled.compactMap(\.number).max() ?? 0)
        for entry in enrolled {
            guard let token = entry.token, retired.contains(token), let octets = Self.octets(token),
                known.insert(octets).inserted
            else { continue }
            number += 1
            try insert(entry, number, "LT-\(number - 1)", now)
        }
    }

    private func insert(_ entry: SecurityEntry, _ number: Int64, _ code: String, _ now: Int64) throws {
        guard let device = entry.device, let staff = entry.staff, let token = entry.token.flatMap(Self.octets)
        else { return }
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO device (number, code, name, staff, token_hash, enrolled_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [number, code, device, staff, token, journalMicroseconds(entry.at) ?? now])
    }

    /// The code that a laptop used stays used.
    private func use(_ entry: SecurityEntry, _ now: Int64) throws {
        guard let token = entry.token.flatMap(Self.octets), let code = entry.code.flatMap(Self.octets) else {
            return
        }
        try db.execute(
            sql: """
                UPDATE invite SET used_at = ?, device = (SELECT number FROM device WHERE token_hash = ?)
                WHERE code_hash = ? AND used_at IS NULL
                """,
            arguments: [journalMicroseconds(entry.at) ?? now, token, code])
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
