import Foundation
import GRDB
import SyncModel
import Testing

@testable import SyncReplica

@Suite struct FileTests {
    private func code<Result>(_ body: () throws -> Result) -> SyncError.Code? {
        do { _ = try body() } catch { return (error as? SyncError)?.code }
        return nil
    }

    private func open(_ path: String) throws -> Replica {
        try Replica.open(at: path, domain: TestDomain(), surroundings: Laptop(9).replica.surroundings)
    }

    private func create(_ path: String) throws -> Replica {
        try Replica.create(
            at: path, enrolment: Laptop.enrolment(), domain: TestDomain(),
            surroundings: Laptop(9).replica.surroundings)
    }

    @Test func `every file that is no replica says what it is`() throws {
        let folder = try Laptop.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("x.db").path
        #expect(code { try open(path) } == .notEnrolled)
        try Data("this is a letter, and no database at all, however long it is".utf8)
            .write(to: URL(fileURLWithPath: path))
        #expect(code { try open(path) } == .damaged)
        #expect(code { try create(path) } == .damaged)
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(code { try open(path) } == .damaged)
        _ = try create(path)
        #expect(code { try create(path) } == .alreadyEnrolled)
        #expect(try open(path).enrolment == Laptop.enrolment())
    }

    @Test func `a damaged page is reported and not read over`() throws {
        let laptop = try Laptop()
        try laptop.replica.edit(linked: false) { edit in
            for number in 0..<400 { try edit.create("person", [Write.name("somebody \(number)")]) }
        }
        try laptop.checkpoint()
        let copy = laptop.folder.appendingPathComponent("copy.db")
        var data = try Data(contentsOf: URL(fileURLWithPath: laptop.path))
        for place in stride(from: 8_192, to: data.count, by: 1_024) {
            data.replaceSubrange(place..<(place + 64), with: Data(repeating: 0xee, count: 64))
        }
        try data.write(to: copy)
        #expect(code { try open(copy.path).find(Query("person")) } == .damaged)
    }

    @Test func `a newer file is left alone`() throws {
        let laptop = try Laptop()
        try laptop.replica.queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(code { try laptop.again() } == .tooNew)
    }

    @Test func `a folder that may not be written`() throws {
        #expect(code { try create("/proc/replica.db") } == .readOnly)
        let laptop = try Laptop()
        try laptop.replica.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
        #expect(code { try laptop.person("Ada") } == .readOnly)
        try laptop.replica.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 0") }
        try laptop.person("Ada")
    }

    @Test func `a full disk loses nothing and the next edit goes through`() throws {
        let laptop = try Laptop()
        let id = try laptop.person("Ada")
        let pages = try laptop.replica.queue.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
        try laptop.replica.queue.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let long = String(repeating: "x", count: 4_000)
        #expect(
            code {
                for _ in 0..<20 {
                    try laptop.replica.edit {
                        try $0.create("visit", [Write.who(id), Write.time(0, 1), Write.note(long)])
                    }
                }
            } == .diskFull)
        let waiting = try laptop.replica.status().waiting
        let maximum = 1_000_000
        try laptop.replica.queue.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA max_page_count = \(maximum)")
        }
        try laptop.set(id, Write.name("Ida"))
        #expect(try laptop.replica.status().waiting == waiting + 1)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `a replica is for its owner's eyes only`() throws {
        let laptop = try Laptop()
        let rights = try FileManager.default.attributesOfItem(atPath: laptop.path)[.posixPermissions]
        #expect(rights as? Int == 0o600)
    }

    @Test func `opening a current file writes nothing`() throws {
        let laptop = try Laptop()
        try laptop.person("Ada")
        let before = try laptop.replica.queue.read { try Int.fetchOne($0, sql: "PRAGMA data_version") }
        _ = try laptop.again().status()
        #expect(try laptop.replica.queue.read { try Int.fetchOne($0, sql: "PRAGMA data_version") } == before)
    }

    @Test func `the codes of SQLite have words for people`() {
        let codes: [(ResultCode, SyncError.Code)] = [
            (.SQLITE_FULL, .diskFull), (.SQLITE_READONLY, .readOnly), (.SQLITE_BUSY, .busy),
            (.SQLITE_CORRUPT, .damaged), (.SQLITE_NOTADB, .damaged), (.SQLITE_IOERR, .damaged),
            (.SQLITE_CANTOPEN, .readOnly), (.SQLITE_MISUSE, .internalFault),
        ]
        for (result, code) in codes {
            let error = Failures.translated(DatabaseError(resultCode: result))
            #expect(error.code == code)
            #expect(!error.what.isEmpty && !error.means.isEmpty && !error.advice.isEmpty)
        }
    }
}

@Suite struct TableTests {
    private func filled() throws -> Laptop {
        let laptop = try Laptop()
        let ada = try laptop.person("Ada")
        let bea = try laptop.person("Bea")
        try laptop.set(ada, Write.born(20_000), Write.phone("0664"))
        try laptop.replica.edit { edit in
            try edit.create("visit", [Write.who(ada), Write.time(1_700_000_000, 45), Write.note("first")])
            try edit.create(
                "visit",
                [
                    Write.who(bea), Write.time(1_700_086_400, 30), Write.note("a\"b'c", signed: true),
                    RegisterWrite("weight", [.real(81.5)]),
                ])
        }
        return laptop
    }

    @Test func `rebuilding changes no row`() async throws {
        let laptop = try filled()
        _ = try await laptop.replica.sync(with: FakePeer())
        try laptop.person("Cia")
        let before = try laptop.visible()
        try laptop.replica.rebuild()
        #expect(try laptop.visible() == before)
        #expect(before.count == 5)
    }

    @Test func `doctor finds a row that was tampered with, and rebuilding mends it`() throws {
        let laptop = try filled()
        let before = try laptop.visible()
        try laptop.replica.queue.write { db in
            try db.execute(sql: "UPDATE person SET name = 'Eve' WHERE name = 'Ada'")
            try db.execute(sql: "DELETE FROM visit WHERE minutes = 30")
        }
        let found = try laptop.replica.doctor().filter { $0.gravity != .fine }
        #expect(found.map(\.area) == ["tables", "tables"])
        #expect(found.allSatisfy { $0.gravity == .repairable })
        try laptop.replica.rebuild()
        #expect(try laptop.visible() == before)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `doctor finds a change that was altered or taken away`() throws {
        for damage in [
            "UPDATE sync_change SET bytes = (SELECT bytes FROM sync_change WHERE n = 1) WHERE n = 2",
            "DELETE FROM sync_change WHERE n = 2", "UPDATE sync_change SET hash = zeroblob(32) WHERE n = 3",
            "UPDATE sync_incarnation SET offered = 99",
        ] {
            let laptop = try filled()
            try laptop.replica.queue.write { try $0.execute(sql: damage) }
            #expect(try laptop.replica.doctor().contains { $0.gravity == .grave }, "\(damage)")
        }
    }

    @Test func `questions are answered from the visible tables`() throws {
        let laptop = try filled()
        let replica = laptop.replica
        func names(_ conditions: Query.Condition..., order: [Query.Order] = [.init("name")]) throws
            -> [String]
        {
            try replica.find(Query("person", where: conditions, order: order)).compactMap { $0["name"].text }
        }
        #expect(try names() == ["Ada", "Bea"])
        #expect(try names(order: [.init("name", descending: true)]) == ["Bea", "Ada"])
        #expect(try names(.equals("name", .text("Ada"))) == ["Ada"])
        #expect(try names(.prefix("name", "B")) == ["Bea"])
        #expect(try names(.isNone("phone")) == ["Bea"])
        #expect(try names(.isSet("phone")) == ["Ada"])
        #expect(try names(.atLeast("born", .integer(20_000))) == ["Ada"])
        #expect(try names(.below("born", .integer(20_000))) == [])
        #expect(try names(.oneOf("name", [.text("Bea"), .text("Zoe")])) == ["Bea"])
        #expect(try names(.inConflict) == [])
        #expect(try names(.waiting) == ["Ada", "Bea"])
        #expect(try replica.count(Query("visit", where: [.atLeast("start", .integer(1_700_000_001))])) == 1)
        #expect(try replica.find(Query("person", limit: 1)).count == 1)
        #expect(throws: SyncError.self) { try replica.find(Query("person", where: [.isSet("x")])) }
        #expect(throws: SyncError.self) { try replica.count(Query("nowhere")) }
    }

    @Test func `columns read as people write them`() throws {
        let laptop = try filled()
        let visits = try laptop.replica.queue.read {
            try Row.fetchAll($0, sql: "SELECT * FROM visit ORDER BY start")
        }
        #expect(visits.map { $0.text("start") } == ["2023-11-14T22:13:20Z", "2023-11-15T22:13:20Z"])
        #expect(visits.map { $0.number("signed") } == [0, 1])
        #expect(visits.last?.text("weight") == "81.5")
        #expect(visits.last?.text("note") == "a\"b'c")
        let person = visits.first?.text("person")
        #expect(Identifier(text: person ?? "") != nil)
    }

    @Test func `dates from 1900 to 2200, leap days among them`() {
        let known: [(Int64, String)] = [
            (-25_567, "1900-01-01"), (-1, "1969-12-31"), (0, "1970-01-01"), (11_016, "2000-02-29"),
            (19_782, "2024-02-29"), (84_006, "2200-01-01"),
        ]
        for (days, text) in known {
            #expect(CivilText.text { CivilText.date(days, into: $0) } == text)
            #expect(CivilText.text { CivilText.instant(days * 86_400 - 1, into: $0) }.hasSuffix("T23:59:59Z"))
            #expect(CivilText.text { CivilText.instant(days * 86_400, into: $0) } == text + "T00:00:00Z")
        }
    }

    @Test func `a token's text holds it whole, and nothing else is taken for one`() throws {
        let contexts = [
            Context(), Context([.init(Identifier(high: 1, low: 2), 1)]),
            Context([.init(Identifier(high: 1, low: 2), 300), .init(Identifier(high: .max, low: 0), 1 << 40)]
            ),
        ]
        for context in contexts {
            for event: Int64 in [0, 1, 300] {
                let token = ReadToken(record: Identifier(high: 5, low: 6), context: context, event: event)
                #expect(ReadToken(text: token.text) == token)
                #expect(ReadToken(text: String(token.text.dropLast(2))) != token)
            }
        }
        #expect(ReadToken(text: "") == nil)
        #expect(ReadToken(text: "not a token!") == nil)
    }
}
