import Hummingbird
import Logging
import SyncModel
import SyncStore
import Synchronization
import SyncWire

extension Routes {
    /// `POST /v1/enrol`: a one-time code for a device's token.
    func enrol(_ request: Request, from address: String?) async throws -> Response {
        let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == ExchangeFormat.jsonMediaType else {
            throw RefusedRequest.unsupported(
                "the request's Content-Type is none of this server's", advice: ExchangeFormat.jsonMediaType)
        }
        let message = try EnrolCodec.decode(
            request: await request.collect(upTo: EnrolCodec.bodyBytes))
        let reply = try await attempt(message, from: address)
        counters.count { $0.enrolled += 1 }
        log.info("enrolled", metadata: ["device": "\(reply.device)", "role": "\(reply.role)"])
        return Answer.make(type: ExchangeFormat.jsonMediaType, bytes: try EnrolCodec.encode(reply))
    }

    private func attempt(_ message: EnrolRequest, from address: String?) async throws -> EnrolReply {
        let bucket = WrongCodes.bucket(of: address)
        let taken = world.elapsed()
        if let seconds = wrongCodes.withLock({ $0.take(bucket, now: taken) }) {
            throw RefusedRequest.tooMany(seconds: seconds)
        }
        var wasWrong = false
        defer { if !wasWrong { wrongCodes.withLock { $0.giveBack(bucket, takenAt: taken) } } }
        do {
            return try await writes.run { [world] store in
                var dice = world.generator
                return try store.enrol(message, now: world.now(), using: &dice)
            }
        } catch let error as SyncError {
            wasWrong = error.code == .badCode
            throw error
        }
    }
}
