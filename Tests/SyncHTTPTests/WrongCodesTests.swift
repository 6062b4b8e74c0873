import Testing

@testable import SyncHTTP

@Suite struct WrongCodesTests {
    private static let second: Int64 = 1_000_000

    @Test func `so many wrong codes and no more within a minute`() {
        let codes = Codes(perAddress: 3)
        for time in 0..<3 { #expect(codes.take("a", now: Int64(time) * Self.second) == nil) }
        #expect(codes.take("a", now: 3 * Self.second) == 57)
        // To the last microsecond of the first one's minute, then its place is free again.
        #expect(codes.take("a", now: 60 * Self.second - 1) == 1)
        #expect(codes.take("a", now: 60 * Self.second) == nil)
        #expect(codes.take("a", now: 60 * Self.second) == 1)
    }

    @Test func `addresses are counted apart`() {
        let codes = Codes(perAddress: 1)
        #expect(codes.take("a", now: 0) == nil)
        #expect(codes.take("b", now: 0) == nil)
        #expect(codes.take("a", now: 0) == 60)
    }

    @Test func `a right code does not count`() {
        let codes = Codes(perAddress: 1)
        for time in 0..<50 {
            #expect(codes.take("a", now: Int64(time)) == nil)
            codes.giveBack("a", takenAt: Int64(time))
        }
    }

    @Test func `a guesser with many addresses makes newcomers wait, and memory stays bounded`() {
        let codes = Codes(perAddress: 5, addresses: 2)
        #expect(codes.take("a", now: 0) == nil)
        #expect(codes.take("b", now: 0) == nil)
        #expect(codes.take("c", now: 0) == 60)
        #expect(codes.take("a", now: 0) == nil)
        #expect(codes.take("c", now: 60 * Self.second) == nil)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8::1", "2001:db8:0:0"),
        ("::1", "0:0:0:0"), ("fe80::1%eth0", "fe80:0:0:0"), ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
    ])
    func `an address is counted with its household`(address: String, bucket: String) {
        #expect(WrongCodes.bucket(of: address) == bucket)
    }
}

/// The same, as an object: an expectation cannot call what changes a value.
private final class Codes {
    private var codes: WrongCodes

    init(perAddress: Int, addresses: Int = 100) {
        codes = WrongCodes(perAddress: perAddress, addresses: addresses)
    }

    func take(_ address: String, now: Int64) -> Int64? { codes.take(address, now: now) }

    func giveBack(_ address: String, takenAt time: Int64) { codes.giveBack(address, takenAt: time) }
}
