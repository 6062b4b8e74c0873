/// What a replica asks to find out whether it holds what it should: nothing but digests, and ids of its own.
///
/// Records fall into buckets by the last bits of their ids, which are as good as random. The first question has the
/// digest of every bucket; the second names what lies in those that differ.
public struct VerifyRequest: Hashable, Sendable {
    /// The epoch of the last page that was applied.
    public var epoch: UInt64
    /// Where the feed was left: only at the same place can two sides be compared.
    public var cursor: [UInt8]
    /// How many bits of an id name its bucket, 0 to ``Limits/verifyBits``.
    public var bits: Int
    /// Which of the two.
    public var question: Question

    /// The two questions.
    public enum Question: Hashable, Sendable {
        /// Which buckets differ? A digest for each of the 2 to the ``VerifyRequest/bits`` buckets, in order.
        case buckets([RecordPrint])
        /// What differs in these buckets?
        case records([Bucket])
    }

    /// Asks.
    public init(epoch: UInt64, cursor: [UInt8], bits: Int, question: Question) {
        self.epoch = epoch
        self.cursor = cursor
        self.bits = bits
        self.question = question
    }
}

/// The first 16 octets of a ``StateDigest``: over one record, or over a bucket's.
public typealias RecordPrint = Identifier

/// What a replica holds of one bucket.
public struct Bucket: Hashable, Sendable {
    /// Its number.
    public var number: Int
    /// Its records in the order of their ids.
    public var records: [Record]

    /// A record's id and digest.
    public struct Record: Hashable, Sendable {
        /// The record.
        public var id: RecordID
        /// The digest of this record alone.
        public var print: RecordPrint

        /// Puts it together.
        public init(id: RecordID, print: RecordPrint) {
            self.id = id
            self.print = print
        }
    }

    /// Puts it together.
    public init(number: Int, records: [Record]) {
        self.number = number
        self.records = records
    }

    /// The number of the bucket in which a record lies.
    public static func number(of id: RecordID, bits: Int) -> Int {
        Int(truncatingIfNeeded: id.low & ((1 << UInt64(bits)) - 1))
    }

    /// With how many bits buckets of some 64 records come out.
    public static func bits(for records: Int) -> Int {
        var bits = 0
        while bits < Limits.verifyBits, records >> (bits + 6) > 0 { bits += 1 }
        return bits
    }
}

/// What the server answers.
public enum VerifyReply: Hashable, Sendable {
    /// The device has not been sent everything, or knows another epoch. It syncs and asks again.
    case behind
    /// The buckets that differ, ascending; none when everything is as it should be.
    case differing([Int])
    /// What differs in the buckets that were asked for.
    case found(VerifyFindings)
}

/// How a replica's records differ from those it should hold.
public struct VerifyFindings: Hashable, Sendable {
    /// Records that both have, and that are not the same.
    public var altered: [RecordID]
    /// Records that the replica should hold and does not.
    public var missing: [RecordID]
    /// Records that the replica holds and should not, or that the server does not have.
    public var surplus: [RecordID]
    /// How many more there are than are named here.
    public var unnamed: Int

    /// Puts them together.
    public init(
        altered: [RecordID] = [], missing: [RecordID] = [], surplus: [RecordID] = [], unnamed: Int = 0
    ) {
        self.altered = altered
        self.missing = missing
        self.surplus = surplus
        self.unnamed = unnamed
    }

    /// How many there are in all.
    public var count: Int { altered.count + missing.count + surplus.count + unnamed }

    /// Adds what was found in other buckets.
    public mutating func add(_ other: VerifyFindings) {
        altered += other.altered
        missing += other.missing
        surplus += other.surplus
        unnamed += other.unnamed
    }

    /// Compares what a replica says it holds with what it should hold, both sorted by id.
    ///
    /// - Parameter limit: How many records are named at the most; the rest is counted.
    public static func comparing(
        _ held: [Bucket.Record], with due: [Bucket.Record], limit: Int
    ) -> VerifyFindings {
        var findings = VerifyFindings()
        func note(_ id: RecordID, _ place: WritableKeyPath<VerifyFindings, [RecordID]>) {
            if findings.altered.count + findings.missing.count + findings.surplus.count < limit {
                findings[keyPath: place].append(id)
            } else {
                findings.unnamed += 1
            }
        }
        var (left, right) = (0, 0)
        while left < held.count || right < due.count {
            if right == due.count || left < held.count && held[left].id < due[right].id {
                note(held[left].id, \.surplus)
                left += 1
            } else if left == held.count || due[right].id < held[left].id {
                note(due[right].id, \.missing)
                right += 1
            } else {
                if held[left].print != due[right].print { note(held[left].id, \.altered) }
                left += 1
                right += 1
            }
        }
        return findings
    }
}

/// The far side of a verification.
public protocol VerifyPeer: Sendable {
    /// Compares.
    ///
    /// - Throws: ``SyncError`` when no complete answer came, `retired` when the device may hold nothing.
    func verify(_ request: VerifyRequest) async throws -> VerifyReply
}
