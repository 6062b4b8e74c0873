import SyncModel

extension [Decision] {
    /// The decisions, with those together that are one answer: whoever may not mark a decision as answered by another one makes
    /// one for each that they answer, and but for which it answers they are the same. Each group stands where its first did.
    public var answers: [[Decision]] {
        var order: [Answer] = []
        var groups: [Answer: [Decision]] = [:]
        for one in self {
            let answer = Answer(one)
            if groups[answer] == nil { order.append(answer) }
            groups[answer, default: []].append(one)
        }
        return order.map { groups[$0] ?? [] }
    }
}

/// What is the same in all decisions that are one answer. None is that takes another back: that is done one by one.
private struct Answer: Hashable {
    private let act: [String]
    private let at: Int64
    private let about: [RecordID?]
    private let register: String?
    private let values: [String?]
    private let alone: RecordID?

    init(_ one: Decision) {
        act = [one.kind.rawValue, one.by, one.reason]
        at = one.at
        about = [one.subject, one.other]
        register = one.register
        values = [one.before, one.after]
        alone = one.kind == .undo || one.answers == nil ? one.id : nil
    }
}
