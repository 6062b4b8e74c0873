import SyncModel
import Testing

@testable import SyncHTTP

@Suite struct ListeningTests {
    @Test(arguments: ["127.0.0.1", "127.9.8.7", "localhost", "::1"])
    func `plain HTTP is for this machine`(host: String) throws {
        #expect(try Listening(host: host, port: 0, privacy: .plain).host == host)
    }

    @Test(arguments: [
        "0.0.0.0", "192.168.1.4", "::", "sync.example", "127.0.0.1.example", "127.1", "127.0.0.256", "",
    ])
    func `plain HTTP to anybody else is refused`(host: String) throws {
        let error = #expect(throws: SyncError.self) {
            try Listening(host: host, port: 0, privacy: .plain)
        }
        #expect(error?.code == .notPermitted)
        #expect(error?.advice.contains("--certificate") == true)
    }

    @Test(arguments: [-1, 65_536])
    func `a port that is none is refused`(port: Int) throws {
        let error = #expect(throws: SyncError.self) {
            try Listening(host: "127.0.0.1", port: port, privacy: .plain)
        }
        #expect(error?.code == .badValue)
    }

    @Test func `the URL tells how to reach it`() throws {
        #expect(try Listening(host: "::1", port: 0, privacy: .plain).url(port: 81) == "http://[::1]:81")
        let privacy = Listening.Privacy.tls(certificate: "c", key: "k")
        #expect(
            try Listening(host: "sync.example", port: 1, privacy: privacy).url(port: 1)
                == "https://sync.example:1")
    }
}
