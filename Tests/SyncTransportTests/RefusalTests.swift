import SyncModel
import SyncTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `A server that refuses` {
    struct Case: CustomTestStringConvertible, Sendable {
        let status: String
        let sent: SyncError.Code
        let expected: SyncError.Code
        var testDescription: String { "\(status), \(sent)" }
    }

    static let cases = [
        Case(status: "401 Unauthorized", sent: .unauthorized, expected: .unauthorized),
        Case(status: "403 Forbidden", sent: .retired, expected: .retired),
        Case(status: "400 Bad Request", sent: .malformed, expected: .malformed),
        Case(status: "413 Content Too Large", sent: .tooLarge, expected: .tooLarge),
        Case(status: "426 Upgrade Required", sent: .upgrade, expected: .upgrade),
        Case(status: "429 Too Many Requests", sent: .tooMany, expected: .tooMany),
        Case(status: "500 Internal Server Error", sent: .serverFault, expected: .serverFault),
        Case(status: "503 Service Unavailable", sent: .unavailable, expected: .unavailable),
        // What is wrong with the server's own database must not be taken for this laptop's.
        Case(status: "500 Internal Server Error", sent: .damaged, expected: .serverFault),
        Case(status: "404 Not Found", sent: .nothing, expected: .notPorchlight),
    ]

    @Test(arguments: cases)
    func `is quoted`(_ refusal: Case) async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.refuse(
                refusal.status,
                SyncError(refusal.sent, "it \u{1b}[31mwill not", means: "None was taken.", advice: "to ask"))
        }
        defer { server.stop() }
        let client = try peer(server.url)
        let error = try await failure { _ = try await client.exchange(request()) }
        #expect(error.code == refusal.expected)
        // What could drive a terminal is taken out.
        #expect(error.what == "it [31mwill not")
        #expect(error.means == "None was taken; your changes are kept on this laptop")
        #expect(error.advice == "to ask")
    }

    @Test func `says when to come back`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.refuse(
                "503 Service Unavailable", SyncError(.unavailable, "it is stopping"), ["Retry-After: 17"])
        }
        defer { server.stop() }
        let client = try peer(server.url)
        let error = try await failure { _ = try await client.exchange(request()) }
        #expect(error.code == .unavailable)
        #expect(error.advice == "again in 17 seconds")
        #expect(error.means.contains("kept on this laptop"))
    }

    @Test func `is heard although it did not read the whole request`() async throws {
        let server = try RawServer { connection in
            connection.refuse(
                "413 Content Too Large", SyncError(.tooLarge, "it is too much"), ["Connection: close"])
            connection.hang()
        }
        defer { server.stop() }
        let client = try peer(server.url) { $0.stallSeconds = 5 }
        // Noise, so that compression leaves it large: SplitMix64's steps.
        var state: UInt64 = 1
        let changes = (0..<64).map { _ in
            (0..<32_768).map { _ in
                state &+= 0x9e37_79b9_7f4a_7c15
                return UInt8(truncatingIfNeeded: (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9 >> 56)
            }
        }
        let error = try await failure { _ = try await client.exchange(request(changes: changes)) }
        #expect(error.code == .tooLarge, "\(error)")
    }
}
