import SyncModel
import Testing

@Suite struct `Effective time` {
    private static let now: Int64 = 1_700_000_000_000_000
    private static let hour: Int64 = 3_600_000_000
    private static let tenYears: Int64 = 10 * 365 * 24 * hour
    private static let boot = Identifier(high: 1, low: 1)
    private static let otherBoot = Identifier(high: 2, low: 2)

    private func judge(
        opening: (wall: Int64, boot: Int64), written: (wall: Int64, boot: Int64),
        rebooted: Bool = false, now: Int64 = now, floor: Int64? = nil
    ) -> EffectiveTime {
        Judgement.effectiveTime(
            serverNow: now,
            opening: ClockReading(
                wallMicroseconds: opening.wall, boot: Self.boot, bootMicroseconds: opening.boot),
            written: ClockReading(
                wallMicroseconds: written.wall, boot: rebooted ? Self.otherBoot : Self.boot,
                bootMicroseconds: written.boot),
            floor: floor)
    }

    @Test(arguments: [0, -2 * 24 * hour, tenYears, -tenYears, .max - now, .min])
    func `is exact within one boot, however the wall clock jumped`(jump: Int64) {
        let found = judge(opening: (Self.now, 9 * Self.hour), written: (Self.now &+ jump, 4 * Self.hour))
        #expect(found == EffectiveTime(microseconds: Self.now - 5 * Self.hour))
    }

    @Test(arguments: [0, tenYears, -tenYears])
    func `of a laptop years off that rebooted is the wall clock corrected by the same amount`(off: Int64) {
        let opening = Self.now + off
        let found = judge(opening: (opening, 5), written: (opening - 3 * Self.hour, 7), rebooted: true)
        #expect(found == EffectiveTime(microseconds: Self.now - 3 * Self.hour, isEstimated: true))
    }

    @Test func `of a boot clock that runs backwards is now`() {
        #expect(judge(opening: (0, 5), written: (0, 6)) == EffectiveTime(microseconds: Self.now))
    }

    @Test func `of a wall clock that was set back across a reboot is now`() {
        let found = judge(opening: (100, 5), written: (100 + Self.hour, 1), rebooted: true)
        #expect(found == EffectiveTime(microseconds: Self.now, isEstimated: true))
    }

    @Test func `never lies before 1970`() {
        let found = judge(opening: (Self.now, 0), written: (-Self.now, 0), rebooted: true)
        #expect(found == EffectiveTime(microseconds: 0, isEstimated: true))
    }

    @Test func `comes after what was read, even when that is later than now`() {
        let late = Self.now + Self.hour
        #expect(judge(opening: (0, 5), written: (0, 5), floor: late).microseconds == late + 1)
        #expect(judge(opening: (0, 5), written: (0, 5), floor: Self.now).microseconds == Self.now + 1)
        #expect(judge(opening: (0, 5), written: (0, 5), floor: Self.now - 1).microseconds == Self.now)
        #expect(judge(opening: (0, 5), written: (0, 5), floor: .max).microseconds == .max)
        #expect(judge(opening: (0, 5), written: (0, 5), floor: .min).microseconds == Self.now)
    }

    /// Clocks are bytes from outside. None of their extremes may stop the server or lead beyond now.
    @Test func `survives every extreme and never passes now without a floor`() {
        let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, Self.now, .max - 1, .max]
        var judged = 0
        for a in extremes {
            for b in extremes {
                for c in extremes {
                    for rebooted in [false, true] {
                        for now in [0, Self.now, .max] {
                            judged += 1
                            let free = judge(opening: (a, b), written: (c, a), rebooted: rebooted, now: now)
                            #expect((0...now).contains(free.microseconds))
                            #expect(free.isEstimated == rebooted)
                            let bound = judge(
                                opening: (a, b), written: (c, a), rebooted: rebooted, now: now, floor: b)
                            #expect(bound.microseconds > b || b == .max)
                        }
                    }
                }
            }
        }
        #expect(judged == 8 * 8 * 8 * 2 * 3)
    }

    @Test func `orders by time and then the exact before the estimated`() {
        let (exact, estimated) = (
            EffectiveTime(microseconds: 5), EffectiveTime(microseconds: 5, isEstimated: true)
        )
        #expect(exact < estimated)
        #expect(estimated < EffectiveTime(microseconds: 6))
        #expect(!(exact < exact))
    }

    @Test(
        arguments: [(5, 2, 3), (-5, 2, -7), (.min, 1, .min), (.max, -1, .max), (.min, 0, .min)].map(Skew.init)
    )
    func `is told apart from skew`(given: Skew) {
        let reading = ClockReading(wallMicroseconds: given.wall, boot: Self.boot, bootMicroseconds: 0)
        #expect(Judgement.skew(serverNow: given.now, opening: reading) == given.expected)
    }

    struct Skew {
        let wall: Int64
        let now: Int64
        let expected: Int64
    }
}
