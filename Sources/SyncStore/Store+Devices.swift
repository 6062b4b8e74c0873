import Crypto
import Foundation
import GRDB
public import SyncModel
import Synchronization

/// Who holds a token.
public struct DeviceIdentity: Hashable, Sendable {
    /// Its code in the agency, such as `LT-11`.
    public let device: String
    /// Whose laptop it is: a staff code.
    public let staff: String
    /// Whether it was retired.
    public internal(set) var isRetired: Bool
    let number: Int64
    let lastSeenAt: Int64?
}

/// One line of the device register.
public struct DeviceRow: Hashable, Sendable {
    /// Its code.
    public let device: String
    /// What its owner calls it.
    public let name: String
    /// Whose it is: a staff code.
    public let staff: String
    /// Their role, as the directory says now; empty if it says nothing.
    public let role: String
    /// When it was enrolled, microseconds since 1970.
    public let enrolledAt: Int64
    /// When it was last seen, microseconds, within five minutes.
    public let lastSeenAt: Int64?
    /// When it was retired, microseconds.
    public let retiredAt: Int64?
    /// How far its clock was ahead when last seen, microseconds.
    public let lastSkewMicroseconds: Int64?
    /// How many of its changes are in quarantine.
    public let waitingQuarantine: Int
    /// How many logs it has sent: one, and one more each time that its file was found to be a copy or put back, or that it
    /// issued something anew for a restored server.
    public let logs: Int
}

/// A one-time code for enrolling one laptop.
public struct Invite: Hashable, Sendable {
    /// The code, as it is to be typed: four groups of four letters and digits.
    public let code: String
    /// For whom.
    public let staff: String
    /// Until when, seconds since 1970.
    public let expiresAt: Int64
}

extension Store {
    /// Letters and digits that are not mistaken for each other, 32 of them: five bits each.
    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    /// Finds who holds a token; `nil` if nobody does. Looked up by its hash, so that time tells nothing.
    public func device(token: String) throws -> DeviceIdentity? {
        let found = try StoreFailure.translated {
            try database.read { db in
                try Row.fetchOne(
                    db,
                    sql:
                        "SELECT number, code, staff, retired_at, last_seen_at FROM device WHERE token_hash = ?",
                    arguments: [Self.hash(token)]
                ).map {
                    DeviceIdentity(
                        device: $0["code"], staff: $0["staff"],
                        isRetired: ($0["retired_at"] as Int64?) != nil, number: $0["number"],
                        lastSeenAt: $0["last_seen_at"])
                }
            }
        }
        if found == nil { attempts.withLock { $0.unknownTokens += 1 } }
        return found
    }

    /// Makes a one-time code for a staff member.
    ///
    /// - Throws: `SyncError` with code `unknown_record` if the directory has no such staff member.
    public func invite(
        staff: String, lifetimeSeconds: Int64, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws -> Invite {
        var code = ""
        for group in 0..<4 {
            if group > 0 { code += "-" }
            for _ in 0..<4 { code.append(Self.alphabet[Int(generator.next() as UInt64 >> 59)]) }
        }
        let made = code
        let expires = now + lifetimeSeconds * 1_000_000
        try StoreFailure.translated {
            try database.write { db in
                guard try !self.role(db, of: staff).isEmpty else {
                    throw SyncError(
                        .unknownRecord, "the directory has no staff member \(staff)",
                        means: "no code was made",
                        advice:
                            "an administrator adds them on a laptop, and syncs, first; if they were added after a backup that "
                            + "was restored, it is enough that an administrator's laptop syncs")
                }
                try db.execute(
                    sql: "INSERT INTO invite (code_hash, staff, created_at, expires_at) VALUES (?, ?, ?, ?)",
                    arguments: [Self.hash(Self.plain(made)), staff, now, expires])
                try AuditLog(db).append(.invite, staff: staff, now: now)
            }
        }
        return Invite(code: made, staff: staff, expiresAt: expires / 1_000_000)
    }

    /// Enrols a laptop: the code is used up, and the laptop gets its own secret.
    ///
    /// - Throws: `SyncError` with code `bad_code`, in the same words whether it is wrong, used or expired; `not_permitted`
    ///   for a laptop of somebody else's that is enrolled again, and then the code can still be used.
    public func enrol(
        _ request: EnrolRequest, now: Int64, using generator: inout some RandomNumberGenerator
    ) throws -> EnrolReply {
        var secret: [UInt8] = []
        for _ in 0..<4 {
            let word: UInt64 = generator.next()
            secret += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        let token = Data(secret).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
        return try StoreFailure.translated {
            let (reply, entry) = try database.write { db in
                let hash = Self.hash(Self.plain(request.code))
                let row = try Row.fetchOne(
                    db,
                    sql:
                        "SELECT staff FROM invite WHERE code_hash = ? AND used_at IS NULL AND expires_at > ?",
                    arguments: [hash, now])
                guard let staff: String = row?["staff"] else {
                    attempts.withLock { $0.wrongCodes += 1 }
                    throw Self.badCode
                }
                try self.refuseOthers(request, staff)
                let number = (try Int64.fetchOne(db, sql: "SELECT max(number) FROM device") ?? 0) + 1
                let device = "LT-\(number - 1)"
                try db.execute(
                    sql: """
                        INSERT INTO device (number, code, name, staff, token_hash, enrolled_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        number, device, String(request.deviceName.prefix(Limits.nameBytes)), staff,
                        Self.hash(token), now,
                    ])
                try db.execute(
                    sql: "UPDATE invite SET used_at = ?, device = ? WHERE code_hash = ?",
                    arguments: [now, number, hash])
                // Before the enrolment: whoever guesses often enough may have guessed this code.
                try noteAttempts(db, now: now)
                try AuditLog(db).append(.enrolment, device: device, staff: staff, now: now)
                let reply = EnrolReply(
                    device: device, token: token, staff: staff, role: try self.role(db, of: staff),
                    agency: self.agency.name, timeZone: self.agency.timeZone)
                let entry = SecurityEntry(
                    at: journalTime(now), kind: .enrolled, staff: staff, device: device, number: number,
                    token: hexadecimal(Self.hash(token)).uppercased(), code: hexadecimal(hash).uppercased())
                return (reply, entry)
            }
            // After the commit: a token that was rolled back must not hold a number for ever. If the machine
            // breaks off right here, nobody was given the token.
            try place.reached(.enrolmentCommitted)
            try SecurityJournal(place).append([entry])
            try place.reached(.enrolmentNoted)
            return reply
        }
    }

    /// A laptop that is enrolled again stays its owner's: a code for anybody else is left as it is.
    private func refuseOthers(_ request: EnrolRequest, _ staff: String) throws {
        guard !request.staff.isEmpty, request.staff != staff || request.agency != agency.name else { return }
        throw SyncError(
            .notPermitted,
            "the code is for \(staff) of \(agency.name), and this laptop is \(request.staff)'s of \(request.agency)",
            means: "nothing was changed, and the code can still be used",
            advice:
                "ask for a code for \(request.staff) of \(request.agency); or choose another place for a new laptop "
                + "with --replica")
    }

    /// The device register, oldest first, without the server's own line.
    public func devices() throws -> [DeviceRow] {
        try StoreFailure.translated {
            try database.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT device.*, (
                            SELECT count(*) FROM change JOIN incarnation ON incarnation.number = change.incarnation
                            WHERE incarnation.device = device.number AND change.outcome = 2) AS quarantined,
                            (SELECT count(*) FROM incarnation WHERE incarnation.device = device.number) AS logs
                        FROM device WHERE number > 1 ORDER BY number
                        """
                ).map { row in
                    DeviceRow(
                        device: row["code"], name: row["name"], staff: row["staff"],
                        role: try self.role(db, of: row["staff"]), enrolledAt: row["enrolled_at"],
                        lastSeenAt: row["last_seen_at"], retiredAt: row["retired_at"],
                        lastSkewMicroseconds: row["skew"], waitingQuarantine: row["quarantined"],
                        logs: row["logs"])
                }
            }
        }
    }

    /// Retires a device at once: what it sends from now on goes to quarantine, and it receives nothing.
    /// That stands through every restore. Retiring twice changes nothing.
    ///
    /// - Throws: `SyncError` with code `nothing` if there is no such device.
    public func retire(device: String, now: Int64) throws {
        try StoreFailure.translated {
            try database.write { db in
                guard
                    let row = try Row.fetchOne(
                        db,
                        sql: """
                            SELECT staff, hex(token_hash) AS token, retired_at FROM device
                            WHERE code = ? AND number > 1
                            """,
                        arguments: [device])
                else {
                    throw SyncError(
                        .nothing, "there is no device \(device)", means: "nothing was changed",
                        advice: "`porchlightd device list` shows them all")
                }
                guard (row["retired_at"] as Int64?) == nil else { return }
                // First the journal: what it has is replayed, so a crash in between leaves the device retired.
                try SecurityJournal(self.place).append([
                    SecurityEntry(at: journalTime(now), kind: .retired, device: device, token: row["token"])
                ])
                try self.place.reached(.retirementNoted)
                try db.execute(
                    sql: "UPDATE device SET retired_at = ? WHERE code = ?", arguments: [now, device])
                try AuditLog(db).append(.retirement, device: device, staff: row["staff"], now: now)
            }
        }
    }

    private func role(_ db: Database, of staff: String) throws -> String {
        try SQLiteTransaction(db).role(of: staff, at: .max) ?? ""
    }

    /// A code as it was meant: case, blanks and hyphens do not count.
    private static func plain(_ code: String) -> String {
        code.uppercased().filter { $0.isLetter || $0.isNumber }
    }

    private static func hash(_ text: String) -> Data {
        Data(SHA256.hash(data: Array(text.utf8)))
    }

    private static let badCode = SyncError(
        .badCode, "the enrolment code is wrong, used or expired",
        means: "this laptop was not enrolled; nothing was changed",
        advice: "check the code letter by letter, or ask an administrator for a new one")
}
