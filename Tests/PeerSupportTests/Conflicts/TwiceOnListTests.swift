import SyncModel
import Testing

@testable import PeerSupport

/// Whoever was put on one session's list twice came once.
@Suite("People who stand on a session's list twice") struct TwiceOnListTests {
    private func row(
        _ id: Int, of person: Int, at session: Int = 50, _ status: String = "attended", void: Bool = false
    ) throws -> Attendance {
        var fields: [String: Value] = [
            "session": .reference(Make.id(session)), "participant": .reference(Make.id(person)),
            "peer": .text("PS01"), "date": .integer(20_000), "status": .text(status),
        ]
        if void { fields["voided_at"] = .integer(7) }
        return try #require(Attendance(Make.view("attendance", fields, id: Make.id(id))))
    }

    private func found(_ rows: [Attendance], _ people: [(from: RecordID, into: RecordID)] = [])
        -> [[RecordID]]
    {
        TwiceOnList.groups(rows, Redirects(people)).map { $0.map(\.id) }
    }

    @Test func `they are found with every answer, the oldest first, in whatever order they come`() throws {
        let rows = [
            try row(13, of: 1, "no_show"), try row(11, of: 1), try row(12, of: 2), try row(14, of: 3),
            try row(10, of: 3, "excused"), try row(15, of: 1),
        ]
        let all = [[Make.id(10), Make.id(14)], [Make.id(11), Make.id(13), Make.id(15)]]
        #expect(found(rows) == all && found(rows.reversed()) == all)
    }

    @Test func `another session, and what is void, is no second time`() throws {
        #expect(found([try row(10, of: 1), try row(11, of: 1, at: 51)]).isEmpty)
        #expect(found([try row(10, of: 1), try row(11, of: 1, void: true)]).isEmpty)
        #expect(found([]).isEmpty)
    }

    @Test func `of several answers the oldest counts, whatever it says, and nothing else is left out`() throws
    {
        let rows = [
            try row(13, of: 1), try row(11, of: 1, "no_show"), try row(12, of: 2),
            try row(10, of: 1, void: true),
            try row(14, of: 1, at: 51),
        ]
        #expect(TwiceOnList.once(rows).map(\.id) == [11, 12, 10, 14].map { Make.id($0) })
        #expect(TwiceOnList.once(rows.reversed()).map(\.id) == [14, 10, 12, 11].map { Make.id($0) })
        let merged = Redirects([(from: Make.id(2), into: Make.id(1))])
        #expect(TwiceOnList.once(rows, merged).map(\.id) == [11, 10, 14].map { Make.id($0) })
    }

    @Test func `two records of one person are one`() throws {
        let rows = [try row(10, of: 1), try row(11, of: 2)]
        #expect(found(rows).isEmpty)
        #expect(found(rows, [(from: Make.id(2), into: Make.id(1))]) == [[Make.id(10), Make.id(11)]])
    }
}
