import SyncModel
import SyncWire
import Testing

extension Seeded {
    mutating func hello() throws -> Hello {
        let newest = UInt64(below(1_000))
        let low = UInt32(1 + below(2))
        return Hello(
            protocols: low...low + UInt32(below(3)), incarnation: identifier(), newest: newest,
            newestHash: try #require(ChainHash(octets(32))), firstUnsent: newest + 1,
            hashBefore: try #require(ChainHash(octets(32))), epoch: count(),
            cursor: octets(below(200)), heard: count(), schema: 1, clock: clock(),
            pageRecords: UInt32(below(5_000)), waitSeconds: UInt32(below(50)),
            failures: UInt32(below(9)), asksMarks: below(4) == 0,
            isSealed: below(4) == 0)
    }

    mutating func request() throws -> ExchangeRequest {
        ExchangeRequest(
            hello: try hello(),
            changes: try (0..<below(6)).map { _ in
                try FrozenCodec.encode(change(), seed: octets(FrozenCodec.seedBytes)).bytes
            },
            remembered: below(2) == 0 ? Remembered() : remembered(),
            withdrawals: (0..<below(3)).map { _ in
                Withdrawal(dot: Dot(identifier(), count()), reason: below(2) == 0 ? "" : word())
            })
    }

    mutating func remembered() -> Remembered {
        Remembered(
            said: dispositions(),
            kept: (0..<below(4)).map { _ in
                KeptRecord(id: identifier(), state: StateCodec.encode(state()))
            },
            held: (0..<below(4)).map { _ in identifier() })
    }

    mutating func welcome() -> Welcome {
        let verdicts: [Welcome.Verdict] = [
            .ok, .reidentify(agreed: 0), .reidentify(agreed: count()), .rewind(expected: count()),
            .upgrade(1...1), .upgrade(2...7), .sealed,
        ]
        return Welcome(
            verdict: verdicts[below(verdicts.count)], serverMicroseconds: time(), epoch: count(),
            taken: count(), keys: ["all", "caseload:PS07", "directory", "site:S1", "team:ACT1"])
    }

    mutating func dispositions() -> [Disposition] {
        var all: [Disposition] = []
        for _ in 0..<below(5) {
            let incarnation = identifier()
            let first = UInt64(1 + below(1_000))
            let outcomes: [Disposition.Outcome] = [
                .applied, .conflict, .taken, .released, .withdrawn,
                .quarantined(Refusal(code: "permission", reason: "a peer sets no goal")),
            ]
            for n in 0..<UInt64(1 + below(9)) {
                let outcome = outcomes[below(10) == 0 ? below(6) : 0]
                all.append(
                    Disposition(
                        dot: Dot(incarnation, first + n), outcome: outcome,
                        effective: below(5) == 0
                            ? nil
                            : EffectiveTime(microseconds: time(), isEstimated: below(6) == 0)))
            }
        }
        return all
    }

    mutating func notes() -> ConflictNotes {
        ConflictNotes(
            bases: (0..<below(4)).map { index in
                ConflictNotes.Base(
                    register: "r\(index)", values: (0..<below(4)).map { _ in value() },
                    dot: Dot(identifier(), count()), author: "PS07",
                    effective: below(4) == 0
                        ? nil : EffectiveTime(microseconds: time(), isEstimated: below(2) == 0))
            },
            origins: (0..<below(4)).map { _ in origin() })
    }

    mutating func origin() -> ConflictNotes.Origin {
        let ways: [ConflictNotes.Arrival] = [
            .sent, .released(at: time()), .brought(at: time(), by: "LT-3"),
        ]
        return ConflictNotes.Origin(
            dot: Dot(identifier(), count()), device: below(3) == 0 ? nil : "LT-1",
            receivedMicroseconds: below(3) == 0 ? nil : time(), arrival: ways[below(3)])
    }

    mutating func reply() -> ExchangeReply {
        let welcome = welcome()
        let records = (0..<below(6)).map { _ in
            let keys = welcome.keys.filter { _ in below(2) == 0 }
            return PageRecord(
                id: identifier(), keys: keys,
                body: below(3) == 0 ? .own : .state(StateCodec.encode(state())),
                notes: below(2) == 0 ? nil : notes())
        }
        return ExchangeReply(
            welcome: welcome, dispositions: dispositions(), records: records,
            leaves: (0..<below(4)).map { _ in identifier() },
            marks: (0..<below(3)).map { _ in
                Mark(Dot(identifier(), count()), hash: below(2) == 0 ? nil : ChainHash(octets(32)))
            },
            end: End(
                cursor: octets(below(100)), more: below(2) == 0, remaining: count(), heard: count()))
    }
}
