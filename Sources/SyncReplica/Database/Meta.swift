import GRDB
import SyncModel

/// The one row that says who this replica is and how far it has come.
struct Meta {
    var enrolment: Enrolment
    var epoch: UInt64
    var cursor: [UInt8]
    var heard: UInt64
    var keys: [ScopeKey]
    var skew: Int64?
    var isSealed: Bool
    var batch: Int
    var failures: Int
    var synced: Int64?
    var failed: Int64?
    var failure: SyncError?
    var print: [UInt8]
    var tables: [String]
    /// How far others' changes have been brought back to a restored server.
    var recall: Recall
    /// The last record of which the server was asked whether it has left.
    var held: [UInt8]
    /// The count that stands in the file beside the database too.
    var count: Int64

    /// The steps of bringing others' changes back. The raw values stand in the database.
    enum Recall: Int64 {
        case done = 0
        case asking = 1
        case bringing = 2
    }

    static func load(_ db: Database) throws -> Meta {
        let found = try SQL(
            db,
            """
            SELECT device, token, staff, role, agency, time_zone, server, ca_file, plain_http,
                epoch, cursor, heard, keys, skew, sealed, batch, failures, synced, failed,
                failure_code, failure_what, failure_means, failure_advice, print, tables,
                recall, held, count
            FROM sync_meta WHERE id = 1
            """
        ).first { row in Meta(row) }
        guard let found else { throw Failures.unfinished }
        return found
    }

    private init(_ row: SQL) {
        enrolment = Enrolment(
            device: row.text(0), token: row.text(1), staff: row.text(2), role: row.text(3),
            agency: row.text(4), timeZone: row.text(5), server: row.text(6),
            caFile: row.optionalText(7), allowPlainHTTP: row.integer(8) != 0)
        epoch = row.word(9)
        cursor = row.blob(10)
        heard = row.word(11)
        keys = Self.names(row.text(12))
        skew = row.optionalInteger(13)
        isSealed = row.integer(14) != 0
        batch = Int(row.integer(15))
        failures = Int(row.integer(16))
        synced = row.optionalInteger(17)
        failed = row.optionalInteger(18)
        failure = row.optionalText(19).map { code in
            SyncError(
                SyncError.Code(rawValue: code) ?? .internalFault, row.text(20), means: row.text(21),
                advice: row.text(22))
        }
        print = row.blob(23)
        tables = Self.names(row.text(24))
        recall = Recall(rawValue: row.integer(25)) ?? .done
        held = row.blob(26)
        count = row.integer(27)
    }

    /// Writes the only row of a new replica.
    static func insert(_ db: Database, _ enrolment: Enrolment) throws {
        try SQL(
            db,
            """
            INSERT INTO sync_meta (id, device, token, staff, role, agency, time_zone, server, ca_file,
                plain_http, batch)
            VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).run(
            .text(enrolment.device), .text(enrolment.token), .text(enrolment.staff),
            .text(enrolment.role), .text(enrolment.agency), .text(enrolment.timeZone),
            .text(enrolment.server), .optional(enrolment.caFile), .flag(enrolment.allowPlainHTTP),
            .integer(Int64(Limits.changesPerExchange)))
    }

    /// Writes who this replica is from now on.
    static func update(_ db: Database, _ enrolment: Enrolment) throws {
        try SQL(
            db,
            """
            UPDATE sync_meta SET device = ?, token = ?, staff = ?, role = ?, agency = ?, time_zone = ?, server = ?,
                ca_file = ?, plain_http = ?
            WHERE id = 1
            """
        ).run(
            .text(enrolment.device), .text(enrolment.token), .text(enrolment.staff),
            .text(enrolment.role), .text(enrolment.agency), .text(enrolment.timeZone),
            .text(enrolment.server), .optional(enrolment.caFile), .flag(enrolment.allowPlainHTTP))
    }

    /// Names, one a line; no name holds a line break.
    static func names(_ text: String) -> [String] {
        text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
