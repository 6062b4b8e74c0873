public import SyncModel

/// Why bytes were not taken. The texts name a field, never what it held.
public enum WireError: Error, Hashable, Sendable {
    /// The bytes end before the message does, or an answer came without its `end`.
    case cutShort
    /// The bytes are not what the protocol says.
    case malformed(String)
    /// A limit is passed: of size, or of a count.
    case tooLarge(String)
}

extension WireError: CustomStringConvertible {
    /// One sentence, without a full stop.
    public var description: String {
        switch self {
        case .cutShort: "the message ends too early"
        case .malformed(let what): "the message is malformed: \(what)"
        case .tooLarge(let what): "the message passes a limit: \(what)"
        }
    }
}

extension SyncError {
    /// The same failure, as a person meets it.
    public init(_ error: WireError) {
        switch error {
        case .cutShort:
            self.init(
                .cutShort, "the connection ended in the middle of a message",
                means: "nothing was taken, and nothing is lost", advice: "sync again")
        case .malformed:
            self.init(
                .malformed, "\(error)", means: "nothing of it was taken, and nothing is lost",
                advice: "check that both sides run a current Porchlight")
        case .tooLarge:
            self.init(
                .tooLarge, "\(error)", means: "nothing of it was taken, and nothing is lost",
                advice: "check that both sides run a current Porchlight")
        }
    }
}
