import Foundation
import SyncModel
import SyncTransport
import Testing

@Suite(.timeLimit(.minutes(1)), .enabled(if: Certificates.isPossible && TLS.isPossible, "install openssl"))
struct `An encrypted connection` {
    let certificates: Certificates

    init() throws { certificates = try Certificates() }

    @Test func `is trusted when the given authority signed the certificate`() async throws {
        let (result, wasAsked) = try await exchange(with: "server", trusting: "ca.pem")
        #expect(try result.get() == reply())
        #expect(wasAsked)
    }

    @Test func `is trusted for the name that the certificate names`() async throws {
        let (result, _) = try await exchange(with: "server", trusting: "ca.pem", host: "localhost")
        #expect(try result.get() == reply())
    }

    @Test func `is not trusted by the system's authorities`() async throws {
        try await expectDistrust(of: "server", trusting: nil)
    }

    @Test func `is not trusted by another authority`() async throws {
        try await expectDistrust(of: "server", trusting: "other-ca.pem")
    }

    @Test func `is not trusted for another host's name`() async throws {
        try await expectDistrust(of: "elsewhere", trusting: "ca.pem")
    }

    @Test func `is not trusted without the authority's file`() async throws {
        try await expectDistrust(of: "server", trusting: "missing.pem")
    }

    @Test func `is never replaced by a plain one`() async throws {
        let server = try RawServer { connection in
            connection.welcome()
            connection.hang()
        }
        defer { server.stop() }
        let client = try peer("https://127.0.0.1:\(server.port)") { $0.connectSeconds = 5 }
        let error = try await failure { _ = try await client.exchange(request()) }
        #expect(error.code == .untrustedServer)
        #expect(server.connections == 1)
    }

    @Test func `that is never agreed on is given up`() async throws {
        let server = try RawServer { $0.hang() }
        defer { server.stop() }
        let client = try peer("https://127.0.0.1:\(server.port)") { $0.connectSeconds = 0.5 }
        let error = try await failure { _ = try await client.exchange(request()) }
        #expect(error.code == .offline)
    }

    private func expectDistrust(of name: String, trusting file: String?) async throws {
        let (result, wasAsked) = try await exchange(with: name, trusting: file)
        let error = #expect(throws: SyncError.self) { try result.get() }
        #expect(error?.code == .untrustedServer)
        #expect(error?.means.contains("kept on this laptop") == true)
        #expect(!wasAsked, "the token must not reach a server that is not trusted")
    }

    /// One exchange with a server that has this certificate, and whether a request reached it.
    private func exchange(
        with name: String, trusting file: String?, host: String = "127.0.0.1"
    ) async throws -> (Result<ExchangeReply, any Error>, wasAsked: Bool) {
        let tls = try TLS(
            certificate: certificates.path("\(name).pem"), key: certificates.path("\(name).key"))
        let asked = Shared(false)
        let body = encoded(reply())
        let head = "HTTP/1.1 200 OK\r\nContent-Type: \(binary)\r\nContent-Length: \(body.count)\r\n\r\n"
        let server = try RawServer { connection in
            if tls.serve(connection, [UInt8](head.utf8) + body) { asked.update { $0 = true } }
        }
        defer { server.stop() }
        let client = try peer("https://\(host):\(server.port)", caFile: file.map(certificates.path))
        do {
            return (.success(try await client.exchange(request())), asked.current)
        } catch {
            return (.failure(error), asked.current)
        }
    }
}
