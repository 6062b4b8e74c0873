/// One thing that somebody or something does.
package struct Act: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case admit, checkIn, edit, editNote, staleEdit, look, resolve, delete, bring, undo, sync
        case handOver, moveHome, moveStaff
        case jump, reboot, serverJump
        case crash, serverCrash
        case clone, keepCopy, restoreLaptop
        case keepBackup, restoreServer
        case staleRequest
    }

    package let kind: Kind
    /// Whose: a place in the list of laptops, round and round.
    package let device: Int
    /// What it draws from.
    package let seed: UInt64
}

extension Act {
    /// How often each kind comes, for a set of faults.
    private static func weights(_ faults: Faults) -> [(Kind, Int)] {
        var weights: [(Kind, Int)] = [
            (.admit, 6), (.checkIn, 10), (.edit, 26), (.editNote, 5), (.look, 6), (.staleEdit, 5),
            (.resolve, 6), (.delete, 2), (.bring, 1), (.undo, 4), (.sync, 40),
        ]
        if faults.contains(.loss) { weights.append((.staleRequest, 4)) }
        if faults.contains(.scope) { weights += [(.handOver, 7), (.moveHome, 5), (.moveStaff, 4)] }
        if faults.contains(.clocks) { weights += [(.jump, 6), (.reboot, 6), (.serverJump, 2)] }
        if faults.contains(.crash) { weights += [(.crash, 14), (.serverCrash, 3)] }
        if faults.contains(.clone) { weights.append((.clone, 3)) }
        if faults.contains(.restoredLaptop) { weights += [(.keepCopy, 4), (.restoreLaptop, 4)] }
        if !faults.isDisjoint(with: [.restoredServer, .undeclaredRestore]) {
            weights += [(.keepBackup, 4), (.restoreServer, 3)]
        }
        return weights
    }

    /// A schedule, drawn.
    package static func schedule(_ count: Int, faults: Faults, from dice: inout SplitMix64) -> [Act] {
        let weights = weights(faults)
        let total = weights.reduce(0) { $0 + $1.1 }
        return (0..<count).map { _ in
            var left = Int(dice.next() % UInt64(total))
            var kind = Kind.sync
            for (candidate, weight) in weights {
                if left < weight {
                    kind = candidate
                    break
                }
                left -= weight
            }
            return Act(kind: kind, device: Int(dice.next() % 64), seed: dice.next())
        }
    }
}
