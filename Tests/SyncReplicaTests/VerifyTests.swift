import Foundation
import GRDB
import SyncModel
import SyncWire
import Testing

@testable import SyncReplica

/// The far side of a verification: what should be there, and what was asked.
private actor Comparer: VerifyPeer {
    private let due: [Bucket.Record]
    private let answersBehind: Int
    private(set) var requests: [VerifyRequest] = []

    init(_ due: [Bucket.Record], behindFrom answer: Int = .max) {
        self.due = due
        answersBehind = answer
    }

    /// Bytes of all requests.
    var bytes: Int { get throws { try requests.reduce(0) { $0 + (try VerifyCodec.encode($1).count) } } }

    func verify(_ request: VerifyRequest) async throws -> VerifyReply {
        // What it says goes over the wire and back.
        #expect(try VerifyCodec.decode(request: VerifyCodec.encode(request)) == request)
        requests.append(request)
        if requests.count > answersBehind { return .behind }
        func due(_ number: Int) -> [Bucket.Record] {
            self.due.filter { Bucket.number(of: $0.id, bits: request.bits) == number }
        }
        switch request.question {
        case .buckets(let prints):
            var parts: [Int: [Bucket.Record]] = [:]
            for record in self.due {
                parts[Bucket.number(of: record.id, bits: request.bits), default: []].append(record)
            }
            return .differing(
                prints.indices.filter { number in
                    var digest = StateDigest()
                    for record in parts[number] ?? [] {
                        digest.add(id: record.id, table: "site", state: record.print.bytes)
                    }
                    return digest.print != prints[number]
                })
        case .records(let buckets):
            var findings = VerifyFindings()
            for bucket in buckets {
                let prints = due(bucket.number).map { record in
                    Bucket.Record(
                        id: record.id,
                        print: StateDigest.recordPrint(
                            id: record.id, table: "site", state: record.print.bytes))
                }
                findings.add(.comparing(bucket.records, with: prints, limit: Limits.verifyFindings))
            }
            return .found(findings)
        }
    }
}

@Suite struct VerifyTests {
    /// Records whose states are 16 octets, their print here: nobody reads them.
    private func fill(_ laptop: Laptop, _ count: Int) throws -> [Bucket.Record] {
        var dice = laptop.replica.surroundings.dice
        let records = (0..<count).map { _ in
            Bucket.Record(
                id: Identifier.version4(using: &dice), print: Identifier.version4(using: &dice))
        }
        try laptop.replica.queue.write { db in
            for record in records {
                try db.execute(
                    sql: "INSERT INTO sync_record (id, tbl, state, keyset) VALUES (?, 'site', ?, 1)",
                    arguments: [Data(record.id.bytes), Data(record.print.bytes)])
            }
        }
        return records.sorted { $0.id < $1.id }
    }

    @Test func `a hundred thousand records are compared by a few kilobytes`() async throws {
        let laptop = try Laptop()
        var due = try fill(laptop, 100_000)
        let equal = Comparer(due)
        let report = try await laptop.replica.verify(with: equal)
        #expect(report.findings.count == 0 && report.records == 100_000 && report.requests == 1)
        #expect(try await equal.bytes < 40_000)
        // One altered, one missing, one too many: three buckets more.
        let altered = due[500].id
        due[500].print = due[501].print
        let surplus = due.remove(at: 700).id
        var dice = laptop.replica.surroundings.dice
        let missing = Identifier.version4(using: &dice)
        due.append(Bucket.Record(id: missing, print: missing))
        due.sort { $0.id < $1.id }
        let other = Comparer(due)
        let found = try await laptop.replica.verify(with: other)
        #expect(found.findings == VerifyFindings(altered: [altered], missing: [missing], surplus: [surplus]))
        #expect(found.requests == 2 && found.kept.isEmpty)
        #expect(try await other.bytes < 60_000)
    }

    @Test func `a replica that differs everywhere says so in parts that fit a request`() async throws {
        let laptop = try Laptop()
        let held = try fill(laptop, 30_000)
        let comparer = Comparer([])
        let report = try await laptop.replica.verify(with: comparer)
        #expect(report.findings.count == held.count)
        #expect(report.requests == 3)
        for request in await comparer.requests {
            guard case .records(let buckets) = request.question else { continue }
            #expect(buckets.reduce(0) { $0 + $1.records.count } <= Limits.verifyRecords)
        }
    }

    @Test(arguments: [0, 1])
    func `behind, it says to sync first`(answer: Int) async throws {
        let laptop = try Laptop()
        _ = try fill(laptop, 10)
        let error = await #expect(throws: SyncError.self) {
            try await laptop.replica.verify(with: Comparer([], behindFrom: answer))
        }
        #expect(error?.code == .stale)
    }

    @Test func `what is kept since a restore is told apart`() async throws {
        let laptop = try Laptop()
        let held = try fill(laptop, 10)
        try await laptop.replica.queue.write { db in
            try db.execute(
                sql: "UPDATE sync_record SET keyset = -1 WHERE id = ?", arguments: [Data(held[3].id.bytes)])
        }
        var due = held
        due.remove(at: 5)
        due.remove(at: 3)
        let report = try await laptop.replica.verify(with: Comparer(due))
        #expect(report.findings.surplus == [held[3].id, held[5].id] && report.kept == [held[3].id])
    }
}
