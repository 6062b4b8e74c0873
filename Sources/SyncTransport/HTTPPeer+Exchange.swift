public import SyncModel
import SyncWire

extension HTTPPeer: ExchangePeer, VerifyPeer {
    /// Does one round.
    ///
    /// Cancelling the task ends the transfer within a second.
    ///
    /// - Throws: ``SyncError`` when no complete answer came; `CancellationError`.
    public nonisolated func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        try await cancellable { cancellation in try await self.exchange(request, cancellation) }
    }

    /// Trades a one-time code for a device's token.
    ///
    /// - Throws: ``SyncError`` when the server refused, or when no complete answer came; `CancellationError`.
    public nonisolated func enrol(_ request: EnrolRequest) async throws -> EnrolReply {
        do {
            return try await cancellable { cancellation in try await self.enrol(request, cancellation) }
        } catch let error as SyncError {
            throw error.whileEnrolling
        }
    }

    /// What was ever written into a record, a page at a time.
    ///
    /// - Throws: ``SyncError``: `unknown_record` for a record that this device does not receive, or as for any request
    ///   that gets no complete answer; `CancellationError`.
    public nonisolated func history(_ request: HistoryRequest) async throws -> HistoryPage {
        try await cancellable { cancellation in try await self.history(request, cancellation) }
    }

    private func history(_ request: HistoryRequest, _ cancellation: Cancellation) throws -> HistoryPage {
        let answer = try get(
            "/v1/history/\(request.record.text)?after=\(request.after)&limit=\(request.limit)",
            ExchangeFormat.binary.mediaType, cancellation)
        let page = try wire { () throws(WireError) in try HistoryCodec.decode(answer, as: .binary) }
        guard page.record == request.record else {
            throw SyncError(answer: .malformed("the history is another record's"))
        }
        return page
    }

    /// Where what stands in some records was written, and when it reached the server.
    ///
    /// - Parameter records: at most ``Limits/recordsPerOrigins``, and at least one.
    /// - Returns: one for each, in that order; empty for a record that this device does not receive.
    /// - Throws: ``SyncError`` as for any request that gets no complete answer; `CancellationError`.
    public nonisolated func origins(of records: [RecordID]) async throws -> [ConflictNotes] {
        try await cancellable { cancellation in
            let answer = try await self.get(
                "/v1/origins?records=\(records.map(\.text).joined(separator: ","))",
                ExchangeFormat.binary.mediaType, cancellation)
            return try wire { () throws(WireError) in
                try OriginsCodec.decode(answer, of: records.count, as: .binary)
            }
        }
    }

    /// Asks whether this device holds what it should.
    ///
    /// - Throws: ``SyncError`` when the server refused, or when no complete answer came; `CancellationError`.
    public nonisolated func verify(_ request: VerifyRequest) async throws -> VerifyReply {
        try await cancellable { cancellation in
            let answer = try await self.ask(
                "/v1/verify",
                try wire { () throws(WireError) in try VerifyCodec.encode(request, as: .binary) },
                mayReuseConnection: true, cancellation)
            return try wire { () throws(WireError) in
                try VerifyCodec.decode(reply: answer, to: request.question, as: .binary)
            }
        }
    }

    /// Asks about quarantine, or decides.
    ///
    /// - Throws: ``SyncError`` when the server refused, or when no complete answer came; `CancellationError`.
    public nonisolated func quarantine(_ request: QuarantineRequest) async throws -> QuarantineReply {
        try await cancellable { cancellation in
            let answer = try await self.ask(
                "/v1/quarantine",
                try wire { () throws(WireError) in try QuarantineCodec.encode(request, as: .binary) },
                // What was decided once cannot be decided again: a request that is sent twice by itself would end
                // in an error that says so.
                mayReuseConnection: false, cancellation)
            return try wire { () throws(WireError) in try QuarantineCodec.decode(reply: answer, as: .binary) }
        }
    }

    private func ask(
        _ path: String, _ body: [UInt8], mayReuseConnection: Bool, _ cancellation: Cancellation
    ) throws -> [UInt8] {
        try post(
            path, ExchangeFormat.binary.mediaType, body, mayReuseConnection: mayReuseConnection,
            cancellation)
    }

    private func exchange(_ request: ExchangeRequest, _ cancellation: Cancellation) throws -> ExchangeReply {
        let type = ExchangeFormat.binary.mediaType
        let answer = try post(
            "/v1/exchange", type,
            try wire { () throws(WireError) in try ExchangeCodec.encode(request, as: .binary) },
            waitSeconds: min(request.hello.waitSeconds, Limits.waitSeconds), cancellation)
        return try wire { () throws(WireError) in try ExchangeCodec.decode(reply: answer, as: .binary) }
    }

    private func enrol(_ request: EnrolRequest, _ cancellation: Cancellation) throws -> EnrolReply {
        let type = ExchangeFormat.jsonMediaType
        let answer = try post(
            "/v1/enrol", type, try wire { () throws(WireError) in try EnrolCodec.encode(request) },
            mayReuseConnection: false, cancellation)
        return try wire { () throws(WireError) in try EnrolCodec.decode(reply: answer) }
    }
}

/// Runs what may be cancelled from any thread while it holds its own.
private func cancellable<Result: Sendable>(
    _ work: @Sendable (Cancellation) async throws -> Result
) async throws -> Result {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
        try await work(cancellation)
    } onCancel: {
        cancellation.request()
    }
}

private func wire<Result>(_ work: () throws(WireError) -> Result) throws(SyncError) -> Result {
    do throws(WireError) {
        return try work()
    } catch {
        throw SyncError(answer: error)
    }
}
