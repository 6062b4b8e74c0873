public import SyncModel

extension Replica {
    /// Sends what waits and fetches what is new, exchange by exchange, until there is nothing left of either.
    ///
    /// No transaction is open while the peer is awaited, so people and other processes go on recording. A sync
    /// that is broken off anywhere resumes where the last applied answer left it.
    ///
    /// - Parameters:
    ///   - peer: the server, or what leads to it.
    ///   - options: page sizes, progress, and whether to wait for news.
    /// - Returns: what was done.
    /// - Throws: ``SyncError``; `CancellationError` when the task was cancelled. All unsent work is kept.
    public func sync(
        with peer: any ExchangePeer, options: SyncOptions = SyncOptions()
    ) async throws -> SyncReport {
        let token = surroundings.octets(16)
        var report = SyncReport()
        var idle = 0
        var (rewinds, begun) = (0, 0)
        do {
            while true {
                try Task.checkCancellation()
                let round = try open(options, lease: token)
                try surroundings.reached(.offered)
                // Before anything leaves: what is put back later is behind this.
                if round.fitsBeside { try settleBeside() }
                let reply = try await answer(of: peer, to: round)
                try surroundings.reached(.answered)
                report.exchanges += 1
                let step = try apply(reply, of: round, lease: token, to: &report)
                try surroundings.reached(.pageCommitted)
                if report.reidentified || report.healed { try settleBeside() }
                options.progress?(progress(report, step, reply))
                if reply.welcome.verdict == .sealed {
                    if step.isDone { throw Failures.handedIn }
                    if !step.movedOn { throw Failures.sealed }
                }
                if step.isDone { return report }
                idle = step.movedOn ? 0 : idle + 1
                if step.isSetBack { rewinds += 1 }
                if step.hasBegun { begun += 1 }
                if idle > Self.idleRounds || rewinds > Self.rewinds { throw goesInCircles }
                if begun > Self.beginnings { throw beginsAnew }
            }
        } catch {
            try? write { db, _ in try Lease.drop(db, token: token) }
            throw error
        }
    }

    /// Rounds without any progress after which a server is taken to be broken. Finding the place where two
    /// logs agree takes one for every halving of a log's length.
    private static let idleRounds = 80
    /// How often a server may ask for something it was sent before, in one sync. An honest one halves the log's
    /// length each time, and begins a new epoch now and then; a broken one would go on for ever, since what is
    /// sent once more looks like progress.
    private static let rewinds = 200

    /// How often a server may say in one sync that it was restored. One that was has one epoch for all that follows;
    /// one whose counters do not agree with its log finds at every page that it has gone back.
    private static let beginnings = 8

    private var beginsAnew: SyncError {
        SyncError(
            .malformed,
            "the server says at every answer that it has been restored; its database may be damaged",
            means: "nothing is lost: all work is kept here, and is offered again at the next sync",
            advice: "tell whoever looks after the server: `porchlightd verify` says what is wrong with it, "
                + "and `porchlightd restore` puts a verified backup in its place")
    }

    private var goesInCircles: SyncError {
        SyncError(
            .malformed, "the server asks for the same thing again and again",
            means: "nothing is lost; unsent work is kept", advice: "report this to your administrator")
    }

    private func answer(of peer: any ExchangePeer, to round: SyncRound) async throws -> ExchangeReply {
        do {
            return try await peer.exchange(round.request)
        } catch let error as SyncError {
            try noteFailure(error, of: round)
            throw error
        }
    }

    /// Remembers a failure, and makes the next batch smaller if a smaller one might have got through.
    ///
    /// Where no connection came about nothing has left this laptop, and what had not left before can still be taken
    /// back.
    private func noteFailure(_ error: SyncError, of round: SyncRound) throws {
        let mayBeSize: Set<SyncError.Code> = [.stalled, .cutShort, .tooLarge, .serverFault, .malformed]
        let now = surroundings.clock().wallMicroseconds
        try write { db, meta in
            if error.code == .offline {
                try SQL(db, "UPDATE sync_incarnation SET offered = ? WHERE place = ? AND offered = ?")
                    .run(.word(round.offeredBefore), .integer(round.head.place), .word(round.head.offered))
                try Withdrawals.untell(db, round.toldFirst)
            }
            let batch = mayBeSize.contains(error.code) ? max(1, tried(by: round, meta) / 2) : meta.batch
            try SQL(
                db,
                """
                UPDATE sync_meta SET batch = ?, failures = failures + 1, failed = ?, failure_code = ?,
                    failure_what = ?, failure_means = ?, failure_advice = ? WHERE id = 1
                """
            ).run(
                .integer(Int64(batch)), .integer(now), .text(error.code.rawValue), .text(error.what),
                .text(error.means), .text(error.advice))
        }
    }

    /// How much an exchange tried to carry: the changes it held. When it held hardly any, it was its page that was
    /// too large, if anything was; how large that would have been nobody knows here.
    private func tried(by round: SyncRound, _ meta: Meta) -> Int {
        let changes = round.request.changes.count
        return changes > Self.handful ? min(changes, meta.batch) : meta.batch
    }

    /// So many changes get through wherever anything does, count: 16 of them are a packet or two.
    private static let handful = 16

    private func progress(_ report: SyncReport, _ step: SyncStep, _ reply: ExchangeReply) -> SyncProgress {
        SyncProgress(
            sent: report.sent, toSend: step.toSend, received: report.received,
            remaining: Int(clamping: reply.end.remaining), exchanges: report.exchanges)
    }
}

/// What applying one answer came to.
struct SyncStep {
    /// Nothing is left to send, to fetch, or to heal.
    var isDone = false
    /// Something came or went.
    var movedOn = false
    /// The server asked to begin again further back.
    var isSetBack = false
    /// The server was restored, and what it had acknowledged is offered again from the beginning.
    var hasBegun = false
    /// Changes that are still to be sent.
    var toSend = 0
}
