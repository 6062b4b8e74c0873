/// What happened, a line for everything, for a person to read.
package struct Trace: Sendable {
    package private(set) var lines: [String] = []

    mutating func add(_ line: String) { lines.append(line) }

    package var text: String { lines.joined(separator: "\n") }
}

/// A promise that did not hold.
package struct Broken: Error, Sendable, CustomStringConvertible {
    /// Which check found it: a short name that stays the same while a schedule is made shorter.
    package let check: String
    package let text: String

    init(_ check: String, _ text: String) {
        self.check = check
        self.text = text
    }

    package var description: String { "\(check): \(text)" }
}
