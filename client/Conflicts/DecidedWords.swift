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
    ///   - anew: the decisions that it decides anew.
    init(
        _ decision: Decision, in table: String, _ chains: DecisionChains, anew: [RecordID] = [],
        _ teller: inout ChangeTeller
    ) throws {
        if table.isEmpty {
            (before, after) = ("", "")
        } else if decision.register != nil, decision.before != nil || decision.after != nil,
            decision.kind != .accept
        {
            before =
                try Self.values(decision.before, decision, table, &teller, withAuthors: true)
                + Self.choice(decision, table, chains, anew: anew, &teller)
            let stands =
                try Self.values(decision.after, decision, table, &teller, withAuthors: false)
                + Self.emptied(decision, table) + Self.counting(decision, table, &teller)
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
            guard withAuthors, let author = author(of: one, in: register) else { return said }
            return isOpen(one, register) ? "\(said) (\(author) wrote on it)" : "\(said) (\(author))"
        }
        .joined(separator: " | ")
    }

    /// Who wrote a value; `nil` where nobody is known to have. A void mark says by itself whose it is, also where somebody
    /// who decided wrote it anew.
    private static func author(of one: DecidedValue, in register: String) -> String? {
        let marked = register == "void" && one.values.count == 3 ? one.values[1].text : nil
        let author = marked ?? one.author
        return author.isEmpty ? nil : author
    }

    /// Whether a value says that a record is neither deleted nor void: nobody says so, they only wrote there.
    private static func isOpen(_ one: DecidedValue, _ register: String) -> Bool {
        register == deletedRegister && one.values == [.integer(0)]
            || register == "void" && one.values.allSatisfy(\.isNone)
    }

    /// What stands no more of the same fields, where another part of them does: a note that went with another status.
    private static func emptied(_ decision: Decision, _ table: String) -> String {
        guard let register = decision.register, register != deletedRegister, register != "void",
            let fields = PeerSupportSchema.schema.table(table)?.register(register)?.fields,
            let after = decision.valuesAfter.first?.values, after.contains(where: { !$0.isNone })
        else { return "" }
        return fields.indices.filter { place in
            place < after.count && after[place].isNone
                && decision.valuesBefore.contains { place < $0.values.count && !$0.values[place].isNone }
        }
        .map { ", \(Wording.field(fields[$0].name)) emptied" }.joined()
    }

    /// Of a decision on whether check-ins count which of them there were to choose from, and what each says.
    private static func choice(
        _ decision: Decision, _ table: String, _ chains: DecisionChains, anew: [RecordID],
        _ teller: inout ChangeTeller
    ) throws -> String {
        guard table == "check_in", decision.register == "void", decision.kind == .resolve,
            !decision.isPlainCorrection
        else { return "" }
        let own = [decision.subject, decision.other].compactMap { $0 }
        let names = teller
        func corrects(_ id: RecordID) throws -> RecordID? { try names.view(id)?["amends"].reference }
        let corrected = try corrects(decision.subject)
        // Many visits may have been decided about at once, for one reason.
        func isOfThisVisit(_ one: Decision) throws -> Bool {
            guard one.register == "void", one.kind == .resolve, one.id != decision.id else { return false }
            if [one.subject, one.other].contains(where: { $0.map(own.contains) ?? false }) { return true }
            let other = try corrects(one.subject)
            return other == decision.subject || corrected == one.subject || other != nil && other == corrected
        }
        let acts = try [decision] + chains.together(with: decision).filter(isOfThisVisit)
        // Of those that were decided apart none may count any more but by what is decided anew.
        let before = try anew.compactMap { chains[$0] }.filter(isOfThisVisit)
        var ids: [RecordID] = []
        for one in acts + before {
            // What is void before and after is no choice: what corrections correct.
            let named = [one.isVoidThroughout ? nil : one.subject, one.other].compactMap { $0 }
            for id in named where !ids.contains(id) { ids.append(id) }
        }
        // What the others correct is no choice, where there are several of these.
        if ids.count > 2 {
            let corrected = try Set(ids.compactMap { try teller.view($0)?["amends"].reference })
            ids.removeAll(where: corrected.contains)
        }
        guard ids.count > 1 else { return "" }
        return "; to choose from: " + (try ids.map { try teller.checkIn($0) }.joined(separator: " | "))
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
        let other =
            try decision.other.map { try label($0, at: decision, chains, &teller) } ?? "another record"
        let read = chains.before(decision)
        // Whoever takes back that two are two people has not read that somebody merged them; they were one all the same.
        let stood = read + (decision.kind == .undo ? chains.merges(standingAt: decision) : [])
        // What they were comes first, and beside it what was only said.
        let merges = stood.filter { $0.kind == .merge }
        let closed = merges + stood.filter { $0.kind != .merge }
        let states = try closed.compactMap { one -> String? in
            // Of one that was merged into several each merge has its own.
            let with = one.subject == decision.subject ? one.other : one.subject
            let name =
                with == decision.other ? other : try with.map { try label($0, at: decision, chains, &teller) }
            guard
                let state = state(
                    one, decision.subject, name ?? other, besideMerge: !merges.isEmpty)
            else { return nil }
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
        case .accept:
            let (asked, right) = ("asked whether it is right", "right as it stands")
            guard let register = decision.register,
                let times = try teller.times(ofChange: register, in: decision.subject)
            else { return (asked, right) }
            return ("\(asked); the laptop said \(times.laptop)", "\(right): it counts at \(times.counts)")
        case .undo: return (before ?? "decided", "to be decided again")
        case .resolve, .renumber: return ("", "")
        }
    }

    /// What a participant was called when something was decided: under the code that they had then.
    private static func label(
        _ id: RecordID, at decision: Decision, _ chains: DecisionChains, _ teller: inout ChangeTeller
    ) throws -> String {
        let label = try teller.known(id)
        let later = chains.all.drop { $0.id != decision.id }.dropFirst()
        guard let next = later.first(where: { $0.subject == id && $0.register == "identity" }),
            let then = next.valuesBefore.first?.values.first?.text,
            let now = try teller.view(id)?["code"].text, label.hasPrefix(now)
        else { return label }
        return then + label.dropFirst(now.count)
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

extension Decision {
    /// Whether it leaves something void that was void, as where corrections had left their marks on what they correct.
    fileprivate var isVoidThroughout: Bool {
        let values = (valuesBefore + valuesAfter).map(\.values)
        return !values.isEmpty && values.allSatisfy { $0.contains { !$0.isNone } }
    }
}
