import SyncModel
import SyncReplica
import SyncTransport

/// What `enroll --again` does.
extension Enroll {
    /// Connects the laptop that is here once more, with everything that was recorded on it. A server that knows it has
    /// only moved.
    func enrolledAgain(at desk: Desk) throws -> (Replica, Enrolment) {
        let replica = try desk.replica()
        var known = try desk.enrolment()
        known.server = server
        known.caFile = try caFile.map { try Self.readable($0) }
        known.allowPlainHTTP = plainHTTP
        let (address, token) = (known, known.token)
        func link(_ token: String) throws -> any ServerLink {
            try desk.world.link(
                HTTPPeer.Options(
                    server: server, caFile: address.caFile, allowPlainHTTP: plainHTTP, token: token))
        }
        let before = try link(token)
        let enrolment: Enrolment
        do {
            if try Waiting.on({ try await replica.move(to: address, unlessUnknownTo: before) }) {
                try desk.adopt(replica)
                return (replica, address)
            }
            enrolment = try self.enrolment(by: before, address.caFile, again: address)
        } catch let error as SyncError {
            throw SyncWords.before(error)
        }
        let after = try link(enrolment.token)
        do {
            try Waiting.on { try await replica.enrolAgain(enrolment, with: after) }
        } catch let error as SyncError {
            throw SyncWords.codeUsed(error, for: enrolment.device)
        }
        try desk.adopt(replica)
        return (replica, enrolment)
    }
}

extension SyncWords {
    /// A failure before this laptop was given anything.
    fileprivate static func before(_ error: SyncError) -> SyncError {
        var error = error
        switch error.code {
        case .retired, .alreadyEnrolled: break
        case .notPermitted: error.means = "nothing was changed, and the code can still be used"
        case .offline:
            error.means = "nothing was changed, and no code was used"
            error.advice = "run it again when there is a network"
        default: error.means = "everything that is on this laptop is kept, and it is as it was"
        }
        return error
    }

    /// A failure after the code was used: what was given for it is lost.
    fileprivate static func codeUsed(_ error: SyncError, for device: String) -> SyncError {
        // These say so themselves.
        if error.code == .notPermitted || error.code == .alreadyEnrolled { return error }
        var error = error
        error.means = "everything that is on this laptop is as it was; the code was used, for \(device)"
        error.advice =
            (error.advice.isEmpty ? "" : error.advice + "; then ")
            + "ask for a new code and for \(device) to be retired, and run `porchlight enroll --again` once more"
        return error
    }
}
