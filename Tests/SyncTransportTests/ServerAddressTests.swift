import SyncModel
import Testing

@testable import SyncTransport

@Suite struct `A server's address` {
    @Test func `is put together again from its parts`() throws {
        let cases = [
            ("https://sync.example.org", "https://sync.example.org/v1/exchange"),
            ("HTTPS://Sync.Example.Org/", "https://sync.example.org/v1/exchange"),
            ("https://sync.example.org:8443/a/b/", "https://sync.example.org:8443/a/b/v1/exchange"),
            ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443/v1/exchange"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80/v1/exchange"),
        ]
        for (text, url) in cases {
            #expect(try ServerAddress(text).url("/v1/exchange") == url)
        }
    }

    @Test(arguments: [
        "", "sync.example.org", "ftp://sync.example.org", "file:///etc/passwd", "https://", "https:///v1",
        "https://user@host", "http://127.0.0.1@evil.example", "https://host?x", "https://host#x",
        "https://host\\x",
        "https://host name", "https://ho\u{301}st", "https://host\r\nX: y", "https://host:", "https://host:0",
        "https://host:65536", "https://host:8x", "https://[::1", "https://[::1]x", "https://[host]",
        "https://host/..", "https://host//x", "https://host/%2e", "https://-host", "https://host:80:90",
    ])
    func `that could be read in two ways is none`(_ text: String) throws {
        let error = #expect(throws: SyncError.self) { try ServerAddress(text) }
        #expect(error?.code == .badValue)
    }

    @Test(arguments: ["127.0.0.1", "127.255.0.9", "localhost", "LOCALHOST", "[::1]"])
    func `of this computer may be plain HTTP, if asked for`(_ host: String) throws {
        var options = HTTPPeer.Options(server: "http://\(host):8080", allowPlainHTTP: true)
        #expect(throws: Never.self) { try HTTPPeer(options) }
        options.allowPlainHTTP = false
        let error = #expect(throws: SyncError.self) { try HTTPPeer(options) }
        #expect(error?.code == .untrustedServer)
    }

    @Test(arguments: [
        "192.168.1.5", "example.org", "127.0.0.1.example.org", "localhost.example.org", "localhost.", "127.1",
        "127.0.0.256", "127.0.0.01", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]", "[::2]", "10.127.0.0",
    ])
    func `of another computer is refused without encryption`(_ host: String) throws {
        let options = HTTPPeer.Options(server: "http://\(host):8080", allowPlainHTTP: true)
        let error = #expect(throws: SyncError.self) { try HTTPPeer(options) }
        #expect(error?.code == .untrustedServer)
        #expect(error?.means.contains("kept on this laptop") == true)
    }

    @Test func `does not take a token that would break the head`() throws {
        let options = HTTPPeer.Options(server: "https://host", token: "abc\r\nX-Evil: 1")
        let error = #expect(throws: SyncError.self) { try HTTPPeer(options) }
        #expect(error?.code == .unauthorized)
    }
}
