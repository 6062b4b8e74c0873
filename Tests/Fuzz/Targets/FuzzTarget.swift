/// What is fuzzed: a function that takes any bytes at all, and what must hold of it whatever they are.
///
/// A target ends in one of three ways: it returns, it throws ``Broken``, or it traps. The last two are finds.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Everything that is read from the network: requests, answers, changes, states, bodies in zstd, enrolment.
    case wire
    /// Everything that is read from a CSV file.
    case `import`
    /// States that a hostile server, or a hostile replica after a restore, could send, joined.
    case merge

    /// Tries one input.
    ///
    /// - Throws: ``Broken`` when something that must hold does not.
    public func run(_ input: [UInt8]) throws(Broken) {
        switch self {
        case .wire: try WireTarget.run(input)
        case .import: try ImportTarget.run(input)
        case .merge: try MergeTarget.run(input)
        }
    }
}

/// Something that must hold whatever the bytes, and does not.
public struct Broken: Error, Equatable, CustomStringConvertible {
    /// What was expected, a sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Throws unless something holds.
    static func unless(_ holds: Bool, _ what: String) throws(Broken) {
        guard holds else { throw Broken(what) }
    }
}
