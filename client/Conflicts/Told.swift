extension Page {
    /// Says who will have a notice of a decision. Nothing, when it is nobody's but the decider's.
    mutating func told(_ staff: [String]) {
        guard !staff.isEmpty else { return }
        line("\(staff.joined(separator: ", ")) will be told at their next sync", .faint)
    }
}

extension JSON {
    /// Staff codes of those who will have a notice of a decision.
    static func told(_ staff: [String]) -> JSON { .list(staff.map { .text($0) }) }
}
