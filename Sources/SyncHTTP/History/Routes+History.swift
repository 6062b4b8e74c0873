import Hummingbird
import Logging
import SyncModel
import SyncStore
import SyncWire

extension Routes {
    /// `GET /v1/history/RECORD`: what was ever written into one record.
    func history(_ request: Request, record: String?) async throws -> Response {
        let token = try Self.bearer(request.headers)
        guard let device = try await reads.run({ try $0.device(token: token) }) else {
            throw RefusedRequest.unauthorized
        }
        let forms = try ExchangeForms(answering: request.headers)
        let question = try Self.question(request, record)
        let page: HistoryPage
        do {
            page = try await reads.run { [world] store in
                try store.history(question, for: device, now: world.now())
            }
        } catch let error as SyncError where error.code == .unknownRecord {
            throw RefusedRequest(.notFound, error)
        } catch let error as SyncError where error.code == .retired {
            throw RefusedRequest(.forbidden, error)
        }
        let (bytes, encoding) = try forms.encode(page)
        log.info(
            "history", metadata: ["device": "\(device.device)", "changes": "\(page.changes.count)"])
        return Answer.make(type: forms.answer.mediaType, encoding: encoding, bytes: bytes)
    }

    /// A name that no record can have is a record that is not here.
    private static func question(_ request: Request, _ record: String?) throws -> HistoryRequest {
        func number(_ name: String, _ otherwise: UInt64, most: UInt64) throws -> UInt64 {
            guard let text = request.uri.queryParameters[name[...]] else { return otherwise }
            guard let number = UInt64(text), number <= most else {
                throw RefusedRequest(
                    .badRequest,
                    SyncError(
                        .malformed, "\(name) is no number, or too large",
                        means: "nothing was sent or received",
                        advice: "after=0, limit=\(Limits.changesPerHistoryPage)"))
            }
            return number
        }
        let after = try number("after", 0, most: UInt64(Int64.max))
        let most = UInt64(Limits.changesPerHistoryPage)
        let limit = try number("limit", most, most: most)
        // The nil identifier is nobody's.
        let id = record.flatMap { Identifier(text: $0) } ?? Identifier(high: 0, low: 0)
        return HistoryRequest(record: id, after: after, limit: Int(max(1, limit)))
    }
}

extension ExchangeForms {
    /// Writes a page; compressed if the client takes it and it is worth it.
    fileprivate func encode(_ page: HistoryPage) throws -> (bytes: [UInt8], encoding: String?) {
        let plain = try HistoryCodec.encode(page, as: answer)
        guard mayCompress, plain.count > Limits.compressionThreshold else { return (plain, nil) }
        return (try Compression.compress(plain), "zstd")
    }
}
