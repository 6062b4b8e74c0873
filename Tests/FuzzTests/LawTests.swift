import SyncModel
import Testing

@testable import FuzzTargets

/// The fuzzer's checks can fail: each is given something that breaks it.
@Suite struct LawTests {
    private let devices = (1...3).map { Identifier(high: 9, low: UInt64($0)) }

    private func state(_ device: Int, _ n: UInt64, read: [(Int, UInt64)] = []) -> RecordState {
        RecordState(
            table: "participant",
            live: [
                LiveChange(
                    dot: Dot(devices[device], n), author: "PS07",
                    writes: [RegisterWrite("name", [.text("\(n)")])],
                    context: Context(read.map { Context.Entry(devices[$0], $1) }), effective: nil,
                    deviceMicroseconds: 0)
            ])
    }

    @Test func `the merge obeys its law, and one that prefers a side does not`() throws {
        let states = [state(0, 1), state(1, 1), state(2, 1, read: [(0, 1)])]
        try MergeTarget.obeysLaw(states)
        #expect(throws: Broken("commutative")) { try MergeTarget.obeysLaw(states) { a, _ in a } }
    }

    @Test func `a merge that forgets the larger side is found`() {
        let states = [state(0, 1), state(1, 1), state(2, 1)]
        #expect(throws: Broken("associative")) {
            try MergeTarget.obeysLaw(states) { a, b in
                let both = merge(a, b)
                return both.live.count > 1 && a.live.count != b.live.count ? min(a, b) : both
            }
        }
    }

    @Test func `what could not have happened is made honest before the law is held against it`() throws {
        // Each claims to have read the other; and a third that had read one of them, but not what that one had.
        let states = [
            state(0, 1, read: [(1, 1)]), state(1, 1, read: [(0, 1)]), state(2, 1, read: [(1, 1)]),
        ]
        #expect(throws: Broken.self) { try MergeTarget.obeysLaw(states) }
        try MergeTarget.obeysLaw(MergeTarget.honest(states))
        // An honest history stays as it is.
        let honest = [state(0, 1), state(1, 1, read: [(0, 1)])]
        #expect(MergeTarget.honest(honest) == honest)
    }

    /// The state with fewer changes.
    private func min(_ a: RecordState, _ b: RecordState) -> RecordState {
        a.live.count < b.live.count ? a : b
    }

    @Test func `an empty input and an unknown table end quietly`() throws {
        for target in FuzzTarget.allCases {
            try target.run([])
            try target.run([255])
            try target.run([UInt8](repeating: 255, count: 300))
        }
    }
}
