import Hummingbird
import SyncModel
import SyncWire

/// How the two bodies of an exchange, or of a question, are written: what the request says of itself, and what its sender accepts.
struct ExchangeForms: Sendable {
    /// The request's format.
    let request: ExchangeFormat
    /// Whether the request's body is compressed.
    let isCompressed: Bool
    /// The answer's format: one the client accepts, the request's own if it can be.
    let answer: ExchangeFormat
    /// Whether the answer may be compressed.
    let mayCompress: Bool

    init(_ headers: HTTPFields) throws {
        guard let type = headers[.contentType], let format = ExchangeFormat(mediaType: type) else {
            throw RefusedRequest.unsupported(
                "the request's Content-Type is none of this server's", advice: Self.types)
        }
        request = format
        switch headers[.contentEncoding]?.lowercased() {
        case nil, "identity": isCompressed = false
        case "zstd": isCompressed = true
        default:
            throw RefusedRequest.unsupported(
                "the request's Content-Encoding is none of this server's", advice: "zstd or identity")
        }
        answer = try Self.accepted(headers[.accept], request: format)
        mayCompress = Self.items(headers[.acceptEncoding] ?? "").contains("zstd")
    }

    /// Of a request without a body: the answer is JSON lines, unless its sender accepts the other.
    init(answering headers: HTTPFields) throws {
        request = .jsonLines
        isCompressed = false
        answer = try Self.accepted(headers[.accept], request: .jsonLines)
        mayCompress = Self.items(headers[.acceptEncoding] ?? "").contains("zstd")
    }

    /// A body as it was before it was compressed, its size counted while it grows.
    func plain(_ body: [UInt8]) throws -> [UInt8] {
        isCompressed ? try Compression.decompress(body, limit: Limits.requestBytes) : body
    }

    /// The answer with this body; compressed if the client takes it and it is worth it.
    func answer(_ plain: [UInt8]) throws -> (bytes: [UInt8], encoding: String?) {
        guard mayCompress, plain.count > Limits.compressionThreshold else { return (plain, nil) }
        return (try Compression.compress(plain), "zstd")
    }
}

extension ExchangeForms {
    private static let types =
        ExchangeFormat.allCases.map(\.mediaType).joined(separator: " or ")

    private static func accepted(_ field: String?, request: ExchangeFormat) throws -> ExchangeFormat {
        let wanted = items(field ?? "*/*")
        if wanted.contains(request.mediaType) { return request }
        if let format = wanted.lazy.compactMap({ ExchangeFormat(mediaType: $0) }).first { return format }
        if !wanted.isDisjoint(with: ["*/*", "application/*", ""]) { return request }
        throw RefusedRequest.unsupported("none of the types in Accept is this server's", advice: types)
    }

    /// The members of a list field, in lower case; those that are ruled out by `q=0` are left out.
    private static func items(_ field: String) -> Set<String> {
        Set(
            field.lowercased().split(separator: ",").compactMap { item in
                let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
                guard let name = parts.first else { return nil }
                let isRefused = parts.dropFirst().contains {
                    $0 == "q=0" || $0.hasPrefix("q=0.0") && Double($0.dropFirst(2)) == 0
                }
                return isRefused ? nil : name
            })
    }
}
