/// One thing that somebody or something does.
package struct Act: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case admit, checkIn, edit, editNote, staleEdit, look, resolve, delete, bring, undo, sync
        case handOver, moveHome, moveStaff
        case jump, reboot, serverJump
        case crash, serverCrash, administer
        case clone, keepCopy, restoreLaptop
        case keepBackup, restoreServer, restoreBoth
        case staleRequest, lateRequest
        case forbidden, unpublished, upgrade, serverUpgrade
        case beside, vanish, decide, withdraw, correct
    }

    package let kind: Kind
    /// Whose: a place in the list of laptops, round and round.
    package let device: Int
    /// What it draws from.
    package let seed: UInt64
}

extension Act.Kind {
    /// Whether it is something that goes wrong, and not work.
    var isFault: Bool {
        switch self {
        case .admit, .checkIn, .edit, .editNote, .staleEdit, .look, .resolve, .delete, .bring, .undo, .sync:
            false
        default: true
        }
    }

    /// Whether a laptop, or the person at it, does it or suffers it.
    var isAboutLaptop: Bool {
        switch self {
        case .serverJump, .serverCrash, .keepBackup, .restoreServer, .staleRequest, .lateRequest,
            .serverUpgrade, .administer, .decide,
            .restoreBoth:
            false
        default: true
        }
    }

    /// What it is, after the name of the laptop.
    var words: String {
        switch self {
        case .admit: "admits somebody"
        case .checkIn: "records a check-in"
        case .edit: "edits somebody"
        case .editNote: "edits a note"
        case .staleEdit: "edits what was looked at before"
        case .look: "looks at somebody"
        case .resolve: "settles a conflict"
        case .delete: "deletes something"
        case .bring: "takes a deletion back"
        case .undo: "takes the newest entry back"
        case .sync: "syncs"
        case .handOver: "hands somebody over"
        case .moveHome: "moves somebody to another home"
        case .moveStaff: "moves a colleague"
        case .jump: "has its clock set wrong"
        case .reboot: "is restarted"
        case .serverJump: "the server's clock jumps"
        case .crash: "is to break off"
        case .serverCrash: "the server breaks off"
        case .administer: "the office gives out a laptop"
        case .clone: "is copied, and both go on"
        case .keepCopy: "has its files copied for later"
        case .restoreLaptop: "is put back to its copy"
        case .keepBackup: "the server is backed up"
        case .restoreServer: "the server is put back"
        case .restoreBoth: "the server and a laptop are both put back"
        case .staleRequest: "an old request comes again"
        case .lateRequest: "a request that was held up comes"
        case .forbidden: "writes what it may not"
        case .unpublished: "writes what only the next version knows"
        case .upgrade: "gets the next version"
        case .serverUpgrade: "the server gets the next version"
        case .beside: "syncs, and a second process works meanwhile"
        case .vanish: "is never seen again"
        case .decide: "the administrator decides about quarantine"
        case .withdraw: "takes back what was refused"
        case .correct: "corrects what was refused"
        }
    }
}

extension Act {
    /// It as one word: kind, laptop and seed.
    var text: String { "\(kind.rawValue):\(device):\(String(seed, radix: 36))" }

    init?(text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), let device = Int(parts[1]),
            let seed = UInt64(parts[2], radix: 36)
        else { return nil }
        self.init(kind: kind, device: device, seed: seed)
    }

    /// How often each kind comes, for a set of faults.
    private static func weights(_ faults: Faults) -> [(Kind, Int)] {
        var weights: [(Kind, Int)] = [
            (.admit, 6), (.checkIn, 10), (.edit, 26), (.editNote, 5), (.look, 6), (.staleEdit, 5),
            (.resolve, 6), (.delete, 2), (.bring, 1), (.undo, 4), (.sync, 40),
        ]
        if faults.contains(.loss) { weights.append((.staleRequest, 4)) }
        if faults.contains(.scope) { weights += [(.handOver, 7), (.moveHome, 5), (.moveStaff, 4)] }
        if faults.contains(.clocks) { weights += [(.jump, 6), (.reboot, 6), (.serverJump, 2)] }
        if faults.contains(.crash) { weights += [(.crash, 14), (.serverCrash, 8), (.administer, 1)] }
        if faults.contains(.clone) { weights.append((.clone, 3)) }
        if faults.contains(.restoredLaptop) { weights += [(.keepCopy, 4), (.restoreLaptop, 4)] }
        if faults.restoresServer {
            weights += [(.keepBackup, 4), (.restoreServer, 3), (.administer, 2)]
            if faults.contains(.restoredLaptop) { weights.append((.restoreBoth, 3)) }
        }
        if faults.quarantines { weights += [(.decide, 6), (.withdraw, 3), (.correct, 3)] }
        if faults.contains(.forbidden) { weights.append((.forbidden, 12)) }
        if faults.contains(.twoProcesses) { weights.append((.beside, 14)) }
        if faults.contains(.versions) {
            weights += [(.unpublished, 12), (.upgrade, 3), (.serverUpgrade, 2)]
        }
        if faults.contains(.late) { weights.append((.lateRequest, 8)) }
        if faults.contains(.gone) { weights.append((.vanish, 2)) }
        return weights
    }

    /// What may come under these faults.
    static func kinds(under faults: Faults) -> Set<Kind> { Set(weights(faults).map(\.0)) }

    /// A schedule, drawn.
    package static func schedule(
        _ count: Int, faults: Faults, isSwarm: Bool = false, from dice: inout SplitMix64
    ) -> [Act] {
        var weights = weights(faults)
        if isSwarm {
            weights = weights.map { ($0.0, $0.1 * [0, 1, 1, 4][Int(dice.next() % 4)]) }
            weights.append((.sync, 10))
        }
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
