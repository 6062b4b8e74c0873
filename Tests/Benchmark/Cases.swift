import Foundation
import PeerSupport
import SyncModel
import SyncReplica
import SyncStore
import SyncTransport
import SyncWire

/// What DESIGN.md section 9 has budgets for, one function each.
struct Cases {
    let bench: Workbench
    let floor: Floor
    let count: Int

    private static let replicaTables = ["sync_record", "check_in"]
    private static let storeTables = ["change", "record", "gift", "feed"]

    private func open(_ path: String) throws -> Replica {
        try Replica.open(at: path, domain: PeerSupportDomain(), surroundings: .seeded(7))
    }

    /// The server takes changes; then a new laptop pulls the records.
    func ingestAndApply() async throws {
        let agency = try BenchAgency(bench, "bulk")
        defer { agency.server.stop() }
        let path = try agency.laptop("office")
        let office = try open(path)
        let year = Year(replica: office)
        let people = try year.people(max(1, count / 50))
        let link = try CountingLink(office.enrolment)
        _ = try await office.sync(with: link)
        let recording = try milliseconds { try year.checkIns(count, of: people) }
        bench.report("record \(count) check-ins in one program", recording, target: "no budget")

        try await ingest(copyOf: agency, office: path)
        let clock = ContinuousClock()
        let start = clock.now
        let report = try await office.sync(with: link)
        let spent = (clock.now - start).components
        let pushed = Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15
        bench.report(
            "push \(count) changes over loopback, both sides", pushed, target: "no budget",
            note: "\(report.exchanges) exchanges, server peak \(agency.server.peakBytes >> 20) MiB")

        let fresh = try agency.laptop("fresh", fetch: false)
        let pull = try succeed(bench.tool("porchlight"), ["sync", "--replica", fresh])
        let rows = try floor.milliseconds(fresh, Self.replicaTables, in: bench)
        bench.report(
            "apply \(count) pulled records on a new replica, over loopback", pull.milliseconds, floor: rows,
            target: "2 x floor",
            note: "client peak \(pull.peakBytes >> 20) MiB, server peak \(agency.server.peakBytes >> 20) MiB "
                + "(target under 100)")
        let digests = try [path, fresh].map {
            try succeed(bench.tool("porchlight"), ["status", "--digest", "--replica", $0, "--json"]).output
        }.map(Self.digest)
        guard digests[0] != nil, digests[0] == digests[1] else { throw Trouble("the two replicas differ") }
    }

    private static func digest(_ output: String) -> String? {
        (try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])?["digest"] as? String
    }

    /// The server's work alone, on a copy of its database and of the laptop's.
    private func ingest(copyOf agency: BenchAgency, office: String) async throws {
        let folder = bench.path("ingest")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try copy(agency.data + "/porchlight.sqlite", to: folder + "/server.sqlite")
        try copy(office, to: folder + "/replica.sqlite")
        let replica = try open(folder + "/replica.sqlite")
        let store = try Store.open(
            at: folder + "/server.sqlite", domain: PeerSupportDomain(), now: 0)
        let peer = try TimedStore(store, token: try replica.enrolment.token)
        _ = try await replica.sync(with: peer)
        let spent = await peer.milliseconds
        try store.close()
        let rows = try floor.milliseconds(folder + "/server.sqlite", Self.storeTables, in: bench)
        bench.report(
            "server takes \(count) pushed changes: decode, rules, disk, answer", spent, floor: rows,
            target: "4 x floor")
    }

    private func copy(_ from: String, to: String) throws {
        try succeed("/usr/bin/sqlite3", [from, ".backup '\(to)'"])
    }

    /// One check-in from the command line, from process start to exit.
    func checkIn(_ runs: Int) throws {
        let agency = try BenchAgency(bench, "one")
        defer { agency.server.stop() }
        let path = try agency.laptop("desk")
        let replica = try open(path)
        _ = try Year(replica: replica).people(50)
        let plain = bench.path("plain.sqlite")
        let table =
            "PRAGMA journal_mode=WAL; CREATE TABLE check_in (id TEXT PRIMARY KEY, participant TEXT, "
            + "start_at TEXT, minutes INTEGER, did TEXT)"
        try succeed("/usr/bin/sqlite3", [plain, table])
        var ours: [Double] = []
        var theirs: [Double] = []
        for run in 0..<runs {
            ours.append(
                try succeed(
                    bench.tool("porchlight"),
                    [
                        "checkin", "add", "P10001", "walked to the pharmacy", "--minutes", "30", "--yes",
                        "--replica", path,
                    ]
                ).milliseconds)
            let insert =
                "PRAGMA synchronous=FULL; INSERT INTO check_in VALUES ('id\(run)', 'P10001', "
                + "'2026-03-02T10:05:00Z', 30, 'walked to the pharmacy')"
            theirs.append(try succeed("/usr/bin/sqlite3", [plain, insert]).milliseconds)
        }
        bench.report(
            "one `checkin add`, process start to exit, median of \(runs)", median(ours),
            floor: median(theirs),
            target: "3 x sqlite3 insert")
    }

    /// A sync with nothing to say.
    func idle(_ runs: Int) async throws {
        let agency = try BenchAgency(bench, "idle")
        defer { agency.server.stop() }
        let replica = try open(try agency.laptop("desk"))
        let link = try CountingLink(replica.enrolment)
        var exchanges = 0
        var times: [Double] = []
        for _ in 0..<runs {
            let clock = ContinuousClock()
            let start = clock.now
            exchanges = try await replica.sync(with: link).exchanges
            let spent = (clock.now - start).components
            times.append(Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15)
        }
        let up = await link.lastUp
        let down = await link.lastDown
        bench.report(
            "an idle sync on a kept connection, median of \(runs)", median(times),
            target: "one round trip, under 600 bytes each way",
            note: "\(exchanges) round trip, \(up) bytes up, \(down) bytes down, headers included")
    }

    /// Bytes on the wire against the same rows as CSV through zstd -3.
    func wire(_ checkIns: Int) async throws {
        let agency = try BenchAgency(bench, "wire")
        defer { agency.server.stop() }
        let path = try agency.laptop("desk")
        let replica = try open(path)
        let year = Year(replica: replica)
        let people = try year.people(max(1, checkIns / 50))
        let link = try CountingLink(replica.enrolment)
        _ = try await replica.sync(with: link)
        let before = (await link.bytesUp, await link.bytesDown)
        try year.checkIns(checkIns, of: people)
        _ = try await replica.sync(with: link)
        let up = await link.bytesUp - before.0
        let down = await link.bytesDown - before.1
        let csv = try succeed(
            "/usr/bin/sqlite3", ["-csv", path, "SELECT * FROM check_in ORDER BY rowid"]
        ).output
        let packed = try Compression.compress(Array(csv.utf8)).count
        bench.report(
            "bytes up for \(checkIns) new check-ins, in KiB", Double(up) / 1024, floor: Double(packed) / 1024,
            target: "1.3 x zstd -3 of the rows as CSV", note: "the figures are KiB; \(down / 1024) KiB down")
    }

    /// A sync of 100 changes while the server holds more and more.
    func flat(_ sizes: [Int]) async throws {
        var first: Double?
        for size in sizes {
            let agency = try BenchAgency(bench, "flat\(size)")
            defer { agency.server.stop() }
            let replica = try open(try agency.laptop("desk"))
            let year = Year(replica: replica)
            let people = try year.people(max(1, size / 50))
            try year.checkIns(size, of: people)
            let link = try CountingLink(replica.enrolment)
            _ = try await replica.sync(with: link)
            var times: [Double] = []
            for _ in 0..<7 {
                try year.checkIns(100, of: people)
                let clock = ContinuousClock()
                let start = clock.now
                _ = try await replica.sync(with: link)
                let spent = (clock.now - start).components
                times.append(Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15)
            }
            bench.report(
                "sync of 100 changes, server holds \(size)", median(times), floor: first,
                target: "flat within 1.5 x of the first")
            first = first ?? median(times)
        }
    }
}
