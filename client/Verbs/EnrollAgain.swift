import SyncModel
import SyncReplica
import SyncTransport

/// What `enroll --again` does.
extension Enroll {
    /// Enrols the laptop that is here once more, with everything that was recorded on it.
    func enrolledAgain(at desk: Desk) throws -> (Replica, Enrolment) {
        let replica = try desk.replica()
        let token = try desk.enrolment().token
        let caFile = try caFile.map { try Self.readable($0) }
        var options = HTTPPeer.Options(
            server: server, caFile: caFile, allowPlainHTTP: plainHTTP, token: token)
        let before = try desk.world.link(options)
        try Waiting.on { try await replica.refuseEnrollingAgain(unlessUnknownTo: before) }
        let enrolment = try enrolment(by: before, caFile)
        options.token = enrolment.token
        let after = try desk.world.link(options)
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
    /// A failure after the code was used: what was given for it is lost.
    fileprivate static func codeUsed(_ error: SyncError, for device: String) -> SyncError {
        // These say so themselves.
        if error.code == .notPermitted || error.code == .alreadyEnrolled { return error }
        var error = error
        error.means = "everything that is on this laptop is as it was; the code was used, for \(device)"
        error.advice =
            (error.advice.isEmpty ? "" : error.advice + "; then ")
            + "ask for a new code and for \(device) to be retired"
        return error
    }
}
