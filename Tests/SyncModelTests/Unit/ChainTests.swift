import SyncModel
import Testing

/// Every expected value was computed with Python's hashlib from the formula in the documentation.
@Suite struct `The chain` {
    private static let first = FrozenChange(
        head: Array("head of the first change".utf8),
        contents: [.plain(Array("alpha".utf8)), .plain([]), .plain(Array("gamma".utf8))],
        salting: .seed(Array(0..<12)))
    private static let firstHash = "67859de6668dea93d5c54fe8d49882b1bac3570c2d721f0214b9edef59e38226"
    private static let seals = [
        "d42d387e25b5f75a932ca2c5ea8960a363791cdb992636f0d4b35b9fb8602c21",
        "0216a4db13052e7cf2c711aaf93a67e944575101f98dd904f07f1d91ed0abeea",
        "419487286b64f5a2c71ab0dbae162a32e02d8694c69cc017e7cdfa469bb38f0b",
    ]
    private static let salts = [
        "24196282299b2ff642f8418d47c4095c", "3fb46e57fc6e3b7a958c4c25de574b7c",
        "cc04e327ae71750cb7857c08f6a45850",
    ]

    @Test func `has the hashes that another program computes`() {
        let second = FrozenChange(head: Array("h2".utf8), contents: [], salting: .seed(Array(0..<12)))
        let third = FrozenChange(
            head: [UInt8](repeating: UInt8(ascii: "x"), count: 300), contents: [.plain(Array("one".utf8))],
            salting: .seed([UInt8](repeating: 255, count: 12)))
        let one = Self.first.hash(after: .zero)
        #expect(hexadecimal(one.bytes) == Self.firstHash)
        #expect(one.short == "67859de6668d")
        let two = second.hash(after: one)
        #expect(hexadecimal(two.bytes) == "ab793f751ac0866f94f5da4744a7ff7d44e5de6a29c50a6a60ed3546238ad40c")
        let three = third.hash(after: two)
        #expect(
            hexadecimal(three.bytes) == "108a17287f30b4c44d6c49a67e43dfd08c8ab732c2c70d649358637e2db8511e")
        let entry = ChainHash.zero.appending(Array("entry".utf8))
        #expect(
            hexadecimal(entry.bytes) == "2b9ab6d18a027b5596b6f95d34a143af27414921ac03b10e91b12d95c2ade707")
    }

    @Test func `takes 32 octets`() {
        #expect(ChainHash([UInt8](repeating: 0, count: 32)) == .zero)
        for count in [0, 31, 33] { #expect(ChainHash([UInt8](repeating: 0, count: count)) == nil) }
    }

    @Test(arguments: 1..<8)
    func `keeps its hash whatever is redacted`(mask: Int) {
        let gone = (0..<3).filter { mask >> $0 & 1 == 1 }
        let redacted = gone.reversed().reduce(Self.first) { $0.redacting($1) }
        #expect(hexadecimal(redacted.hash(after: .zero).bytes) == Self.firstHash)
        #expect(redacted == gone.reduce(Self.first) { $0.redacting($1) })
        for index in 0..<3 {
            let isGone = gone.contains(index)
            #expect(
                redacted.contents[index]
                    == (isGone ? .redacted(Fixture.octets(Self.seals[index])) : Self.first.contents[index]))
        }
        let left = (0..<3).map { gone.contains($0) ? [] : Fixture.octets(Self.salts[$0]) }
        #expect(redacted.salting == .salts(left))
    }

    @Test func `is not changed by redacting twice, or what is not there`() {
        let once = Self.first.redacting(1)
        #expect(once.redacting(1) == once)
        #expect(once.redacting(3) == once)
        #expect(Self.first.redacting(99) == Self.first)
    }

    /// With the seed gone, nobody can try out what the value was: neither its salt nor its text is left.
    @Test func `keeps nothing of a redacted value`() {
        let redacted = Self.first.redacting(0)
        #expect(redacted.salting != Self.first.salting)
        #expect(!"\(redacted)".contains("\(Fixture.octets(Self.salts[0]))"))
        #expect(!"\(redacted)".contains("\(Array("alpha".utf8))"))
    }

    @Test func `notices any other head, value, order, seed or predecessor`() {
        let (head, contents) = (Self.first.head, Self.first.contents)
        let others = [
            FrozenChange(head: head + [0], contents: contents, salting: Self.first.salting),
            FrozenChange(
                head: head, contents: [.plain([1])] + contents.dropFirst(), salting: Self.first.salting),
            FrozenChange(head: head, contents: contents.reversed(), salting: Self.first.salting),
            FrozenChange(head: head, contents: Array(contents.dropLast()), salting: Self.first.salting),
            FrozenChange(head: head, contents: contents, salting: .seed(Array(1..<13))),
            FrozenChange(head: head, contents: contents, salting: .salts([])),
        ]
        let hashes = Set(
            others.map { $0.hash(after: .zero) } + [Self.first.hash(after: Self.first.hash(after: .zero))])
        #expect(hashes.count == 7)
        #expect(!hashes.contains(Self.first.hash(after: .zero)))
    }
}
