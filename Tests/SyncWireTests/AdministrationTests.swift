import SyncModel
import SyncWire
import Testing

/// The messages of quarantine and of verification.
@Suite struct AdministrationTests {
    private static func identifier(_ low: UInt64) -> Identifier { Identifier(high: 3, low: low) }

    private static let change = QuarantinedChange(
        id: 12, together: 11, device: "LT-11", staff: "PS07", table: "check_in",
        refusal: Refusal(code: "retired", reason: "the laptop was retired"),
        receivedAt: 1_760_000_000_000_000,
        effective: EffectiveTime(microseconds: 1_759_000_000_000_000, isEstimated: true), needs: [7, 9])

    private static let closed = ClosedChange.Closing.allCases.map { closing in
        ClosedChange(
            id: 12, device: "LT-11", staff: "PS07", table: "check_in", record: identifier(5),
            refusal: closing == .withdrawn ? nil : change.refusal,
            decision: ClosedChange.Decision(
                closing: closing, by: "AD01", at: 1_760_000_000_000_000, reason: "agreed", entry: 57))
    }

    private static let content = QuarantinedContent(
        change: change, record: identifier(5), recordExists: true,
        registers: [
            QuarantinedContent.Register(
                write: RegisterWrite(
                    "note", [.text(""), .none, .integer(-3), .real(2.5), .reference(identifier(6))]),
                standing: [
                    QuarantinedContent.Standing(author: "PS09", values: [.text("x")], wasRead: true),
                    QuarantinedContent.Standing(author: "SV01", values: [], wasRead: false),
                ]),
            QuarantinedContent.Register(write: RegisterWrite("void", []), standing: []),
        ], group: [11, 12, 13],
        dependents: QuarantinedContent.Dependents(waiting: [14, 20], taken: 3), isAdrift: true)

    @Test(arguments: ExchangeFormat.allCases)
    func `what is asked and answered about quarantine comes back`(format: ExchangeFormat) throws {
        for request: QuarantineRequest in [
            .list(device: nil, after: 0), .list(device: "LT-11", after: 7), .show(12),
            .release([1, 2], reason: "agreed"), .discard([3], reason: "", alone: false),
            .discard([3], reason: "x", alone: true), .closed(after: 0, since: 0),
            .closed(after: 57, since: 1_760_000_000_000_000),
        ] {
            let bytes = try QuarantineCodec.encode(request, as: format)
            #expect(try QuarantineCodec.decode(request: bytes, as: format) == request)
        }
        for reply: QuarantineReply in [
            .list([], more: false), .list([Self.change], more: true), .content(Self.content),
            .decided([DecidedChange(id: 12, device: "LT-11", isConflict: true)]), .decided([]),
            .closed([], more: false), .closed(Self.closed, more: true),
        ] {
            let bytes = try QuarantineCodec.encode(reply, as: format)
            #expect(try QuarantineCodec.decode(reply: bytes, as: format) == reply)
        }
    }

    @Test(arguments: ExchangeFormat.allCases)
    func `what is asked and answered in a verification comes back`(format: ExchangeFormat) throws {
        let bucket = Bucket(
            number: 1,
            records: [3, 5].map { Bucket.Record(id: Self.identifier($0), print: Self.identifier(9)) })
        for question: VerifyRequest.Question in [
            .buckets([Self.identifier(1), Self.identifier(2)]),
            .records([Bucket(number: 0, records: []), bucket]),
        ] {
            let request = VerifyRequest(epoch: 7, cursor: [1, 2], bits: 1, question: question)
            let bytes = try VerifyCodec.encode(request, as: format)
            #expect(try VerifyCodec.decode(request: bytes, as: format) == request)
        }
        let two: VerifyRequest.Question = .buckets([Self.identifier(1), Self.identifier(2)])
        for (reply, question): (VerifyReply, VerifyRequest.Question) in [
            (.behind, two), (.differing([]), two), (.differing([0, 1]), two), (.behind, .records([])),
            (
                .found(
                    VerifyFindings(
                        altered: [Self.identifier(1)], missing: [Self.identifier(2)],
                        surplus: [Self.identifier(3)], unnamed: 4)), .records([])
            ),
        ] {
            let bytes = try VerifyCodec.encode(reply, as: format)
            #expect(try VerifyCodec.decode(reply: bytes, to: question, as: format) == reply)
        }
    }

    private func refuses(_ request: VerifyRequest, _ bad: String) throws {
        let bytes = try VerifyCodec.encode(request)
        #expect(throws: WireError.self, "\(bad)") { try VerifyCodec.decode(request: bytes) }
    }

    @Test func `what is out of order in a verification is refused`() throws {
        func record(_ low: UInt64) -> Bucket.Record {
            Bucket.Record(id: Self.identifier(low), print: Self.identifier(1))
        }
        func ask(_ buckets: [Bucket], bits: Int = 1) -> VerifyRequest {
            VerifyRequest(epoch: 1, cursor: [], bits: bits, question: .records(buckets))
        }
        try refuses(ask([Bucket(number: 2, records: [])]), "no such bucket")
        try refuses(
            ask([Bucket(number: 1, records: []), Bucket(number: 0, records: [])]), "order of buckets")
        try refuses(ask([Bucket(number: 1, records: [record(2)])]), "not in its bucket")
        try refuses(ask([Bucket(number: 1, records: [record(3), record(3)])]), "twice")
        try refuses(ask([Bucket(number: 1, records: [record(5), record(3)])]), "order of records")
        let two: VerifyRequest.Question = .buckets([Self.identifier(1), Self.identifier(2)])
        for bad in [[2], [1, 0], [0, 0]] {
            let bytes = try VerifyCodec.encode(.differing(bad))
            #expect(throws: WireError.self) { try VerifyCodec.decode(reply: bytes, to: two) }
        }
    }

    @Test func `a body that ends too early, goes on too long or says nothing is refused`() throws {
        let bytes = try QuarantineCodec.encode(.show(12))
        for bad in [[], Array(bytes.dropLast()), bytes + [0], [0]] {
            #expect(throws: WireError.self) { try QuarantineCodec.decode(request: bad) }
            #expect(throws: WireError.self) { try QuarantineCodec.decode(reply: bad) }
        }
        for reply: QuarantineReply in [.content(Self.content), .closed(Self.closed, more: false)] {
            let bytes = try QuarantineCodec.encode(reply)
            for count in 0..<bytes.count {
                #expect(throws: WireError.self) {
                    try QuarantineCodec.decode(reply: Array(bytes.prefix(count)))
                }
            }
        }
    }

    @Test func `a decision of a kind that is not known is not taken for another`() throws {
        let bytes = try QuarantineCodec.encode(.closed([Self.closed[0]], more: false), as: .jsonLines)
        for other in [#""CLOSING_UNSPECIFIED""#, "99"] {
            let strange = String(decoding: bytes, as: UTF8.self)
                .replacing(#""CLOSING_RELEASED""#, with: other)
            #expect(strange.utf8.count != bytes.count)
            #expect(throws: WireError.self) {
                try QuarantineCodec.decode(reply: Array(strange.utf8), as: .jsonLines)
            }
        }
    }
}
