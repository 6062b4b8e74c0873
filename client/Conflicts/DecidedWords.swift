import PeerSupport
import SyncModel
import SyncReplica

/// What stood before a decision and what stands since, in words: of values what they say, and of two records whether they
/// are one person's.
struct DecidedWords {
    let before: String
    let after: String

    /// Puts them into words.
    ///
    /// - Parameters:
    ///   - table: the table of the record that was decided about; empty where that is not on this laptop.
    ///   - answered: the decision that this one answers, if it is known here.
    init(
        _ decision: Decision, in table: String, answering answered: Decision?, _ teller: inout ChangeTeller
    ) throws {
        if table.isEmpty {
            (before, after) = ("", "")
        } else if decision.before != nil || decision.register != nil && decision.after != nil {
            before = try Self.values(decision.before, decision, table, &teller, withAuthors: true)
            after = try Self.values(decision.after, decision, table, &teller, withAuthors: false)
        } else {
            (before, after) = try Self.question(decision, answered, &teller)
        }
    }

    private static func values(
        _ text: String?, _ decision: Decision, _ table: String, _ teller: inout ChangeTeller,
        withAuthors: Bool
    ) throws -> String {
        guard let text, let register = decision.register else { return "" }
        return try DecidedValue.read(text).map { one in
            let said = try teller.contents(table, [RegisterWrite(register, one.values)])
            return withAuthors && !one.author.isEmpty ? "\(said) (\(one.author))" : said
        }
        .joined(separator: " | ")
    }

    /// What was decided without a value: whose records two are, or that something is right as it stands.
    private static func question(
        _ decision: Decision, _ answered: Decision?, _ teller: inout ChangeTeller
    ) throws -> (String, String) {
        let other = try decision.other.map { try teller.known($0) } ?? "another record"
        switch decision.kind {
        case .merge: return (try state(answered, other) ?? "not merged", "merged into \(other)")
        case .unmerge: return ("merged into \(other)", "not merged")
        case .distinct: return ("may be one person with \(other)", "not one person with \(other)")
        case .accept: return ("asked whether it is right", "right as it stands")
        case .undo: return (try state(answered, other) ?? "decided", "to be decided again")
        case .resolve, .renumber: return ("", "")
        }
    }

    /// What a decision that was answered had left, with who made it.
    private static func state(_ answered: Decision?, _ other: String) throws -> String? {
        guard let answered else { return nil }
        switch answered.kind {
        case .merge: return "merged into \(other) (\(answered.by))"
        case .distinct, .unmerge: return "not one person with \(other) (\(answered.by))"
        case .accept: return "right as it stands (\(answered.by))"
        case .resolve, .renumber, .undo: return nil
        }
    }
}

/// Decisions by their ids, and which of them are about one question.
struct DecisionChains {
    private let known: [RecordID: Decision]

    init(_ decisions: [Decision]) {
        known = Dictionary(decisions.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The decision that another one answers.
    func answered(by decision: Decision) -> Decision? { decision.answers.flatMap { known[$0] } }

    /// The first decision of the question that a decision is about: itself, or the one with which the chain of answers
    /// began.
    func first(of decision: Decision) -> RecordID {
        var first = decision.id
        var seen: Set<RecordID> = [first]
        while let before = known[first]?.answers, seen.insert(before).inserted { first = before }
        return first
    }
}
