import SyncModel

/// A few writes on one record in the order in which they happened, with what each writer had met.
///
/// What was met is a set of writes, not a version vector: sets are what a vector stands for, so that
/// the expected answers below share nothing with the merge. Sets of writes are bit masks.
struct History {
    /// Who made each write.
    var writers: [Int] = []
    /// Which registers each writes: 1 is `a`, 2 is `b`, 3 both.
    var registers: [Int] = []
    /// The earlier writes that each had met.
    var past: [Int] = []

    var count: Int { writers.count }
    var everything: Int { 1 << count - 1 }

    static func members(_ mask: Int) -> [Int] { (0..<8).filter { mask >> $0 & 1 == 1 } }

    /// The writes of a subset that nobody in it who wrote the register as well had met.
    func maximal(in subset: Int, register: Int) -> Int {
        let writing = Self.members(subset).filter { registers[$0] & register != 0 }
        return writing.filter { w in !writing.contains { past[$0] >> w & 1 == 1 } }
            .reduce(0) { $0 | 1 << $1 }
    }

    /// The writes that still count in at least one register.
    func live(in subset: Int) -> Int {
        maximal(in: subset, register: 1) | maximal(in: subset, register: 2)
    }

    /// The same writes as changes. Their times run against their order, so that a merge that listens to
    /// clocks is found out.
    func changes() -> [LiveChange] {
        let numbers = (0..<count).map { w in UInt64((0...w).count { writers[$0] == writers[w] }) }
        return (0..<count).map { w in
            var read: [UInt64: UInt64] = [:]
            for met in Self.members(past[w]) {
                read[UInt64(writers[met]), default: 0] = max(read[UInt64(writers[met])] ?? 0, numbers[met])
            }
            var writes: [String: Int64] = [:]
            if registers[w] & 1 != 0 { writes["a"] = Int64(w) }
            if registers[w] & 2 != 0 { writes["b"] = Int64(w) }
            return Fixture.change(
                UInt64(writers[w]), numbers[w], writes, read: read, at: Int64(100 - w))
        }
    }

    /// Every history of so many writes by at most three incarnations on two registers.
    ///
    /// Incarnations are named in the order of their first write. A writer has met its own writes, and
    /// everything that those it had met had met. All that satisfies this is here, and nothing else.
    static func all(count: Int) -> [History] {
        var found = [History()]
        for index in 0..<count {
            found = found.flatMap { history in
                let newcomers = min((history.writers.max() ?? -1) + 1, 2)
                return (0...newcomers).flatMap { writer in
                    (0..<1 << index).filter { history.admits(past: $0, of: writer) }.flatMap { past in
                        (1...3).map { registers in
                            var longer = history
                            longer.writers.append(writer)
                            longer.registers.append(registers)
                            longer.past.append(past)
                            return longer
                        }
                    }
                }
            }
        }
        return found
    }

    /// Whether this is the one kept of all histories that differ only in the order in which unrelated writes
    /// are told, in the names of the incarnations, or in which register is called which.
    var isRepresentative: Bool {
        let own = code(told: Array(0..<count), swapped: false)
        return !orders(of: Array(0..<count)).contains { order in
            code(told: order, swapped: false) < own || code(told: order, swapped: true) < own
        }
    }

    /// Every order of telling in which nobody has met what is told later.
    private func orders(of rest: [Int]) -> [[Int]] {
        if rest.isEmpty { return [[]] }
        return rest.filter { w in !rest.contains { past[w] >> $0 & 1 == 1 } }.flatMap { first in
            orders(of: rest.filter { $0 != first }).map { [first] + $0 }
        }
    }

    /// The whole history as one number.
    private func code(told order: [Int], swapped: Bool) -> Int {
        var names = [-1, -1, -1]
        var place = [0, 0, 0, 0]
        var newcomers = 0
        var code = 0
        for (index, w) in order.enumerated() {
            place[w] = index
            if names[writers[w]] < 0 {
                names[writers[w]] = newcomers
                newcomers += 1
            }
            var met = 0
            for earlier in 0..<count where past[w] >> earlier & 1 == 1 { met |= 1 << place[earlier] }
            let writes = swapped ? [0, 2, 1, 3][registers[w]] : registers[w]
            code = code << 8 | names[writers[w]] << 6 | writes << 4 | met
        }
        return code
    }

    private func admits(past mask: Int, of writer: Int) -> Bool {
        for w in 0..<count {
            if mask >> w & 1 == 1 {
                if past[w] & ~mask != 0 { return false }
            } else if writers[w] == writer {
                return false
            }
        }
        return true
    }
}

extension History: CustomStringConvertible {
    var description: String {
        (0..<count).map { w in
            let names = ["", "a", "b", "ab"][registers[w]]
            return "#\(w) by \(writers[w]) writes \(names) having met \(Self.members(past[w]))"
        }
        .joined(separator: "; ")
    }
}
