import SyncModel

/// Where the server listens, and how a connection is kept private.
public struct Listening: Sendable {
    /// How a connection is kept private.
    public enum Privacy: Sendable {
        /// TLS with the certificate chain and the key in these PEM files.
        case tls(certificate: String, key: String)
        /// None. Only on this machine itself, for trying things out and for tests.
        case plain
    }

    /// The address or host name to listen on.
    public let host: String
    /// The port; 0 takes a free one.
    public let port: Int
    /// How a connection is kept private.
    public let privacy: Privacy

    /// Checks and makes it.
    ///
    /// - Throws: ``SyncError`` when plain HTTP would leave this machine, or the port is none.
    public init(host: String, port: Int, privacy: Privacy) throws {
        guard (0...65_535).contains(port) else {
            throw SyncError(
                .badValue, "\(port) is no port", advice: "a number from 0 to 65535; 0 takes a free one")
        }
        if case .plain = privacy, !Self.isLoopback(host) {
            throw SyncError(
                .notPermitted, "plain HTTP on \(host) is refused",
                means: "Everybody on the way could read the participants' records.",
                advice: "--certificate FILE --key FILE, or --host 127.0.0.1")
        }
        self.host = host
        self.port = port
        self.privacy = privacy
    }

    /// The URL under which the server is reached once it has its port.
    func url(port: Int) -> String {
        let scheme =
            switch privacy {
            case .tls: "https"
            case .plain: "http"
            }
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Whether a bind address can be reached from this machine only: `localhost`, 127.0.0.0/8, `::1`.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
