import GRDB
import SyncModel

extension Replica {
    /// Applies one answer, whole or not at all.
    func apply(
        _ reply: ExchangeReply, of round: SyncRound, lease token: [UInt8], to report: inout SyncReport
    ) throws -> SyncStep {
        var done = report
        let result = try write { db, meta -> Result<SyncStep, SyncError> in
            try Lease.keep(db, token: token, surroundings)
            let hello = round.request.hello
            guard meta.cursor == hello.cursor, meta.epoch == hello.epoch, meta.heard == hello.heard
            else { throw Failures.syncing }
            switch reply.welcome.verdict {
            case .upgrade(let versions): return .failure(upgrade(versions))
            case .sealed: return .success(try handIn(db, meta, round, reply))
            default: break
            }
            if meta.epoch != 0, reply.welcome.epoch != meta.epoch {
                done.healed = true
                // What others wrote is not a retired laptop's to bring back: nobody would believe it.
                if !meta.isSealed { try beginRecall(db, meta) }
                return .success(try beginHealing(db, meta, epoch: reply.welcome.epoch, marks: reply.marks))
            }
            if round.purpose == .healing { return .success(try healed(db, reply, round)) }
            guard try Log.current(db).place == round.head.place else { throw Failures.syncing }
            switch reply.welcome.verdict {
            case .reidentify(let agreed):
                done.reidentified = true
                return .success(try reidentify(db, agreed: agreed))
            case .rewind(let expected): return .success(try rewind(db, to: expected))
            default:
                if round.purpose == .recall { return .success(try recalled(db, meta, reply, round)) }
                return .success(try applyPage(db, meta, reply, round, token, &done))
            }
        }
        report = done
        return try result.get()
    }

    func upgrade(_ versions: ClosedRange<UInt32>) -> SyncError {
        SyncError(
            .upgrade, "the server speaks another version of the protocol (\(versions.upperBound))",
            means: "nothing was sent; all work is kept here",
            advice: versions.lowerBound > protocolVersion
                ? "install the newer Porchlight on this laptop"
                : "ask for the server to be brought up to date")
    }

    /// The server retired this device. It shows its records no more, and hands in what it has: what was never sent,
    /// and what a restored server may have lost. It receives nothing. An administrator decides about what came too late.
    private func handIn(
        _ db: Database, _ meta: Meta, _ round: SyncRound, _ reply: ExchangeReply
    ) throws -> SyncStep {
        if !meta.isSealed { try EventLog.note(db, .sealed, at: surroundings.clock().wallMicroseconds) }
        try SQL(db, "UPDATE sync_meta SET sealed = 1, recall = ? WHERE id = 1")
            .run(.integer(Meta.Recall.done.rawValue))
        try noteSuccess(db, meta)
        if round.purpose == .healing { return try healed(db, reply, round) }
        guard round.purpose == .news else { return SyncStep(movedOn: true, toSend: 1) }
        var head = try Log.current(db)
        guard head.place == round.head.place else { throw Failures.syncing }
        let before = head.acknowledged
        head.acknowledged = max(before, min(reply.welcome.taken, round.last))
        try Log.save(db, head)
        return SyncStep(
            isDone: head.acknowledged >= head.newest, movedOn: head.acknowledged > before,
            toSend: Int(clamping: head.newest - min(head.newest, head.acknowledged)))
    }

    /// An answer that went through: what became of changes, then the page, then the cursor.
    private func applyPage(
        _ db: Database, _ meta: Meta, _ reply: ExchangeReply, _ round: SyncRound, _ token: [UInt8],
        _ report: inout SyncReport
    ) throws -> SyncStep {
        let welcome = reply.welcome
        var head = try Log.current(db)
        let before = head.acknowledged
        head.acknowledged = min(welcome.taken, round.last)
        if head.acknowledged != before { try Log.save(db, head) }
        let page = try PageWriter(db, domain.schema)
        if welcome.keys != meta.keys { try page.drop(exceptUnder: welcome.keys) }
        try page.dispose(reply.dispositions, heads: try Log.heads(db), &report)
        try surroundings.reached(.disposed)
        for record in reply.records { try page.put(record) }
        for record in reply.leaves { try page.leave(record) }
        try page.finish()
        try noteHeld(db, round.request)
        let skew = Judgement.skew(serverNow: welcome.serverMicroseconds, opening: round.request.hello.clock)
        let step = SyncStep(
            isDone: !reply.end.more && head.acknowledged >= head.newest,
            movedOn: head.acknowledged > before || reply.end.cursor != meta.cursor
                || reply.end.heard != meta.heard,
            toSend: Int(clamping: head.newest - min(head.newest, head.acknowledged)))
        try SQL(
            db,
            """
            UPDATE sync_meta SET epoch = ?, cursor = ?, heard = ?, keys = ?, skew = ?, synced = ifnull(?, synced)
            WHERE id = 1
            """
        ).run(
            .word(welcome.epoch), .blob(reply.end.cursor), .word(reply.end.heard),
            .text(welcome.keys.joined(separator: "\n")), .integer(skew),
            step.isDone ? .integer(surroundings.clock().wallMicroseconds) : .null)
        try noteSuccess(db, meta)
        if step.isDone { try Lease.drop(db, token: token) }
        try surroundings.reached(.pageWritten)
        report.sent += Int(clamping: head.acknowledged - min(before, head.acknowledged))
        report.received += reply.records.count { $0.body != .own }
        report.left += reply.leaves.count
        report.skewMicroseconds = skew
        return step
    }

    /// An exchange went through: the next may carry more, and what failed before is over.
    func noteSuccess(_ db: Database, _ meta: Meta) throws {
        let batch = min(max(meta.batch, 1) * 2, Limits.changesPerExchange)
        try SQL(
            db,
            """
            UPDATE sync_meta SET batch = ?, failures = 0, failed = NULL, failure_code = NULL, failure_what = NULL,
                failure_means = NULL, failure_advice = NULL
            WHERE id = 1
            """
        ).run(.integer(Int64(batch)))
    }

    /// Sends again from a number on: the server lost some, or the logs must be compared further back.
    private func rewind(_ db: Database, to expected: UInt64) throws -> SyncStep {
        var head = try Log.current(db)
        guard expected >= 1, expected <= head.newest + 1 else {
            throw SyncError(
                .malformed, "the server expects a change that was never written",
                means: "nothing is lost; unsent work is kept", advice: "run `porchlight doctor`")
        }
        head.acknowledged = expected - 1
        try Log.save(db, head)
        return SyncStep(isSetBack: true, toSend: Int(clamping: head.newest - head.acknowledged))
    }
}
