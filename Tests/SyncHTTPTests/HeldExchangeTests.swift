import SyncHTTP
import SyncModel
import SyncStore
import SyncWire
import Testing

@Suite(.timeLimit(.minutes(2))) struct HeldExchangeTests {
    @Test func `an exchange that has something to say is not held`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let reply = try await laptop.exchange(laptop.hello(wait: 50))
            #expect(!reply.records.isEmpty)
        }
    }

    @Test func `is held until another device's change, and then has it`() async throws {
        try await TestServer.run { server in
            let listener = try await server.laptop(1)
            let caughtUp = try await listener.exchange(listener.hello())
            let writer = try await server.laptop(2)
            async let held = listener.exchange(listener.hello(caughtUp, wait: 50))
            try await server.waitUntil(held: 1)
            _ = try await writer.exchange(try writer.sites(["S1"]))
            #expect(try await held.records.map(\.id) == [NaturalKey.id(table: "site", key: "S1")])
            #expect(try await server.held() == 0)
        }
    }

    @Test func `is held for as long as it asked, and no longer`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let caughtUp = try await laptop.exchange(laptop.hello())
            async let held = laptop.exchange(laptop.hello(caughtUp, wait: 20))
            try await server.waitUntil(held: 1)
            server.world.advance(seconds: 19)
            #expect(try await server.held() == 1)
            server.world.advance(seconds: 1)
            let reply = try await held
            #expect(reply.records.isEmpty)
            // The answer tells the time at its end, and the time on hold is no fault of the laptop's clock.
            #expect(reply.welcome.serverMicroseconds == server.world.now)
            #expect(try server.store.devices().first?.lastSkewMicroseconds == 0)
        }
    }

    @Test func `nobody is held for longer than the limit`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let caughtUp = try await laptop.exchange(laptop.hello())
            async let held = laptop.exchange(laptop.hello(caughtUp, wait: .max))
            try await server.waitUntil(held: 1)
            server.world.advance(seconds: Int64(Limits.waitSeconds))
            #expect(try await held.records.isEmpty)
        }
    }

    @Test func `a laptop retired while it is held is told so`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let caughtUp = try await laptop.exchange(laptop.hello())
            async let held = laptop.exchange(laptop.hello(caughtUp, wait: 20))
            try await server.waitUntil(held: 1)
            try server.store.retire(device: laptop.enrolment.device, now: server.world.now)
            server.world.advance(seconds: 20)
            #expect(try await held.welcome.verdict == .sealed)
        }
    }

    @Test func `stopping lets go of everybody at once, with a good answer`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let caughtUp = try await laptop.exchange(laptop.hello())
            async let first = laptop.exchange(laptop.hello(caughtUp, wait: 50))
            async let second = laptop.exchange(laptop.hello(caughtUp, wait: 50))
            try await server.waitUntil(held: 2)
            await server.server.stop()
            #expect(try await first.welcome.verdict == .ok)
            #expect(try await second.welcome.verdict == .ok)
        }
    }
}
