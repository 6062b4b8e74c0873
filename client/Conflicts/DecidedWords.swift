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
    ///   - chains: with what it decides anew or takes back, as far as that is known here.
    init(
        _ decision: Decision, in table: String, _ chains: DecisionChains, _ teller: inout ChangeTeller
    ) throws {
        if table.isEmpty {
            (before, after) = ("", "")
        } else if decision.register != nil, decision.before != nil || decision.after != nil,
            decision.kind != .accept
        {
            before = try Self.values(decision.before, decision, table, &teller, withAuthors: true)
            let stands =
                try Self.values(decision.after, decision, table, &teller, withAuthors: false)
                + Self.counting(decision, table, &teller)
            after = decision.kind == .undo ? "to be decided again; shown until then: \(stands)" : stands
        } else {
            (before, after) = try Self.question(decision, chains, &teller)
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

    /// Of a decision on whether a check-in counts: which of those about the visit does by it, and what that one says.
    private static func counting(
        _ decision: Decision, _ table: String, _ teller: inout ChangeTeller
    ) throws -> String {
        guard table == "check_in", decision.register == "void" else { return "" }
        let isVoid = decision.valuesAfter.first?.values.contains { !$0.isNone } ?? true
        // What was taken back leads to none in its place.
        let instead = decision.kind == .undo ? nil : decision.other
        guard let counts = isVoid ? instead : decision.subject else { return "" }
        return "; \(try teller.checkIn(counts)) counts"
    }

    /// What was decided without a value: whose records two are, or that something is right as it stands.
    private static func question(
        _ decision: Decision, _ chains: DecisionChains, _ teller: inout ChangeTeller
    ) throws -> (String, String) {
        let other = try decision.other.map { try teller.known($0) } ?? "another record"
        let read = chains.before(decision)
        // Whoever takes back that two are two people has not read that somebody merged them; they were one all the same.
        let stood = read + (decision.kind == .undo ? chains.merges(standingAt: decision) : [])
        // What they were comes first, and beside it what was only said.
        let merges = stood.filter { $0.kind == .merge }
        let closed = merges + stood.filter { $0.kind != .merge }
        let states = closed.compactMap { one -> String? in
            guard let state = state(one, decision.subject, other, besideMerge: !merges.isEmpty) else {
                return nil
            }
            // What was taken back did not stand any more.
            guard let undo = chains.undo(of: one, before: decision) else { return state }
            return "to be decided again (\(undo.by)); before that \(state)"
        }
        let before = states.isEmpty ? nil : states.joined(separator: " | ")
        switch decision.kind {
        case .merge: return (before ?? "not merged", "merged into \(other)")
        case .unmerge:
            let isOne = decision.saysOne == true
            return (
                before ?? "merged into \(other)",
                isOne ? "not merged into \(other); one person with them still" : "not merged"
            )
        case .distinct: return (before ?? "may be one person with \(other)", "not one person with \(other)")
        case .accept: return ("asked whether it is right", "right as it stands")
        case .undo: return (before ?? "decided", "to be decided again")
        case .resolve, .renumber: return ("", "")
        }
    }

    /// What a decision that was answered had left, with who made it.
    ///
    /// - Parameters:
    ///   - subject: the record in whose row it stands.
    ///   - other: what the other of two is called.
    ///   - besideMerge: whether somebody had merged them who did not know of it.
    private static func state(
        _ answered: Decision, _ subject: RecordID, _ other: String, besideMerge: Bool
    ) -> String? {
        switch answered.kind {
        // Of two records either may have been merged into the other.
        case .merge where answered.subject != subject: return "\(other) merged into it (\(answered.by))"
        case .merge: return "merged into \(other) (\(answered.by))"
        case .unmerge where answered.saysOne == true: return "one of two merges taken back (\(answered.by))"
        case .distinct where besideMerge: return "said to be two people (\(answered.by))"
        case .distinct, .unmerge: return "not one person with \(other) (\(answered.by))"
        case .accept: return "right as it stands (\(answered.by))"
        case .resolve, .renumber, .undo: return nil
        }
    }
}
