import SyncModel

extension HTTPPeer {
    /// How to reach a server.
    public struct Options: Sendable {
        /// The server's address: `https://host`, with a port and a path in front if need be.
        public var server: String
        /// A file of certificates (PEM) of the authority that signed the server's. With it, only that
        /// authority is trusted; without it, those of the system.
        public var caFile: String?
        /// Whether `http://` is acceptable. It only ever is for this computer itself.
        public var allowPlainHTTP: Bool
        /// The device's secret, from ``EnrolReply``. Enrolling needs none.
        public var token: String?
        /// Seconds to wait for a connection, its encryption included.
        public var connectSeconds: Double = Double(Limits.connectSeconds)
        /// Seconds without progress after which a transfer is given up; what the server may wait is added.
        public var stallSeconds: UInt32 = UInt32(Limits.stallSeconds)
        /// Bytes of one answer, before as well as after decompression.
        public var answerBytes: Int = Limits.answerBytes
        /// How the client names itself to the server.
        public var userAgent: String = "porchlight/\(protocolVersion)"

        /// Makes options.
        public init(
            server: String, caFile: String? = nil, allowPlainHTTP: Bool = false, token: String? = nil
        ) {
            self.server = server
            self.caFile = caFile
            self.allowPlainHTTP = allowPlainHTTP
            self.token = token
        }
    }

    /// What one transfer cost on the wire, headers included, encryption not.
    public struct Transfer: Hashable, Sendable {
        /// Bytes sent.
        public var bytesUp: Int
        /// Bytes received.
        public var bytesDown: Int
        /// Connections that had to be made: none when the last one was still open.
        public var newConnections: Int
        /// From the start to the last byte, in microseconds.
        public var microseconds: Int64

        /// Makes a transfer's figures.
        public init(bytesUp: Int, bytesDown: Int, newConnections: Int, microseconds: Int64) {
            self.bytesUp = bytesUp
            self.bytesDown = bytesDown
            self.newConnections = newConnections
            self.microseconds = microseconds
        }
    }
}
