import SyncModel
import Testing

@testable import SyncWire

@Suite struct FrozenTests {
    @Test(arguments: UInt64(0)..<64)
    func `a change comes back as it went, and freezes to the same bytes`(seed: UInt64) throws {
        var random = Seeded(seed)
        let change = random.change()
        let salt = random.octets(12)
        let (frozen, bytes) = try FrozenCodec.encode(change, seed: salt)
        let thawed = try FrozenCodec.decode(bytes)
        #expect(thawed.change == change)
        #expect(thawed.frozen == frozen)
        #expect(FrozenCodec.encode(frozen) == bytes)
        #expect(try FrozenCodec.encode(thawed.change, seed: salt).bytes == bytes)
    }

    @Test(arguments: UInt64(0)..<64)
    func `the library reads and writes the same bytes`(seed: UInt64) throws {
        var random = Seeded(seed)
        let change = random.change()
        let (frozen, bytes) = try FrozenCodec.encode(change, seed: random.octets(12))
        let message = try Porchlight_V1_FrozenChange(octets: bytes)
        #expect(try message.octets() == bytes)
        let head = try Porchlight_V1_ChangeHead(octets: frozen.head)
        #expect(try head.octets() == frozen.head)
        #expect(head.n == change.dot.n)
        #expect(head.registers == change.writes.map(\.register))
        #expect(head.wall &- head.bootWall == change.clock.bootMicroseconds)
        for (content, write) in zip(message.contents, change.writes) {
            let values = try Porchlight_V1_RegisterValues(octets: content.values.octets)
            #expect(values.values.count == write.values.count)
            #expect(try values.octets() == content.values.octets)
        }
        let redacted = FrozenCodec.encode(frozen.redacting(0))
        #expect(try Porchlight_V1_FrozenChange(octets: redacted).octets() == redacted)
    }

    @Test(arguments: UInt64(0)..<32)
    func `a redacted change keeps its hash and loses its values`(seed: UInt64) throws {
        var random = Seeded(seed)
        let change = random.change()
        let (frozen, _) = try FrozenCodec.encode(change, seed: random.octets(12))
        let place = random.below(change.writes.count)
        let (redacted, thawed) = try FrozenCodec.decode(FrozenCodec.encode(frozen.redacting(place)))
        #expect(redacted.hash(after: .zero) == frozen.hash(after: .zero))
        for (index, write) in change.writes.enumerated() {
            #expect(thawed.writes[index].register == write.register)
            #expect(thawed.writes[index].values == (index == place ? [] : write.values))
        }
    }

    @Test func `what a newer version put into the head survives`() throws {
        var random = Seeded(7)
        let (frozen, _) = try FrozenCodec.encode(random.change(), seed: random.octets(12))
        var writer = WireWriter(capacity: 64)
        writer.append(frozen.head)
        writer.text(15, "from tomorrow")
        let newer = FrozenChange(
            head: writer.bytes, contents: frozen.contents, salting: frozen.salting)
        let thawed = try FrozenCodec.decode(FrozenCodec.encode(newer))
        #expect(thawed.frozen == newer)
        #expect(thawed.frozen.hash(after: .zero) != frozen.hash(after: .zero))
        #expect(FrozenCodec.encode(thawed.frozen) == FrozenCodec.encode(newer))
    }

    /// A change that must not be let through, and why.
    struct Bad: CustomStringConvertible, Sendable {
        let description: String
        let alter: @Sendable (inout Change) -> Void

        init(_ description: String, _ alter: @escaping @Sendable (inout Change) -> Void) {
            self.description = description
            self.alter = alter
        }
    }

    static let bad = [
        Bad("number 0") { $0.dot = Dot($0.dot.incarnation, 0) },
        Bad("number past 63 bits") { $0.dot = Dot($0.dot.incarnation, .max) },
        Bad("epoch past 63 bits") { $0.epoch = .max },
        Bad("no author") { $0.author = "" },
        Bad("long author") { $0.author = String(repeating: "x", count: 65) },
        Bad("no table") { $0.table = "" },
        Bad("no registers") { $0.writes = [] },
        Bad("a register twice") { $0.writes = [$0.writes[0], $0.writes[0]] },
        Bad("registers out of order") {
            $0.writes = [RegisterWrite("b", [.none]), RegisterWrite("a", [.none])]
        },
        Bad("a register without values") { $0.writes = [RegisterWrite("a", [])] },
        Bad("33 values") {
            $0.writes = [RegisterWrite("a", [Value](repeating: .none, count: 33))]
        },
        Bad("65 registers") {
            $0.writes = (100..<165).map { RegisterWrite("r\($0)", [.none]) }
        },
        Bad("a NUL") { $0.writes = [RegisterWrite("a", [.text("a\u{0}b")])] },
        Bad("NaN") { $0.writes = [RegisterWrite("a", [.real(.nan)])] },
        Bad("a long text") {
            $0.writes = [RegisterWrite("a", [.text(String(repeating: "x", count: 65_537))])]
        },
        Bad("a change too large") {
            let text = Value.text(String(repeating: "x", count: 65_536))
            $0.writes = [RegisterWrite("a", [text, text, text, text, text])]
        },
        Bad("1,001 entries of context") {
            var random = Seeded(1)
            $0.context = Context((0..<1_001).map { _ in Context.Entry(random.identifier(), 1) })
        },
    ]

    @Test(arguments: bad)
    func `what passes a limit is not frozen`(bad: Bad) throws {
        var random = Seeded(3)
        var change = random.change()
        _ = try FrozenCodec.encode(change, seed: random.octets(12))
        bad.alter(&change)
        #expect(throws: WireError.self) {
            try FrozenCodec.encode(change, seed: [UInt8](repeating: 1, count: 12))
        }
    }

    @Test func `salts must fit what they salt`() throws {
        var random = Seeded(5)
        let change = random.change()
        #expect(throws: WireError.malformed("a seed is not 12 octets")) {
            try FrozenCodec.encode(change, seed: [1, 2, 3])
        }
        let (frozen, _) = try FrozenCodec.encode(change, seed: random.octets(12))
        let redacted = frozen.redacting(0)
        for salting in [
            frozen.salting, .salts([]), .salts(change.writes.map { _ in random.octets(16) }),
            .salts(change.writes.map { _ in [] }) as FrozenChange.Salting,
        ] {
            let wrong = FrozenChange(
                head: redacted.head, contents: redacted.contents, salting: salting)
            if change.writes.count == 1, case .salts(let salts) = salting, salts == [[]] { continue }
            #expect(throws: WireError.self) { try FrozenCodec.decode(FrozenCodec.encode(wrong)) }
        }
    }
}
