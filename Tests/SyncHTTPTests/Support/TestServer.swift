import Foundation
import PeerSupport
import SyncHTTP
import SyncModel
import SyncStore
import Synchronization
import SyncWire
import Testing

/// The real server on a free port, with a store in a temporary folder.
struct TestServer: Sendable {
    let server: SyncServer
    let store: Store
    let world: TestWorld
    let log: Recorder
    let url: String
    let client: RawClient

    /// Runs a server for as long as `body` needs it. It must then stop by itself.
    static func run(
        _ privacy: Listening.Privacy = .plain, port: Int = 0, in given: URL? = nil,
        _ body: @Sendable (TestServer) async throws -> Void
    ) async throws {
        let folder = given ?? FileManager.default.temporaryDirectory.appending(path: "porchlight-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { if given == nil { try? FileManager.default.removeItem(at: folder) } }
        let world = TestWorld(seed: 7)
        let log = Recorder()
        let store = try makeStore(at: folder.appending(path: "porchlight.sqlite").path, world)
        let server = SyncServer(
            store: store, listening: try Listening(host: "127.0.0.1", port: port, privacy: privacy),
            world: world.world, log: log.logger)
        let (urls, ready) = AsyncStream.makeStream(of: String.self)
        async let running: Void = {
            defer { ready.finish() }
            try await server.run { ready.yield($0) }
        }()
        var first = urls.makeAsyncIterator()
        guard let url = await first.next() else {
            try await running
            return
        }
        let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
        do {
            try await body(
                TestServer(
                    server: server, store: store, world: world, log: log, url: url,
                    client: RawClient(port: port)))
        } catch {
            await server.stop()
            try? await running
            throw error
        }
        await server.stop()
        try await running
    }

    private static func makeStore(at path: String, _ world: TestWorld) throws -> Store {
        let administrator = FoundingRecord(
            id: NaturalKey.id(table: "staff", key: "AD01"), table: "staff",
            writes: [
                RegisterWrite("identity", [.text("AD01")]), RegisterWrite("name", [.text("Ada Brandt")]),
                RegisterWrite("role", [.text("administrator")]),
            ])
        var dice = Dice(world: world.world)
        return try Store.create(
            at: path, agency: Agency(name: "Harbour House", timeZone: "America/New_York"), founder: "AD01",
            founding: [administrator], domain: PeerSupportDomain(), now: world.now, using: &dice)
    }
}

extension TestServer {
    /// A one-time code for the administrator.
    func code() throws -> String {
        var dice = Dice(world: world.world)
        return try store.invite(staff: "AD01", lifetimeSeconds: 3_600, now: world.now, using: &dice).code
    }

    /// Enrols with a code.
    func enrol(code: String) async throws -> RawClient.Answer {
        try await client.send(
            "POST", "/v1/enrol", ["Content-Type": "application/json"],
            body: try EnrolCodec.encode(EnrolRequest(code: code, deviceName: "front desk")))
    }

    /// Enrols an administrator's laptop.
    func laptop(_ number: UInt64 = 1) async throws -> Laptop {
        let answer = try await enrol(code: try code())
        try #require(answer.status == 200, "\(answer.text)")
        let reply = try EnrolCodec.decode(reply: answer.body)
        return Laptop(server: self, enrolment: reply, incarnation: Identifier(high: 7 << 12, low: number))
    }

    /// Enrols the laptop of somebody whom an administrator's laptop, which has sent nothing yet, first puts into
    /// the directory as a peer.
    func laptop(_ number: UInt64, of peer: String, enrolledBy office: Laptop) async throws -> Laptop {
        let writes = [
            RegisterWrite("identity", [.text(peer)]), RegisterWrite("name", [.text("Rosa Diaz")]),
            RegisterWrite("role", [.text("peer")]),
        ]
        _ = try await office.exchange(try office.records("staff", [(peer, writes)]))
        var dice = Dice(world: world.world)
        let invite = try store.invite(staff: peer, lifetimeSeconds: 3_600, now: world.now, using: &dice)
        let reply = try EnrolCodec.decode(reply: try await enrol(code: invite.code).body)
        return Laptop(server: self, enrolment: reply, incarnation: Identifier(high: 7 << 12, low: number))
    }

    /// One of the server's own figures that has no labels.
    func figure(_ name: String) async throws -> Int {
        let page = try await client.send("GET", "/metrics").text
        let line = page.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
        return try #require(line?.split(separator: " ").last.flatMap { Int($0) })
    }

    /// How many exchanges the server holds.
    func held() async throws -> Int { try await figure("porchlight_exchanges_held") }

    /// Asks until so many are held. Each question is a round trip, so nothing spins.
    func waitUntil(held count: Int) async throws {
        while try await held() != count {}
    }

    /// Asks until so many requests are running besides the question itself.
    func waitUntil(running count: Int) async throws {
        while try await figure("porchlight_requests_running") != count + 1 {}
    }
}
