import SyncModel
import SyncTransport
import SyncWire
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `A server that misbehaves` {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let code: SyncError.Code
        let serve: @Sendable (RawConnection) -> Void
        var testDescription: String { name }

        init(_ name: String, _ code: SyncError.Code, _ serve: @escaping @Sendable (RawConnection) -> Void) {
            (self.name, self.code, self.serve) = (name, code, serve)
        }
    }

    static let answerBytes = 1 << 20
    static let page = [UInt8]("<html><body>Welcome to Hotel Wi-Fi</body></html>".utf8)

    static let cases: [Case] = [
        Case("a web page", .notPorchlight) { $0.answer(type: "text/html; charset=utf-8", page) },
        Case("a web page with an error", .notPorchlight) {
            $0.answer("404 Not Found", type: "text/html", page)
        },
        Case("a gateway's page", .notPorchlight) { $0.answer("502 Bad Gateway", type: "text/html", page) },
        Case("another service's error", .notPorchlight) {
            $0.answer("401 Unauthorized", type: json, [UInt8](#"{"error":"no"}"#.utf8))
        },
        Case("the right body with a wrong type", .notPorchlight) {
            $0.answer(type: "application/octet-stream", encoded(reply()))
        },
        Case("the right body with no type", .notPorchlight) {
            $0.send([UInt8]("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8))
        },
        Case("no content", .notPorchlight) { $0.send("HTTP/1.1 204 No Content\r\n\r\n") },
        Case("not HTTP", .notPorchlight) { $0.send("SSH-2.0-OpenSSH_9.2\r\n") },
        Case("noise", .notPorchlight) { $0.send([UInt8](repeating: 0xa7, count: 4_096)) },
        Case("closed at once", .cutShort) { _ in },
        Case("closed in the head", .cutShort) { $0.send("HTTP/1.1 200 OK\r\nContent-Le") },
        Case("closed in the body", .cutShort) {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: \(binary)\r\nContent-Length: 1000\r\n\r\n"
            $0.send([UInt8](head.utf8) + encoded(reply()))
        },
        Case("closed in a chunk", .cutShort) {
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: \(binary)\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n"
            $0.send([UInt8](head.utf8) + encoded(reply()))
        },
        Case("without the end frame", .cutShort) { $0.answer(type: binary, withoutEnd) },
        Case("an empty body", .cutShort) { $0.answer(type: binary, []) },
        Case("zstd cut short", .cutShort) {
            $0.answer(
                type: binary, headers: ["Content-Encoding: zstd"],
                Array(compressed(encoded(reply())).dropLast(4)))
        },
        Case("zstd that is none", .malformed) {
            $0.answer(type: binary, headers: ["Content-Encoding: zstd"], page)
        },
        Case("gzip", .malformed) {
            $0.answer(type: binary, headers: ["Content-Encoding: gzip"], [0x1f, 0x8b, 8, 0, 0, 0])
        },
        Case("without the welcome", .malformed) { $0.answer(type: binary, withoutWelcome) },
        Case("a zstd bomb", .tooLarge) {
            $0.answer(
                type: binary, headers: ["Content-Encoding: zstd"],
                compressed([UInt8](repeating: 0, count: 16 * answerBytes)))
        },
        Case("a length beyond the limit", .tooLarge) {
            $0.send("HTTP/1.1 200 OK\r\nContent-Type: \(binary)\r\nContent-Length: 10000000000\r\n\r\n")
            $0.hang()
        },
        Case("chunks without end", .tooLarge) {
            $0.send("HTTP/1.1 200 OK\r\nContent-Type: \(binary)\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = [UInt8]("4000\r\n".utf8) + [UInt8](repeating: 0, count: 0x4000) + [UInt8]("\r\n".utf8)
            while $0.send(chunk) {}
        },
        Case("headers without end", .tooLarge) {
            $0.send("HTTP/1.1 200 OK\r\n")
            while $0.send("X-Padding: \(String(repeating: "x", count: 1_000))\r\n") {}
        },
        Case("silence", .stalled) { $0.hang() },
        Case("silence in the body", .stalled) {
            $0.send("HTTP/1.1 200 OK\r\nContent-Type: \(binary)\r\nContent-Length: 1000\r\n\r\nab")
            $0.hang()
        },
    ]

    @Test(arguments: cases)
    func `is told apart, and loses nothing`(_ hostile: Case) async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            hostile.serve(connection)
        }
        defer { server.stop() }
        let client = try peer(server.url) { options in
            options.answerBytes = Self.answerBytes
            options.stallSeconds = 1
        }
        let error = try await failure { _ = try await client.exchange(request()) }
        #expect(error.code == hostile.code, "\(error)")
        #expect(error.means.contains("kept on this laptop"))
        #expect(!error.advice.isEmpty)
        #expect(server.connections == 1)
    }

    @Test func `a redirect is not followed`() async throws {
        let elsewhere = try RawServer { $0.welcome() }
        defer { elsewhere.stop() }
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.answer(
                "302 Found", type: "text/html", headers: ["Location: \(elsewhere.url)/v1/exchange"], [])
        }
        defer { server.stop() }
        let client = try peer(server.url)
        let error = try await failure { _ = try await client.exchange(request()) }
        #expect(error.code == .notPorchlight)
        #expect(elsewhere.connections == 0)
    }

    @Test func `an answer of exactly the limit passes, and one more byte does not`() async throws {
        let body = encoded(reply(leaves: 100))
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.answer(type: binary, body) }
        }
        defer { server.stop() }
        let fits = try peer(server.url) { $0.answerBytes = body.count }
        #expect(try await fits.exchange(request()) == reply(leaves: 100))
        let tight = try peer(server.url) { $0.answerBytes = body.count - 1 }
        #expect(try await failure { _ = try await tight.exchange(request()) }.code == .tooLarge)
    }

    private static let withoutEnd: [UInt8] = {
        let whole = encoded(reply())
        // The welcome is the first frame: its length, and as many bytes.
        return Array(whole.prefix(1 + Int(whole.first ?? 0)))
    }()

    private static let withoutWelcome = Array(encoded(reply()).dropFirst(withoutEnd.count))
}

private func compressed(_ bytes: [UInt8]) -> [UInt8] { (try? Compression.compress(bytes)) ?? [] }
