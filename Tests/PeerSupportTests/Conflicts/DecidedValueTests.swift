@testable import PeerSupport
import SyncModel
import Testing

@Suite("Values as the register of decisions keeps them") struct DecidedValueTests {
    private let all: [Value] = [
        .none, .text(""), .text("a\tb\nc\\n\r\\"), .text("Zoë 🙂"), .integer(.min), .integer(7), .real(-0.125),
        .real(1e300), .reference(Make.id(7)),
    ]

    @Test func `what is kept is read back as it was`() {
        let kept = [
            DecidedValue(author: "PS07", effective: 5, values: all),
            DecidedValue(author: "A\tD", effective: nil, values: [.text("x")]),
            DecidedValue(author: "AD01", effective: -1, values: []),
        ]
        #expect(DecidedValue.read(DecidedValue.text(kept)) == kept)
    }

    @Test func `what is no such line is left out, and nothing of another is lost`() {
        let good = DecidedValue(author: "PS07", effective: 5, values: [.integer(1)])
        let text = "garbage\n" + DecidedValue.text([good]) + "\nPS09\t7\tz9\n\n"
        #expect(DecidedValue.read(text) == [good])
    }

    @Test func `it stays within its bound`() {
        let long = DecidedValue(
            author: "PS07", effective: 5, values: [.text(String(repeating: "x", count: 20_000))])
        let kept = DecidedValue.text([long, long, long])
        #expect(kept.utf8.count <= DecisionLimits.valueBytes)
        #expect(DecidedValue.read(kept) == [long, long])
    }

    @Test func `anything at all survives`() {
        var dice = Dice(state: 11)
        for _ in 0..<300 {
            let kept = (0..<Int(dice.next() % 4)).map { _ in
                DecidedValue(
                    author: "PS\(dice.next() % 90)", effective: Int64(dice.next() % 1_000),
                    values: (0..<Int(dice.next() % 5)).map { _ in all[Int(dice.next() % UInt64(all.count))] })
            }
            #expect(DecidedValue.read(DecidedValue.text(kept)) == kept)
        }
    }
}
