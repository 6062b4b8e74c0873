import GRDB
import SyncModel

/// Looks at columns that are under no hash and follow from others: what a record gives to scopes, which is written down
/// twice, and the latest effective time of a log.
struct DerivedVerification {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func run() throws {
        try gifts()
        try lastEffective()
    }

    /// What a record gives stands with the record and, row by row, in the table of gifts.
    private func gifts() throws {
        let strange = try Row.fetchOne(
            db,
            sql: """
                WITH told (source, gifts) AS (
                    SELECT source, group_concat(part, ' ') FROM (
                        SELECT source, target || ':' || "key" || ':' || parent AS part FROM gift
                        ORDER BY source, target, "key", parent)
                    GROUP BY source)
                SELECT record.id AS id, told.source AS source FROM record
                LEFT JOIN told ON told.source = record.number
                WHERE record.gifts IS NOT ifnull(told.gifts, '')
                UNION ALL
                SELECT NULL, source FROM told WHERE source NOT IN (SELECT number FROM record)
                LIMIT 1
                """)
        guard let strange else { return }
        let id = try strange.withUnsafeData(named: "id") { $0.flatMap { Identifier(bytes: $0) } }
        throw StoreCheck.damaged(
            "what \(id.map { "record \($0.text)" } ?? "a record that is not here") gives to scopes is not what it was "
                + "known to give")
    }

    /// Of a laptop's log it is that of the latest change that was taken when it came. What had waited keeps the time it
    /// had and does not count, nor does what was refused. What the server issues itself has none.
    private func lastEffective() throws {
        let strange = try Row.fetchOne(
            db,
            sql: """
                SELECT device.code AS code FROM incarnation JOIN device ON device.number = incarnation.device
                WHERE incarnation.device > 1 AND last_effective IS NOT (
                    SELECT max(effective) FROM change
                    WHERE change.incarnation = incarnation.number AND outcome IN (0, 1) AND said = position)
                ORDER BY incarnation.number LIMIT 1
                """)
        guard let strange else { return }
        throw StoreCheck.damaged(
            "the latest time noted of a log of \(strange["code"] as String) is that of no change in it")
    }
}
