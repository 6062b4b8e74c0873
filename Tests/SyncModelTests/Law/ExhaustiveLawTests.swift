import SyncModel
import Testing

/// All histories of up to four writes by up to three incarnations on two registers: 3, 27, 486 and 12,636.
///
/// Without registers there are 1, 3, 18 and 156 ways in which the writers can have met each other's
/// writes; these figures were computed by another program. Of the 12,636, one is taken of all that differ
/// only in the order in which unrelated writes are told and in names: 2,268, by the same other program.
/// On each, every subset as a state, every pair of states, and every change added to every state.
@Suite struct `Every small history` {
    @Test(arguments: [(1, 3), (2, 27), (3, 486)].map(Case.init))
    func `obeys the law`(given: Case) {
        let histories = History.all(count: given.writes)
        #expect(histories.count == given.histories)
        var check = LawCheck()
        for history in histories {
            if let violation = check.violation(in: history) {
                Issue.record("\(violation) in \(history)")
                return
            }
        }
    }

    /// In six shares, so that the cores divide the work. The counts are those of the whole.
    @Test func `of four writes obeys the law`() async {
        let histories = History.all(count: 4)
        #expect(histories.count == 12_636)
        let shares = await withTaskGroup(of: (checked: Int, merges: Int, violation: String?).self) { group in
            for share in 0..<6 {
                group.addTask { Self.check(histories, from: share, step: 6) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shares.compactMap(\.violation) == [])
        #expect(shares.map(\.checked).reduce(0, +) == 2_268)
        #expect(shares.map(\.merges).reduce(0, +) > 2_268 * 64)
    }

    private static func check(
        _ histories: [History], from first: Int, step: Int
    ) -> (checked: Int, merges: Int, violation: String?) {
        var check = LawCheck()
        var checked = 0
        for index in stride(from: first, to: histories.count, by: step)
        where histories[index].isRepresentative {
            checked += 1
            if let violation = check.violation(in: histories[index]) {
                return (checked, check.merges, "\(violation) in \(histories[index])")
            }
        }
        return (checked, check.merges, nil)
    }

    /// Said in full where it is cheap: all triples of states of all histories of two writes.
    @Test func `of two writes merges alike in every grouping and order`() {
        var triples = 0
        for history in History.all(count: 2) {
            let changes = history.changes()
            let states = (0...history.everything).map { subset in
                Fixture.state(History.members(subset).map { changes[$0] })
            }
            for a in states {
                #expect(merge(a, a) == a)
                for b in states {
                    #expect(merge(a, b) == merge(b, a))
                    for c in states {
                        triples += 1
                        #expect(merge(a, merge(b, c)) == merge(merge(a, b), c))
                    }
                }
            }
        }
        #expect(triples == 27 * 64)
    }

    struct Case: CustomTestStringConvertible {
        let writes: Int
        let histories: Int
        var testDescription: String { "\(writes) writes" }
    }
}

/// The check itself is checked: each wrong merge must be caught on a history of at most three writes.
@Suite struct `The law catches` {
    private func firstViolation(_ subject: MergeUnderTest) -> String? {
        for count in 1...3 {
            for history in History.all(count: count) {
                var check = LawCheck(subject)
                if let violation = check.violation(in: history) { return violation }
            }
        }
        return nil
    }

    /// What a wrong idea of "dead" leaves of some changes, put into every door of the merge.
    private func dropping(
        _ isDead: @escaping (LiveChange, [LiveChange]) -> Bool
    ) -> MergeUnderTest {
        let normal: ([LiveChange]) -> RecordState = { changes in
            let live = Fixture.state(changes).live
            return Fixture.state(live.filter { !isDead($0, live) })
        }
        return MergeUnderTest(
            normal: normal, join: { normal($0.live + $1.live) }, add: { normal($0.live + [$1]) })
    }

    @Test func `nothing in the merge itself`() { #expect(firstViolation(MergeUnderTest()) == nil) }

    @Test func `a merge that drops by the number of another incarnation`() {
        let subject = dropping { change, all in
            all.contains { other in
                other.dot != change.dot && other.context.entries.contains { $0.n >= change.dot.n }
            }
        }
        #expect(firstViolation(subject) != nil)
    }

    @Test func `a merge that keeps the last writer only`() {
        let subject = dropping { change, all in
            all.contains {
                $0.dot != change.dot
                    && ($0.effective ?? .now, $0.dot) > (change.effective ?? .now, change.dot)
            }
        }
        #expect(firstViolation(subject) != nil)
    }

    @Test func `a merge that forgets that a change writes several registers`() {
        let subject = dropping { change, all in
            all.contains { $0.dot != change.dot && $0.covers(change) }
        }
        #expect(firstViolation(subject) != nil)
    }

    @Test func `a merge that never drops the dead`() {
        var subject = MergeUnderTest()
        subject.join = { a, b in a.live.count > b.live.count ? a : b }
        #expect(firstViolation(subject) != nil)
    }

    @Test func `a merge that prefers its left side`() {
        var subject = MergeUnderTest()
        subject.join = { a, b in
            a.live.isEmpty ? b : b.live.contains { a.context.contains($0.dot) } ? a : merge(a, b)
        }
        #expect(firstViolation(subject) != nil)
    }

    @Test func `an addition that takes what it already knew once more`() {
        var subject = MergeUnderTest()
        subject.add = { state, change in
            state.live.isEmpty || !state.context.contains(change.dot)
                ? merge(state, Fixture.state([change]))
                : Fixture.state(state.live.filter { !change.covers($0) && $0.dot != change.dot } + [change])
        }
        #expect(firstViolation(subject) != nil)
    }

    /// The law rests on transitive contexts. Where a writer passes on only what it saw last, a value that
    /// was replaced comes back: dropping early is then no longer harmless.
    @Test func `contexts that are not transitive`() {
        var caught = false
        for history in History.all(count: 3) {
            let changes = history.changes().enumerated().map { index, change in
                var shallow = change
                let met = History.members(history.past[index])
                let newest = met.filter { w in !met.contains { history.past[$0] >> w & 1 == 1 } }
                shallow.context = Context(
                    newest.map {
                        Context.Entry(history.changes()[$0].dot.incarnation, history.changes()[$0].dot.n)
                    })
                return shallow
            }
            var check = LawCheck()
            if check.violation(in: history, changes: changes) != nil { caught = true }
        }
        #expect(caught)
    }
}

extension EffectiveTime {
    fileprivate static let now = EffectiveTime(microseconds: .max)
}
