@testable import PeerSupport
import SyncModel
import Testing

@Suite("Which records are one person's") struct RedirectTests {
    private func id(_ n: Int) -> RecordID { Make.id(n) }

    @Test func `a chain ends at its end, from wherever one begins`() {
        let people = Redirects([(id(5), id(3)), (id(3), id(9)), (id(7), id(9))])
        for n in [5, 3, 9, 7] {
            #expect(people.root(of: id(n)) == id(9))
            #expect(people.all(of: id(n)) == [id(3), id(5), id(7), id(9)])
        }
        #expect(people.root(of: id(1)) == id(1))
        #expect(people.all(of: id(1)) == [id(1)])
        #expect(people.rings.isEmpty)
    }

    @Test func `two merges in opposite directions settle on one root, and are flagged`() {
        let people = Redirects([(id(8), id(2)), (id(2), id(8)), (id(6), id(8))])
        for n in [8, 2, 6] {
            #expect(people.root(of: id(n)) == id(2))
            #expect(people.all(of: id(n)) == [id(2), id(6), id(8)])
        }
        #expect(people.rings == [id(2)])
    }

    @Test func `without a merge of two, what leads on with others is left`() {
        let ring = Redirects([(id(1), id(2)), (id(2), id(3)), (id(3), id(1))])
        #expect(ring.chain(from: id(2)) == [id(2), id(3), id(1)])
        let rest = ring.without([id(1), id(2)])
        #expect(rest.rings.isEmpty && rest.chain(from: id(1)).isEmpty)
        #expect(rest.chain(from: id(2)) == [id(2), id(3)] && rest.root(of: id(2)) == id(1))
        // Neither leads to the other, and both to a third.
        #expect(ring.without([id(1), id(9)]).all(of: id(1)) == ring.all(of: id(1)))
        #expect(Redirects([(id(1), id(2)), (id(2), id(1))]).without([id(1), id(2)]).isEmpty)
    }

    /// Against a definition that shares nothing with it: the closure of "leads to" in both directions.
    @Test(arguments: 0..<200) func `whatever leads where, one person has one root`(seed: Int) {
        var dice = Dice(state: UInt64(seed) + 1)
        let count = 2 + Int(dice.next() % 7)
        var pairs: [(from: RecordID, into: RecordID)] = []
        for n in 1...count where dice.next() % 3 != 0 {
            pairs.append((id(n), id(1 + Int(dice.next() % UInt64(count)))))
        }
        let people = Redirects(pairs)
        let reversed = Redirects(pairs.reversed())
        var groups = (1...count).map { Set([id($0)]) }
        for (from, into) in pairs where from != into {
            let joined = groups.filter { $0.contains(from) || $0.contains(into) }
            groups.removeAll { $0.contains(from) || $0.contains(into) }
            groups.append(joined.reduce(into: Set()) { $0.formUnion($1) })
        }
        for group in groups {
            let roots = Set(group.map(people.root))
            #expect(roots.count == 1 && roots.isSubset(of: group))
            for member in group {
                #expect(Set(people.all(of: member)) == group)
                #expect(reversed.root(of: member) == people.root(of: member))
            }
        }
        // A root that leads on is in a ring, and only then.
        let leads = Set(pairs.filter { $0.from != $0.into }.map(\.from))
        #expect(Set(people.rings) == Set(groups.compactMap(\.first).map(people.root).filter(leads.contains)))
    }
}
