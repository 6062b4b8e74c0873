import GRDB
import PeerSupport
import SyncModel
import Testing

@testable import SyncReplica

/// What every `status` asks is found by an index: the few it is about among everything on the laptop.
@Suite("How questions are answered") struct PlanTests {
    private func plan(_ query: Query) throws -> [String] {
        let schema = PeerSupportSchema.schema
        let (sql, values) = try Answers.statement(query, schema, columns: "id")
        #expect(values.isEmpty)
        let database = try DatabaseQueue()
        return try database.write { db in
            for table in schema.tables {
                for statement in VisibleTables.statements(table) { try db.execute(sql: statement) }
            }
            return try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] }
        }
    }

    @Test(arguments: [
        ("check_in", Query.Condition.isSet("amends"), "check_in_amends"),
        ("participant", .isSet("merged_into"), "participant_merged_into"),
        ("participant", .inConflict, "participant_clash"), ("check_in", .clockOff, "check_in_clock_off"),
    ])
    func `the few are found without looking through all`(
        table: String, few: Query.Condition, index: String
    ) throws {
        let found = try plan(Query(table, where: [few]))
        #expect(found.contains { $0.contains("USING INDEX \(index)") }, "\(found)")
    }

    @Test func `of a field without an index every row is looked at`() throws {
        #expect(
            try plan(Query("check_in", where: [.isSet("said")]))
                == ["SCAN check_in USING INDEX sqlite_autoindex_check_in_1"])
    }
}
