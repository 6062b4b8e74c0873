import SwiftProtobuf
public import SyncModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The two messages of a verification, each the whole of a body, in either format, before compression.
public enum VerifyCodec {
    /// Encodes what a replica asks.
    public static func encode(
        _ request: VerifyRequest, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        var message = Porchlight_V1_VerifyRequest()
        message.epoch = request.epoch
        message.cursor = Data(request.cursor)
        message.bits = UInt32(clamping: request.bits)
        switch request.question {
        case .buckets(let prints): message.digests = Data(prints.flatMap(\.bytes))
        case .records(let buckets):
            message.buckets = buckets.map { bucket in
                var message = Porchlight_V1_Bucket()
                message.number = UInt32(clamping: bucket.number)
                message.records = bucket.records.map { record in
                    var message = Porchlight_V1_RecordDigest()
                    message.id = record.id.field
                    message.digest = record.print.field
                    return message
                }
                return message
            }
        }
        return try message.body(as: format)
    }

    /// Decodes what a replica asks, and checks that it is in order.
    public static func decode(
        request body: [UInt8], as format: ExchangeFormat = .binary
    ) throws(WireError) -> VerifyRequest {
        guard body.count <= Limits.requestBytes else { throw .tooLarge("the request") }
        let message = try Porchlight_V1_VerifyRequest(body: body, as: format)
        guard message.cursor.count <= Limits.cursorBytes else { throw .tooLarge("the cursor") }
        guard message.bits <= Limits.verifyBits else { throw .tooLarge("the number of buckets") }
        let bits = Int(message.bits)
        return VerifyRequest(
            epoch: try counted(message.epoch), cursor: message.cursor.octets, bits: bits,
            question: message.buckets.isEmpty
                ? .buckets(try prints(message.digests, bits))
                : .records(try buckets(message.buckets, bits)))
    }

    /// Encodes what the server answers.
    public static func encode(
        _ reply: VerifyReply, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        var message = Porchlight_V1_VerifyReply()
        switch reply {
        case .behind: message.behind = true
        case .differing(let buckets): message.differing = buckets.map { UInt32(clamping: $0) }
        case .found(let findings):
            message.altered = findings.altered.map(\.field)
            message.missing = findings.missing.map(\.field)
            message.surplus = findings.surplus.map(\.field)
            message.unnamed = UInt64(max(0, findings.unnamed))
        }
        return try message.body(as: format)
    }

    /// Decodes the answer to a question.
    public static func decode(
        reply body: [UInt8], to question: VerifyRequest.Question, as format: ExchangeFormat = .binary
    ) throws(WireError) -> VerifyReply {
        guard body.count <= Limits.answerBytes else { throw .tooLarge("the answer") }
        let message = try Porchlight_V1_VerifyReply(body: body, as: format)
        if message.behind { return .behind }
        switch question {
        case .buckets(let prints):
            var last = -1
            for number in message.differing {
                guard Int(number) > last, Int(number) < prints.count else {
                    throw .malformed("the buckets that differ are out of order")
                }
                last = Int(number)
            }
            return .differing(message.differing.map { Int($0) })
        case .records:
            func ids(_ fields: [Data]) throws(WireError) -> [RecordID] {
                var ids: [RecordID] = []
                for field in fields { ids.append(try field.identifier()) }
                return ids
            }
            return .found(
                VerifyFindings(
                    altered: try ids(message.altered), missing: try ids(message.missing),
                    surplus: try ids(message.surplus),
                    unnamed: Int(clamping: try counted(message.unnamed))))
        }
    }

    private static func prints(_ digests: Data, _ bits: Int) throws(WireError) -> [RecordPrint] {
        let octets = digests.octets
        guard octets.count == 16 << bits else { throw .malformed("there is not one digest for each bucket") }
        var prints: [RecordPrint] = []
        prints.reserveCapacity(1 << bits)
        for start in stride(from: 0, to: octets.count, by: 16) {
            prints.append(try Data(octets[start..<(start + 16)]).identifier())
        }
        return prints
    }

    private static func buckets(
        _ messages: [Porchlight_V1_Bucket], _ bits: Int
    ) throws(WireError) -> [Bucket] {
        var buckets: [Bucket] = []
        for message in messages {
            guard message.number < 1 << UInt32(bits), buckets.last.map({ $0.number < message.number }) ?? true
            else { throw .malformed("the buckets are out of order") }
            var bucket = Bucket(number: Int(message.number), records: [])
            for record in message.records {
                let id = try record.id.identifier()
                guard Bucket.number(of: id, bits: bits) == bucket.number,
                    bucket.records.last.map({ $0.id < id }) ?? true
                else { throw .malformed("the records of a bucket are out of order") }
                bucket.records.append(Bucket.Record(id: id, print: try record.digest.identifier()))
            }
            buckets.append(bucket)
        }
        return buckets
    }
}
