import Hummingbird
import Logging
import SyncModel
import SyncStore
import SyncWire

extension Routes {
    /// `POST /v1/exchange`: a whole round.
    func exchange(_ request: Request) async throws -> Response {
        let arrived = world.elapsed()
        let opened = try await open(request)
        let message = try ExchangeCodec.decode(request: opened.body, as: opened.forms.request)
        let answered = try await answer(message, token: opened.token, arrived: arrived)
        let reply = try ExchangeCodec.encode(answered.outcome.reply, as: opened.forms.answer)
        let (bytes, encoding) = try opened.forms.answer(reply)
        note(message.hello, answered, received: opened.received, sent: bytes.count)
        return Answer.make(type: opened.forms.answer.mediaType, encoding: encoding, bytes: bytes)
    }

    /// A request of a device that the server knows, its body read.
    struct Opened {
        let token: String
        let device: DeviceIdentity
        let forms: ExchangeForms
        /// The body, decompressed.
        let body: [UInt8]
        /// Bytes of it as they came.
        let received: Int
    }

    /// Reads a request of a device. Who may not speak here is not listened to.
    func open(_ request: Request) async throws -> Opened {
        let token = try Self.bearer(request.headers)
        let device = try await device(token: token)
        let forms = try ExchangeForms(request.headers)
        let body = try await request.collect(upTo: Limits.requestBytes)
        return Opened(
            token: token, device: device, forms: forms, body: try forms.plain(body), received: body.count)
    }

    /// The token a request carries.
    static func bearer(_ headers: HTTPFields) throws -> String {
        guard let field = headers[.authorization] else { throw RefusedRequest.unauthorized }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].isEmpty else {
            throw RefusedRequest.unauthorized
        }
        return String(parts[1])
    }

    private func device(token: String) async throws -> DeviceIdentity {
        // The store looks for the token's hash, so how long it takes says nothing about the token.
        guard let device = try await reads.run({ try $0.device(token: token) }) else {
            throw RefusedRequest.unauthorized
        }
        return device
    }
}

extension Routes {
    /// An exchange, done.
    struct Answered: Sendable {
        let device: DeviceIdentity
        let outcome: ExchangeOutcome
        /// Microseconds it took, without the time it was held.
        let worked: Int64
        /// Microseconds it was held.
        let held: Int64
    }

    /// Asks the store; while it has nothing to say, and the client wants to wait, waits and asks again.
    private func answer(_ message: ExchangeRequest, token: String, arrived: Int64) async throws -> Answered {
        let ticket = held.open()
        defer { held.close(ticket) }
        let patience = Int64(min(message.hello.waitSeconds, Limits.waitSeconds)) * 1_000_000
        var waited: Int64 = 0
        var isLast = patience == 0
        while true {
            // Again each time: a device may be retired while it waits.
            let device = try await device(token: token)
            let outcome = try await ask(message, from: device, arrived: arrived)
            isLast = isLast || Task.isCancelled || held.isStopping || waited >= patience
            guard !isLast, outcome.saidNothing, case .ok = outcome.reply.welcome.verdict else {
                let total = world.elapsed() - arrived
                return Answered(device: device, outcome: outcome, worked: total - waited, held: waited)
            }
            let start = world.elapsed()
            let wake = await held.wait(
                ticket, keys: outcome.subscribed, microseconds: patience - waited)
            waited += world.elapsed() - start
            // Even then the store is asked once more: the answer tells the time, and another process may
            // have changed something without touching anybody here.
            isLast = wake != .touched
        }
    }

    private func ask(
        _ message: ExchangeRequest, from device: DeviceIdentity, arrived: Int64
    ) async throws -> ExchangeOutcome {
        // Most rounds bring nothing, and only read: those need not queue behind somebody's thousand changes.
        let queue = message.changes.isEmpty && message.withdrawals.isEmpty ? reads : writes
        let outcome = try await queue.run { [world] store in
            // The device read its clocks when it began to send. What passed since, in the queue or on
            // hold, must not look like a clock that is slow.
            var message = message
            message.hello.clock = message.hello.clock.later(by: world.elapsed() - arrived)
            return try store.exchange(message, from: device, now: world.now())
        }
        held.touch(outcome.touched)
        return outcome
    }
}

extension ClockReading {
    /// What the same clocks say some microseconds later.
    func later(by microseconds: Int64) -> Self {
        Self(
            wallMicroseconds: wallMicroseconds.addingReportingOverflow(microseconds).partialValue,
            boot: boot,
            bootMicroseconds: bootMicroseconds.addingReportingOverflow(microseconds).partialValue)
    }
}
