/// What may go wrong in a run.
package struct Faults: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Requests and answers are lost, cut, repeated and come late.
    package static let loss = Faults(rawValue: 1)
    /// Caseloads are handed over, people move, and subscriptions change.
    package static let scope = Faults(rawValue: 2)
    /// Clocks drift, jump, run backwards, and are ten years off; laptops and the server's clock alike.
    package static let clocks = Faults(rawValue: 4)
    /// Either side breaks off between any two durable steps, and its files are opened again.
    package static let crash = Faults(rawValue: 8)
    /// A laptop's files are copied, and both copies are used.
    package static let clone = Faults(rawValue: 16)
    /// A laptop is put back to an earlier copy of its files.
    package static let restoredLaptop = Faults(rawValue: 32)
    /// The server is put back to an earlier copy of its files, and says so with a new epoch.
    package static let restoredServer = Faults(rawValue: 64)
    /// The server is put back to an earlier copy, and nobody says so.
    package static let undeclaredRestore = Faults(rawValue: 128)

    /// Laptops write what the server must refuse; it delays nothing else.
    package static let forbidden = Faults(rawValue: 256)
    /// Two processes work on one laptop's file, in the middle of each other's syncs.
    package static let twoProcesses = Faults(rawValue: 512)
    /// Some laptops or the server know an older schema than the others, and are brought up to date in between.
    package static let versions = Faults(rawValue: 1024)
    /// What a laptop sends is held up, and arrives hours later and out of turn.
    package static let late = Faults(rawValue: 2048)
    /// Laptops never come back, and some of them are retired.
    package static let gone = Faults(rawValue: 4096)
    /// As ``undeclaredRestore``, and the journal of epochs is lost with the database: the copy lies in a new folder.
    package static let lostEpochs = Faults(rawValue: 8192 + 128)

    package static let named: [(name: String, faults: Faults)] = [
        ("loss", .loss), ("scope", .scope), ("clocks", .clocks), ("crash", .crash), ("clone", .clone),
        ("restoredLaptop", .restoredLaptop), ("restoredServer", .restoredServer),
        ("undeclaredRestore", .undeclaredRestore), ("forbidden", .forbidden),
        ("twoProcesses", .twoProcesses), ("versions", .versions), ("late", .late), ("gone", .gone),
        ("lostEpochs", .lostEpochs),
    ]

    /// Families that are more than their parts: one fault falls into the middle of what another one sets going.
    package static let combined: [(name: String, faults: Faults)] = [
        ("brokenHealing", [.restoredServer, .crash]), ("brokenCopies", [.clone, .crash]),
        ("bothRestored", [.restoredLaptop, .restoredServer]), ("decided", [.forbidden, .gone, .crash]),
        ("decidedAndRestored", [.forbidden, .restoredServer]),
        ("brokenUndeclared", [.undeclaredRestore, .crash]),
        ("decidedUndeclared", [.undeclaredRestore, .forbidden]),
        ("retiredAndRestored", [.restoredServer, .gone]), ("retiredUndeclared", [.undeclaredRestore, .gone]),
    ]

    /// Every fault that there is. No run plays all of them at once: `each` and `swarm` choose among them.
    package static let any: Faults = [.all, .lostEpochs]

    /// Everything at once, but for a restore that nobody declares: with copies of laptops about, two laptops
    /// can then give one number to two changes before anybody can know.
    package static let all: Faults = [
        .loss, .scope, .clocks, .crash, .clone, .restoredLaptop, .restoredServer, .forbidden, .twoProcesses,
        .versions, .late, .gone,
    ]

    /// The family of a seed: one after the other, with a link that loses things every other time round.
    func family(of seed: UInt64) -> Faults {
        let families = families.map(\.faults)
        guard !families.isEmpty else { return [] }
        let (round, place) = Int(seed % 1_000_000).quotientAndRemainder(dividingBy: families.count)
        return round % 2 == 0 ? families[place].union(.loss) : families[place]
    }

    /// The families of which all faults are among these.
    package var families: [(name: String, faults: Faults)] {
        (Self.named + Self.combined).filter { isSuperset(of: $0.faults) }
    }

    /// A few of these faults, drawn. A restore that nobody declares stays only where nothing makes copies of laptops, and
    /// the journal of epochs is lost only where no restore has to number one by it.
    func drawn(by seed: UInt64) -> Faults {
        var dice = SplitMix64(~seed)
        let odds = dice.next() % 100
        let drawn = Self.named.reduce(into: Faults()) { drawn, family in
            if isSuperset(of: family.faults), dice.next() % 100 < odds { drawn.formUnion(family.faults) }
        }
        if drawn.makesCopies { return drawn.subtracting(.lostEpochs) }
        return drawn.contains(.restoredServer)
            ? drawn.subtracting(.lostEpochs.subtracting(.undeclaredRestore)) : drawn
    }

    /// Reads a list such as `loss,scope`; `nil` for an unknown name.
    package init?(names: String) {
        self = []
        for name in names.split(separator: ",") {
            if name == "all" {
                formUnion(.all)
            } else if let found = (Self.named + Self.combined).first(where: { $0.name == name }) {
                formUnion(found.faults)
            } else {
                return nil
            }
        }
    }

    package var names: String {
        let found = Self.named.filter { contains($0.faults) }.map(\.name)
        return found.isEmpty ? "none" : found.joined(separator: ",")
    }

    /// Whether the server may be put back to a backup.
    var restoresServer: Bool { contains(.restoredServer) || contains(.undeclaredRestore) }

    /// Whether something may come to be in quarantine, for an administrator to decide about.
    var quarantines: Bool { contains(.forbidden) || contains(.gone) || restoresServer }

    /// Whether one write may come to the server under two numbers, so that who had read which of them is not
    /// one question any more.
    var makesCopies: Bool { contains(.clone) || contains(.restoredLaptop) }
}

/// The odds of everything that can befall one exchange.
struct LinkOdds: Sendable {
    var requestLost = 0.0
    var requestCut = 0.0
    var answerLost = 0.0
    var answerCut = 0.0
    var repeated = 0.0
    /// An old request of anybody arrives first.
    var overtaken = 0.0
    /// The request is held up somewhere, and comes when nobody waits for it any more.
    var heldUp = 0.0

    static let sound = LinkOdds()

    /// Drawn anew for every run: some links are bad in one way only.
    static func drawn(_ dice: Dice, for faults: Faults) -> LinkOdds {
        func odds(_ most: Double) -> Double {
            dice.chance(0.3) ? 0 : Double(dice.below(1_000)) / 1_000 * most
        }
        var drawn = LinkOdds()
        if faults.contains(.loss) {
            drawn = LinkOdds(
                requestLost: odds(0.3), requestCut: odds(0.2), answerLost: odds(0.4), answerCut: odds(0.2),
                repeated: odds(0.3), overtaken: odds(0.2))
        }
        if faults.contains(.late) { drawn.heldUp = 0.1 + odds(0.3) }
        return drawn
    }
}
