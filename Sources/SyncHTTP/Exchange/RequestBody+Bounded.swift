import Hummingbird
import NIOCore

extension Request {
    /// The whole body, counted while it comes in: what is larger than `limit` is refused at the byte that
    /// passes it, and at once if the client says so beforehand.
    func collect(upTo limit: Int) async throws -> [UInt8] {
        let declared = headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > limit { throw RefusedRequest.tooLarge }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(declared ?? 0)
        do {
            for try await buffer in body {
                guard bytes.count + buffer.readableBytes <= limit else { throw RefusedRequest.tooLarge }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch let error as RefusedRequest {
            throw error
        } catch {
            // The connection ended, or what came was no HTTP any more.
            throw RefusedRequest.cutShort
        }
        if let declared, bytes.count < declared { throw RefusedRequest.cutShort }
        return bytes
    }
}
