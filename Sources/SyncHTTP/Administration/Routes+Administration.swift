import Hummingbird
import Logging
import SyncModel
import SyncStore
import SyncWire

extension Routes {
    /// `POST /v1/verify`: whether a device holds what it should.
    func verify(_ request: Request) async throws -> Response {
        let opened = try await open(request)
        let message = try VerifyCodec.decode(request: opened.body, as: opened.forms.request)
        let reply = try await comparisons.run { [world] store in
            try store.compare(message, from: opened.device, now: world.now())
        }
        log.info(
            "verify",
            metadata: [
                "device": "\(opened.device.device)", "finding": "\(reply.name)",
                "received": "\(opened.received)",
            ])
        return try answer(VerifyCodec.encode(reply, as: opened.forms.answer), opened.forms)
    }

    /// `POST /v1/quarantine`: what an administrator asks or decides from their laptop.
    func quarantine(_ request: Request) async throws -> Response {
        let opened = try await open(request)
        let message = try QuarantineCodec.decode(request: opened.body, as: opened.forms.request)
        let outcome = try await writes.run { [world] store in
            var dice = world.generator
            return try store.quarantine(message, from: opened.device, now: world.now(), using: &dice)
        }
        held.touch(outcome.touched)
        log.info(
            "quarantine", metadata: ["device": "\(opened.device.device)", "question": "\(message.name)"])
        return try answer(QuarantineCodec.encode(outcome.reply, as: opened.forms.answer), opened.forms)
    }

    private func answer(_ plain: [UInt8], _ forms: ExchangeForms) throws -> Response {
        let (bytes, encoding) = try forms.answer(plain)
        return Answer.make(type: forms.answer.mediaType, encoding: encoding, bytes: bytes)
    }
}

extension VerifyReply {
    /// The word for the log.
    fileprivate var name: String {
        switch self {
        case .behind: "behind"
        case .differing(let buckets): buckets.isEmpty ? "equal" : "differs"
        case .found(let findings): findings.count == 0 ? "equal" : "differs"
        }
    }
}

extension QuarantineRequest {
    /// The word for the log.
    fileprivate var name: String {
        switch self {
        case .list: "list"
        case .show: "show"
        case .release: "release"
        case .discard: "discard"
        case .closed: "closed"
        }
    }
}
