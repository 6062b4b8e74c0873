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

    package static let named: [(name: String, faults: Faults)] = [
        ("loss", .loss), ("scope", .scope), ("clocks", .clocks), ("crash", .crash), ("clone", .clone),
        ("restoredLaptop", .restoredLaptop), ("restoredServer", .restoredServer),
        ("undeclaredRestore", .undeclaredRestore),
    ]

    /// Everything at once, but for a restore that nobody declares: with copies of laptops about, two laptops
    /// can then give one number to two changes before anybody can know.
    package static let all: Faults = [
        .loss, .scope, .clocks, .crash, .clone, .restoredLaptop, .restoredServer,
    ]

    /// Reads a list such as `loss,scope`; `nil` for an unknown name.
    package init?(names: String) {
        self = []
        for name in names.split(separator: ",") {
            if name == "all" {
                formUnion(.all)
            } else if let found = Self.named.first(where: { $0.name == name }) {
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

    static let sound = LinkOdds()

    /// Drawn anew for every run: some links are bad in one way only.
    static func drawn(_ dice: Dice) -> LinkOdds {
        func odds(_ most: Double) -> Double {
            dice.chance(0.3) ? 0 : Double(dice.below(1_000)) / 1_000 * most
        }
        return LinkOdds(
            requestLost: odds(0.3), requestCut: odds(0.2), answerLost: odds(0.4), answerCut: odds(0.2),
            repeated: odds(0.3), overtaken: odds(0.2))
    }
}
