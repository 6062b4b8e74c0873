import GRDB
public import SyncModel

/// A laptop whose server was restored without the journal of tokens: the server knows neither its token nor
/// anything that it ever sent. It is enrolled once more, under a new token and a new code, and brings everything
/// that it holds.
extension Replica {
    /// Takes another address of the server's, if the server there knows this laptop: then it needs no code, and nothing
    /// else changes. Where its token is unknown it has to be enrolled again.
    ///
    /// - Parameters:
    ///   - address: what this laptop is, with the address that it is to have; of nothing else of it is taken anything.
    ///   - peer: the server there, spoken to with the token that this laptop has.
    /// - Returns: whether the laptop is known there, and has the address now.
    /// - Throws: ``SyncError`` when the server knows the laptop by the address that it has: `retired` for one that was
    ///   retired, `alreadyEnrolled` otherwise; as the way there does. Then nothing was changed.
    public func move(to address: Enrolment, unlessUnknownTo peer: any ExchangePeer) async throws -> Bool {
        let (asked, token) = try read { db, meta in
            (question(about: try Log.current(db), meta), meta.enrolment.token)
        }
        let verdict: Welcome.Verdict
        do {
            verdict = try await peer.exchange(asked).welcome.verdict
        } catch let error as SyncError where error.code == .unauthorized {
            return false
        }
        try write { db, meta in
            // It was enrolled again meanwhile: that is another laptop to the server.
            guard meta.enrolment.token == token else { throw Failures.syncing }
            var moved = meta.enrolment
            moved.server = address.server
            moved.caFile = address.caFile
            moved.allowPlainHTTP = address.allowPlainHTTP
            guard moved != meta.enrolment else {
                throw verdict == .sealed ? Failures.sealedForGood : Failures.knownToServer
            }
            try Meta.update(db, moved)
        }
        return true
    }

    /// Takes what enrolling anew has given. Everything that was recorded here is kept: what the server had
    /// acknowledged is offered under its old numbers and what it had not is issued anew, as after every restore.
    ///
    /// The server may have some of it under another name of this owner's: that of a copy of this file, or the one that
    /// this laptop had before, come back with a backup. It says up to where, and the rest is issued anew. A laptop that
    /// was retired stays so, and says it: what it brings goes to quarantine.
    ///
    /// - Parameters:
    ///   - enrolment: what the server has given for the code.
    ///   - peer: the server, spoken to with the new token.
    /// - Throws: ``SyncError`` `notPermitted` for another person or another agency, `alreadyEnrolled` when the
    ///   server holds a log of this laptop as somebody else's, `syncing`; as the way there does. Then nothing was
    ///   changed here.
    public func enrolAgain(_ enrolment: Enrolment, with peer: any ExchangePeer) async throws {
        let (heads, meta) = try read { db, meta in
            try Self.refuseOthers(meta.enrolment, enrolment)
            return (try Log.heads(db), meta)
        }
        var epoch: UInt64 = 0
        for head in heads {
            let welcome = try await peer.exchange(question(about: head, meta)).welcome
            switch welcome.verdict {
            case .ok, .sealed, .rewind: break
            case .upgrade(let versions): throw upgrade(versions)
            // Where nothing was written there is nothing to lose.
            case .reidentify where head.newest == 0: break
            case .reidentify: throw Failures.logIsThere(enrolment.device)
            }
            epoch = welcome.epoch
        }
        let token = surroundings.octets(16)
        try write { db, meta in
            guard try Log.heads(db).allSatisfy({ head in heads.contains { $0.id == head.id } }) else {
                throw Failures.syncing
            }
            try Lease.take(db, token: token, surroundings)
            try Meta.update(db, enrolment)
            try noteSuccess(db, meta)
            // Before its first exchange it has given nothing away, and the server has nothing to get back.
            if meta.epoch != 0 {
                if !meta.isSealed { try beginRecall(db, meta) }
                _ = try beginHealing(db, meta, epoch: epoch, marks: [])
            }
            try Lease.drop(db, token: token)
        }
        try settleBeside()
    }

    private static func refuseOthers(_ old: Enrolment, _ new: Enrolment) throws {
        guard old.staff == new.staff, old.agency == new.agency, old.timeZone == new.timeZone else {
            throw SyncError(
                .notPermitted,
                old.agency == new.agency && old.timeZone == new.timeZone
                    ? "the code is for \(new.staff), and this laptop is \(old.staff)'s"
                    : "the code is another agency's, \(new.agency), and this laptop is one of "
                        + "\(old.agency)",
                means:
                    "the records were left as they were; the code was used, for \(new.device) of \(new.agency), which "
                    + "is no laptop",
                advice:
                    "ask at \(new.agency) for its \(new.device), which is not this laptop, to be retired, and for a "
                    + "code for \(old.staff) of \(old.agency); or choose another place for a new laptop with --replica"
            )
        }
    }

    /// Whether the server has anything of a log: `ok` if not, `rewind` to its beginning if it stands under another of this
    /// owner's devices. It carries no change, and asks for no record.
    private func question(about head: LogHead, _ meta: Meta) -> ExchangeRequest {
        ExchangeRequest(
            hello: Hello(
                protocols: protocolVersion...protocolVersion, incarnation: head.id, newest: head.newest,
                newestHash: head.hash, firstUnsent: 1, hashBefore: .zero, epoch: 0, cursor: [], heard: 0,
                schema: domain.schema.version, clock: surroundings.clock(), pageRecords: 0,
                isSealed: meta.isSealed),
            changes: [])
    }
}
