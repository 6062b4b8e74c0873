import SyncModel
import SyncWire

extension HTTPAnswer {
    /// The body of a good answer, decompressed.
    ///
    /// - Parameters:
    ///   - mediaType: What a good answer says it is.
    ///   - limit: Bytes that the body may have in the end.
    /// - Throws: What the server refused for, or what it is that answered instead of a server of ours.
    func payload(_ mediaType: String, from server: String, limit: Int) throws(SyncError) -> [UInt8] {
        switch status {
        case 200:
            guard contentType.isMedia(mediaType) else {
                throw notPorchlight("what answers at \(server) is not a Porchlight server")
            }
            return try decompressed(limit: limit)
        case 300..<400:
            throw notPorchlight(
                "what answers at \(server) wants to send us elsewhere, which is never followed")
        default:
            throw refusal(from: server)
        }
    }

    private func decompressed(limit: Int) throws(SyncError) -> [UInt8] {
        switch contentEncoding.lowercased() {
        case "", "identity":
            return body
        case "zstd":
            do throws(WireError) {
                return try Compression.decompress(body, limit: limit)
            } catch {
                throw SyncError(answer: error)
            }
        default:
            throw SyncError(
                .malformed, "the server's answer is compressed in a way that nobody asked for", means: kept,
                advice: "check that nothing between this laptop and the server alters what passes")
        }
    }

    /// What the server says it refused for, if it is a server of ours.
    private func refusal(from server: String) -> SyncError {
        guard contentType.isMedia(ExchangeFormat.jsonMediaType), body.count <= ErrorBodyCodec.bodyBytes,
            let bytes = try? decompressed(limit: ErrorBodyCodec.bodyBytes),
            let said = try? ErrorBodyCodec.decode(bytes)
        else {
            let isBehindSomething = (502...504).contains(status)
            return notPorchlight(
                isBehindSomething
                    ? "something in front of \(server) answers that it cannot be reached (status \(status))"
                    : "what answers at \(server) is not a Porchlight server (status \(status))")
        }
        return relayed(said)
    }

    /// The server's words, made safe to show; and a code that is about the exchange, not about this laptop.
    private func relayed(_ said: SyncError) -> SyncError {
        let code: SyncError.Code =
            switch said.code {
            case .unauthorized, .badCode, .tooMany, .retired, .upgrade, .malformed, .tooLarge, .serverFault,
                .unavailable, .unknownRecord, .notPermitted, .badValue:
                said.code
            // An older server says this of a path that it does not have.
            case .nothing where status != 404: said.code
            default:
                status >= 500 ? .serverFault : .notPorchlight
            }
        let means = sentence(said.means)
        var advice = sentence(said.advice)
        if let seconds = UInt32(retryAfter), code == .unavailable || code == .tooMany {
            advice += advice.isEmpty ? "again in \(seconds) seconds" : " (in \(seconds) seconds)"
        }
        return SyncError(
            code, sentence(said.what), means: means.isEmpty ? kept : "\(means); \(keptBriefly)",
            advice: advice)
    }
}

extension SyncError {
    /// What a body that could not be read means to whoever waits for it.
    init(answer error: WireError) {
        self.init(error)
        means = kept
    }

    /// The same failure, when it is a new laptop that meets it.
    var whileEnrolling: SyncError {
        var error = self
        let isUnclear = code == .cutShort || code == .stalled
        error.means = "this laptop is not enrolled; whatever was recorded on it is kept on this laptop"
        if isUnclear { error.advice = "enroll again; if the code is refused, it was used: ask for a new one" }
        return error
    }
}

extension String {
    /// Whether a `Content-Type` names this media type, whatever its parameters.
    fileprivate func isMedia(_ type: String) -> Bool { trimmed(prefix { $0 != ";" }).lowercased() == type }
}

/// Text from the server: plain, and without the full stop.
private func sentence(_ text: String) -> String {
    let text = plain(text)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
}
