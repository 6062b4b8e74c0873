import Hummingbird
import Logging
import SyncModel
import SyncStore
import SyncWire

extension Routes {
    /// `GET /v1/origins?records=ID,ID…`: where what stands in some records was written.
    func origins(_ request: Request) async throws -> Response {
        let token = try Self.bearer(request.headers)
        guard let device = try await reads.run({ try $0.device(token: token) }) else {
            throw RefusedRequest.unauthorized
        }
        let forms = try ExchangeForms(answering: request.headers)
        let records = try Self.records(request)
        let found: [ConflictNotes]
        do {
            found = try await reads.run { [world] store in
                try store.origins(of: records, for: device, now: world.now())
            }
        } catch let error as SyncError where error.code == .retired {
            throw RefusedRequest(.forbidden, error)
        }
        let (bytes, encoding) = try forms.answer(OriginsCodec.encode(found, as: forms.answer))
        log.info("origins", metadata: ["device": "\(device.device)", "records": "\(records.count)"])
        return Answer.make(type: forms.answer.mediaType, encoding: encoding, bytes: bytes)
    }

    private static func records(_ request: Request) throws -> [RecordID] {
        let names = request.uri.queryParameters["records"].map { $0.split(separator: ",") } ?? []
        let records = names.compactMap { Identifier(text: String($0)) }
        guard !records.isEmpty, records.count == names.count, records.count <= Limits.recordsPerOrigins else {
            throw RefusedRequest(
                .badRequest,
                SyncError(
                    .malformed, "records names none, too many, or what is no record's id",
                    means: "nothing was sent or received",
                    advice: "at most \(Limits.recordsPerOrigins) ids, with commas between them"))
        }
        return records
    }
}
