import Foundation
import SyncModel
import SyncTransport
import SyncWire
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `A connection` {
    @Test func `is kept from one exchange to the next`() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.welcome() }
        }
        defer { server.stop() }
        let client = try peer(server.url)
        for round in 1...3 {
            #expect(try await client.exchange(request()) == reply())
            #expect(await client.lastTransfer?.newConnections == (round == 1 ? 1 : 0))
        }
        #expect(server.connections == 1)
    }

    @Test func `has its bytes counted, heads included`() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.welcome() }
        }
        defer { server.stop() }
        let client = try peer(server.url)
        for changes in [[], [[UInt8]](repeating: Array(0...99), count: 500)] {
            let before = (server.received, server.sent)
            _ = try await client.exchange(request(changes: changes))
            let transfer = try #require(await client.lastTransfer)
            #expect(transfer.bytesUp == server.received - before.0)
            #expect(transfer.bytesDown == server.sent - before.1)
            #expect(transfer.microseconds > 0)
        }
    }

    @Test func `that ended between two exchanges is made anew`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.welcome()
        }
        defer { server.stop() }
        let client = try peer(server.url)
        #expect(try await client.exchange(request()) == reply())
        #expect(try await client.exchange(request()) == reply())
        #expect(server.connections == 2)
    }

    @Test func `that was kept and dies with the next request is made anew`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.welcome()
            guard connection.readRequest() != nil, connection.number > 1 else { return }
            connection.welcome()
        }
        defer { server.stop() }
        let client = try peer(server.url)
        #expect(try await client.exchange(request()) == reply())
        #expect(try await client.exchange(request()) == reply())
        #expect(server.connections == 2)
    }

    @Test func `that nobody takes means offline`() async throws {
        let server = try RawServer { _ in }
        server.stop()
        let client = try peer(server.url)
        let error = try await failure { _ = try await client.exchange(request()) }
        #expect(error.code == .offline)
        #expect(error.means.contains("kept on this laptop"))
    }

    @Test func `to a name that does not exist means offline`() async throws {
        // RFC 2606 keeps this name from ever existing; with the dead proxy set, it is not even looked up.
        let client = try peer("https://sync.invalid")
        #expect(try await failure { _ = try await client.exchange(request()) }.code == .offline)
    }

    @Test func `that fails leaves the next exchange a fresh start`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            if connection.number == 1 { return }
            connection.welcome()
        }
        defer { server.stop() }
        let client = try peer(server.url)
        #expect(try await failure { _ = try await client.exchange(request()) }.code == .cutShort)
        #expect(try await client.exchange(request()) == reply())
    }

    @Test func `may be silent for as long as the server was asked to wait`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            // Longer than the stall below; nothing but the passing of time shows this.
            Thread.sleep(forTimeInterval: 3)
            connection.welcome()
        }
        defer { server.stop() }
        let client = try peer(server.url) { $0.stallSeconds = 1 }
        #expect(try await client.exchange(request(waitSeconds: 30)) == reply())
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `Waiting for a server` {
    @Test func `serves two exchanges one after the other`() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.welcome() }
        }
        defer { server.stop() }
        let client = try peer(server.url)
        async let first = client.exchange(request())
        async let second = client.exchange(request())
        #expect(try await [first, second] == [reply(), reply()])
        #expect(server.connections == 1)
    }

    @Test func `ends when the task is cancelled`() async throws {
        let asked = Signal()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            asked.send()
            connection.hang()
        }
        defer { server.stop() }
        let client = try peer(server.url) { $0.stallSeconds = 3_600 }
        let task = Task { try await client.exchange(request()) }
        await asked.wait(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `does not begin when the task is cancelled already`() async throws {
        let server = try RawServer { $0.hang() }
        defer { server.stop() }
        let client = try peer(server.url)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.exchange(request())
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(server.connections == 0)
    }

    @Test func `blocks none of the cooperative threads`() async throws {
        let asked = Signal()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            asked.send()
            connection.hang()
        }
        defer { server.stop() }
        // More than the pool has threads.
        let count = 2 * ProcessInfo.processInfo.activeProcessorCount + 2
        let ended = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                let client = try peer(server.url) { $0.stallSeconds = 20 }
                group.addTask {
                    _ = try? await client.exchange(request())
                    ended.update { $0 += 1 }
                }
            }
            await asked.wait(count)
            let sum = await withTaskGroup(of: Int.self) { others in
                for number in 0..<100 { others.addTask { number } }
                return await others.reduce(0, +)
            }
            #expect(sum == 4_950)
            #expect(ended.current == 0)
            group.cancelAll()
        }
    }
}
