import Foundation
import PeerSupport
import SyncHTTP
import SyncModel
import SyncStore
import SyncTransport
import SyncWire
import Testing

@Suite(.timeLimit(.minutes(2))) struct StoppingTests {
    @Test func `what is running is finished and kept`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let request = try laptop.sites((0..<500).map { "S\($0)" })
            let body = try ExchangeCodec.encode(request)
            let head = """
                POST /v1/exchange HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\
                Content-Type: application/x-porchlight\r\n\
                Authorization: Bearer \(laptop.enrolment.token)\r\n\r\n
                """
            let answer = try await server.client.send(Array(head.utf8) + body, pausingAfter: 5_000) {
                try await server.waitUntil(running: 1)
                await server.server.stop()
            }
            #expect(answer.status == 200)
            #expect(try ExchangeCodec.decode(reply: answer.body).welcome.taken == 500)
        }
    }

    @Test func `everything is in the one file of the database afterwards`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "porchlight-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await TestServer.run(in: folder) { server in
            let laptop = try await server.laptop()
            _ = try await laptop.exchange(try laptop.sites(["S1"]))
        }
        // What is left of the write-ahead log, if anything is, is empty.
        let log = folder.appending(path: "porchlight.sqlite-wal").path
        let size = try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
        #expect((size ?? 0) == 0)
    }

    @Test func `codes and tokens that nobody has are in the audit log when the server has stopped`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "porchlight-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await TestServer.run(in: folder) { server in
            #expect(try await server.enrol(code: "AAAA-AAAA-AAAA-AAAA").status == 403)
            let stranger = try await server.client.send(
                "POST", "/v1/exchange",
                ["Content-Type": "application/x-porchlight", "Authorization": "Bearer made-up"])
            #expect(stranger.status == 401)
        }
        let store = try Store.open(
            at: folder.appending(path: "porchlight.sqlite").path, domain: PeerSupportDomain(), now: 0)
        defer { try? store.close() }
        var told: [String] = []
        try store.audit { if $0.kind == "refusal" { told.append($0.counts) } }
        #expect(told == [#"{"unknown_tokens":1,"wrong_codes":1}"#])
    }

    @Test func `a port that is taken is said to be`() async throws {
        try await TestServer.run { first in
            let error = await #expect(throws: SyncError.self) {
                try await TestServer.run(port: Int(first.client.port)) { _ in }
            }
            #expect(error?.code == .unavailable)
        }
    }
}

@Suite struct TLSTests {
    @Test func `serves over TLS to who trusts the certificate, and not to who does not`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "porchlight-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = try makeCertificate(in: folder)
        try await TestServer.run(.tls(certificate: certificate, key: key)) { server in
            #expect(server.url.hasPrefix("https://127.0.0.1:"))
            let peer = try HTTPPeer(.init(server: server.url, caFile: certificate))
            let reply = try await peer.enrol(EnrolRequest(code: try server.code(), deviceName: "a"))
            #expect(reply.staff == "AD01")
            let stranger = try HTTPPeer(.init(server: server.url))
            let error = await #expect(throws: SyncError.self) {
                _ = try await stranger.enrol(EnrolRequest(code: try server.code(), deviceName: "a"))
            }
            #expect(error?.code == .untrustedServer)
        }
    }

    @Test func `files that are no certificate and key are refused before anything is served`() async throws {
        let error = await #expect(throws: SyncError.self) {
            try await TestServer.run(.tls(certificate: "/nowhere/c.pem", key: "/nowhere/k.pem")) { _ in }
        }
        #expect(error?.code == .badValue)
        #expect(error?.what.contains("/nowhere/c.pem") == true)
    }

    private func makeCertificate(in folder: URL) throws -> (certificate: String, key: String) {
        let certificate = folder.appending(path: "certificate.pem").path
        let key = folder.appending(path: "key.pem").path
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0, "openssl made no certificate")
        return (certificate, key)
    }
}
