import Foundation
import Synchronization
import SyncModel
import SyncTransport
import SyncWire
import Testing

/// Every peer in these tests is made by this function, so all of them run under a proxy setting that leads
/// nowhere: none of them could work if a server on this computer were not reached directly.
func peer(
    _ url: String, token: String? = "T0ken", caFile: String? = nil,
    _ adjust: (inout HTTPPeer.Options) -> Void = { _ in }
) throws -> HTTPPeer {
    _ = deadProxy
    var options = HTTPPeer.Options(server: url, caFile: caFile, allowPlainHTTP: true, token: token)
    adjust(&options)
    return try HTTPPeer(options)
}

/// Set once, before the first transfer reads it.
private let deadProxy: Void = {
    setenv("http_proxy", "http://127.0.0.1:1", 1)
    setenv("https_proxy", "http://127.0.0.1:1", 1)
}()

/// The error that `work` ends with.
func failure(_ work: () async throws -> Void) async throws -> SyncError {
    do {
        try await work()
    } catch let error as SyncError {
        return error
    }
    struct NothingThrown: Error {}
    throw NothingThrown()
}

let binary = ExchangeFormat.binary.mediaType
let json = ExchangeFormat.jsonMediaType

func request(changes: [[UInt8]] = [], waitSeconds: UInt32 = 0) -> ExchangeRequest {
    ExchangeRequest(
        hello: Hello(
            protocols: 1...1, incarnation: Incarnation(high: 1, low: 2), newest: UInt64(changes.count),
            newestHash: .zero, firstUnsent: 1, hashBefore: .zero, epoch: 0, cursor: [], heard: 0, schema: 1,
            clock: ClockReading(wallMicroseconds: 1, boot: Identifier(high: 3, low: 4), bootMicroseconds: 5),
            pageRecords: 100, waitSeconds: waitSeconds),
        changes: changes)
}

func reply(leaves: Int = 0) -> ExchangeReply {
    ExchangeReply(
        welcome: Welcome(verdict: .ok, serverMicroseconds: 7, epoch: 1, taken: 0, keys: ["all"]),
        leaves: (0..<leaves).map { Identifier(high: 9, low: UInt64($0)) },
        end: End(cursor: [1, 2, 3], more: false, remaining: 0, heard: 0))
}

func encoded(_ reply: ExchangeReply) -> [UInt8] { (try? ExchangeCodec.encode(reply)) ?? [] }

extension RawConnection {
    /// Answers with a good reply.
    func welcome(_ headers: [String] = []) { answer(type: binary, headers: headers, encoded(reply())) }

    /// Answers with an error body of ours.
    func refuse(_ status: String, _ error: SyncError, _ headers: [String] = []) {
        answer(status, type: json, headers: headers, (try? ErrorBodyCodec.encode(error)) ?? [])
    }
}

/// Told by a server's thread, awaited by a test.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send() { continuation.yield() }

    /// Returns after `count` signals.
    func wait(_ count: Int) async {
        var seen = 0
        for await _ in stream {
            seen += 1
            if seen == count { return }
        }
    }
}

/// A value that a server's thread writes and a test reads.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    var current: Value { value.withLock { $0 } }

    func update(_ change: (inout Value) -> Void) { value.withLock { change(&$0) } }
}
