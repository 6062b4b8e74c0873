import SyncModel
import SyncWire

/// The way from a laptop to the server, with everything that befalls it. What passes is real bytes.
struct SimulatedLink: ExchangePeer {
    let office: Office
    let token: String
    let dice: Dice
    let odds: LinkOdds

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        office.time.pass(seconds: dice.below(5))
        let format: ExchangeFormat = dice.chance(0.1) ? .jsonLines : .binary
        let body = try Self.translated { () throws(WireError) in try ExchangeCodec.encode(request, as: format)
        }
        if dice.chance(odds.requestLost) { throw SyncError(.offline, "the request was lost") }
        if dice.chance(odds.requestCut) {
            let part = Array(body.prefix(dice.below(body.count)))
            if (try? ExchangeCodec.decode(request: part, as: format)) != nil {
                throw SyncError(.internalFault, "half a request was read as a whole one")
            }
            throw SyncError(.cutShort, "the request was cut")
        }
        if dice.chance(odds.overtaken) { _ = office.deliverAgain(dice) }
        let arrived = try Self.translated { () throws(WireError) in
            try ExchangeCodec.decode(request: body, as: format)
        }
        var reply = try office.answer(arrived, token: token)
        if dice.chance(odds.repeated) {
            let second = try office.answer(arrived, token: token)
            if dice.chance(0.5) { reply = second }
        }
        let answer = try Self.translated { () throws(WireError) in try ExchangeCodec.encode(reply, as: format)
        }
        office.time.pass(seconds: dice.below(5))
        if dice.chance(odds.answerLost) { throw SyncError(.stalled, "the answer was lost") }
        if dice.chance(odds.answerCut) {
            let part = Array(answer.prefix(dice.below(answer.count)))
            if (try? ExchangeCodec.decode(reply: part, as: format)) != nil {
                throw SyncError(.internalFault, "half an answer was read as a whole one")
            }
            throw SyncError(.cutShort, "the answer was cut")
        }
        return try Self.translated { () throws(WireError) in
            try ExchangeCodec.decode(reply: answer, as: format)
        }
    }

    /// Bytes that do not survive the way are a defect, not a fault.
    private static func translated<Result>(_ body: () throws(WireError) -> Result) throws -> Result {
        do { return try body() } catch {
            throw SyncError(.internalFault, "what was encoded could not be read: \(error)")
        }
    }
}
