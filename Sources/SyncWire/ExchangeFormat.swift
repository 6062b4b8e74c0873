/// How an exchange's messages are laid out in a body.
public enum ExchangeFormat: Hashable, Sendable, CaseIterable {
    /// Each message encoded, preceded by its length as a varint.
    case binary
    /// Each message on a line of its own, in the JSON mapping of Protocol Buffers.
    case jsonLines

    /// Its media type, for `Content-Type` and `Accept`.
    public var mediaType: String {
        switch self {
        case .binary: "application/x-porchlight"
        case .jsonLines: "application/x-ndjson"
        }
    }

    /// The format that a media type names, whatever its parameters and case; `nil` for any other.
    public init?(mediaType: String) {
        let bare = mediaType.prefix { $0 != ";" && $0 != "," }.filter { $0 != " " }.lowercased()
        guard let format = Self.allCases.first(where: { $0.mediaType == bare }) else { return nil }
        self = format
    }

    /// The media type of enrolment and of error bodies.
    public static let jsonMediaType = "application/json"
}
