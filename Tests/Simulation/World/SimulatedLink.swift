import SyncModel
import SyncWire

/// What somebody else does on the laptop while one of its processes waits for the server.
///
/// A run is one task: the closure is called inside the call that made it, and nothing is touched twice at once.
struct Interlude: @unchecked Sendable {
    /// Where an exchange stands when somebody else acts.
    enum Moment {
        /// The laptop has noted what it sends, and nothing has left.
        case sending
        /// The server has answered, and the answer is on its way.
        case answered
    }

    let play: (Moment) async throws -> Void
}

/// The way from a laptop to the server, with everything that befalls it. What passes is real bytes.
struct SimulatedLink: ExchangePeer {
    let office: Office
    let device: String
    let token: String
    let dice: Dice
    let odds: LinkOdds
    let tally: Tally
    var saboteur: Saboteur?
    var interlude: Interlude?

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        try await interlude?.play(.sending)
        office.time.pass(seconds: dice.below(5))
        let format: ExchangeFormat = dice.chance(0.1) ? .jsonLines : .binary
        let isPacked = dice.chance(0.2)
        let body = try Self.packed(isPacked) { () throws(WireError) in
            try ExchangeCodec.encode(request, as: format)
        }
        try interrupt(body, isPacked, format, of: request)
        if befalls(odds.overtaken, "old request first") { _ = office.deliverAgain(dice) }
        let arrived = try Self.translated { () throws(WireError) in
            try ExchangeCodec.decode(request: Self.unpacked(body, isPacked), as: format)
        }
        var reply = try office.answer(saboteur?.muted(arrived) ?? arrived, token: token)
        if befalls(odds.repeated, "request twice") {
            let second = try office.answer(saboteur?.repeated(arrived) ?? arrived, token: token)
            if dice.chance(0.5), saboteur == nil { reply = second }
        }
        if let plain = saboteur?.blinded(arrived, reply) {
            reply = try office.answer(plain, token: token)
            reply.welcome.taken = arrived.hello.firstUnsent - 1 + UInt64(arrived.changes.count)
        }
        try await interlude?.play(.answered)
        reply = saboteur?.altered(reply, to: arrived) ?? reply
        let answer = try Self.packed(isPacked) { () throws(WireError) in
            try ExchangeCodec.encode(reply, as: format)
        }
        let octets = saboteur?.garbled(answer) ?? answer
        office.time.pass(seconds: dice.below(5))
        let isStuck = saboteur?.isStuck(arrived) ?? false
        if befalls(odds.answerLost, "answer lost") || isStuck {
            throw SyncError(.stalled, "the answer was lost")
        }
        if befalls(odds.answerCut, "answer cut") {
            let part = Array(answer.prefix(dice.below(answer.count)))
            let read = try? ExchangeCodec.decode(reply: Self.unpacked(part, isPacked), as: format)
            // A line's end may be missing, and nothing with it.
            if let read, read != reply {
                throw SyncError(.internalFault, "half an answer was read as a whole one")
            }
            throw SyncError(.cutShort, "the answer was cut")
        }
        return try Self.translated { () throws(WireError) in
            try ExchangeCodec.decode(reply: Self.unpacked(octets, isPacked), as: format)
        }
    }

    /// What may happen to a request on its way, so that it does not arrive, or not now.
    private func interrupt(
        _ body: [UInt8], _ isPacked: Bool, _ format: ExchangeFormat, of request: ExchangeRequest
    ) throws {
        if befalls(odds.requestLost, "request lost") { throw SyncError(.offline, "the request was lost") }
        if befalls(odds.heldUp, "request held up") {
            office.hold(request, token: token)
            throw SyncError(.stalled, "the request was held up")
        }
        guard befalls(odds.requestCut, "request cut") else { return }
        let part = Array(body.prefix(dice.below(body.count)))
        let read = try? ExchangeCodec.decode(request: Self.unpacked(part, isPacked), as: format)
        if let read, read != request {
            throw SyncError(.internalFault, "half a request was read as a whole one")
        }
        throw SyncError(.cutShort, "the request was cut")
    }

    private func befalls(_ odds: Double, _ what: String) -> Bool {
        guard odds > 0, dice.chance(odds) else { return false }
        tally.note(what)
        return true
    }

    private static func packed(
        _ isPacked: Bool, _ body: () throws(WireError) -> [UInt8]
    ) throws -> [UInt8] {
        try translated { () throws(WireError) in
            let plain = try body()
            return isPacked ? try Compression.compress(plain) : plain
        }
    }

    private static func unpacked(_ body: [UInt8], _ isPacked: Bool) throws(WireError) -> [UInt8] {
        isPacked ? try Compression.decompress(body, limit: Limits.answerBytes) : body
    }

    /// Bytes that do not survive the way are a defect, not a fault.
    private static func translated<Result>(_ body: () throws(WireError) -> Result) throws -> Result {
        do { return try body() } catch {
            throw SyncError(.internalFault, "what was encoded could not be read: \(error)")
        }
    }
}
