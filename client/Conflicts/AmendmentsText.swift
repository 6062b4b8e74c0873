import PeerSupport
import SyncModel
import SyncReplica

extension OpenConflicts {
    /// Check-ins that were corrected on two laptops apart, so that both corrections count; and those that were voided on
    /// one and corrected on another.
    static func corrected(in replica: Replica, _ chains: DecisionChains) throws -> [Conflict] {
        let corrections = try replica.find(Query("check_in", where: [.isSet("amends")]))
        let known = Set(corrections.map(\.id))
        let corrected = Set(corrections.compactMap { $0["amends"].reference }).subtracting(known)
        let views = try corrections + corrected.sorted().compactMap { try replica.view($0) }
        var marks: [RecordID: [[Value]]] = [:]
        for view in views where view.conflicts.contains("void") {
            marks[view.id] = try replica.siblings(view.id, of: "void").map(\.values)
        }
        let amendments = try Amendments.groups(views, chains, marks: marks).map { group in
            var states: [RecordID: RecordState] = [:]
            for view in group.choice { states[view.id] = try replica.state(view.id) }
            return Amendments.conflict(of: group, states)
        }
        // Most were corrected by whoever had them before them, and of these nothing has to be read.
        let asked = Set(chains.open(register: "void").map(\.subject))
        let apart = Amendments.families(views).map(\.members).filter { members in
            members.contains { $0.conflicts.contains("void") || asked.contains($0.id) }
        }
        .flatMap { $0 }
        var states: [RecordID: RecordState] = [:]
        for view in apart { states[view.id] = try replica.state(view.id) }
        return amendments + VoidedCorrections.conflicts(apart, states, chains)
    }
}

/// A check-in that was corrected apart, as `conflicts` shows it.
extension ConflictText {
    /// The registers that say what was done.
    private static let said = ["time", "place", "note"]

    /// What one of the check-ins says.
    static func writes(of record: RecordView) -> [RegisterWrite] {
        said.compactMap { name in record.values(of: name).map { RegisterWrite(name, $0) } }
    }

    /// Everything that a letter stands for, so that whoever decides by a name decides about what they saw.
    static func content(of record: RecordView) -> String {
        let values = writes(of: record).flatMap(\.values)
        return record.id.text + DecidedValue.text([DecidedValue(author: "", effective: nil, values: values)])
    }

    /// The check-ins to choose from, each with its letter.
    func amendmentSides() -> [ConflictSide] {
        conflict.sides.enumerated().compactMap { place, side in
            side.record.map { record in
                let state =
                    !record["voided_at"].isNone
                    ? "void" : record.id == conflict.view.id ? "corrected" : "correction"
                return ConflictSide(
                    letter: ConflictSide.letter(place), state: state, change: side.change, record: record)
            }
        }
    }

    /// Whether a correction of the check-in counts.
    var isCorrected: Bool {
        let corrections = try? desk.replica().find(
            Query("check_in", where: [.equals("amends", .reference(conflict.view.id))]))
        return corrections?.contains { CheckIn($0)?.counts ?? false } ?? false
    }

    /// The void marks of a check-in, and last what somebody corrected it to.
    func voidedSides() throws -> [ConflictSide] {
        let decider = try saidToCount().last?.by
        return try credited(
            conflict.sides.enumerated().map { place, side in
                var one = ConflictSide(
                    letter: ConflictSide.letter(place), state: side.record == nil ? "void" : "correction",
                    change: side.change, values: side.values, record: side.record)
                if side.record != nil, decider != one.author { one.decider = decider }
                return one
            })
    }

    /// Of a check-in that was voided by one and corrected by another, the decisions that it counts as corrected: somebody who
    /// did not know of them decided otherwise. None that is open again.
    func saidToCount() throws -> [Decision] {
        guard let correction = conflict.correction?.id else { return [] }
        let view = conflict.view.id
        let chains = try OpenConflicts.chains(in: desk.replica(), about: [view])
        return chains.standing(.register(view, "void")).filter { one in
            one.kind == .resolve && one.other == correction && VoidedCorrections.isSuch(one)
                && !chains.isOpen(one)
        }
    }

    /// Field by field what the check-ins say, and what the one that they correct had said.
    func compareAmendments(on page: inout Page, _ teller: inout ChangeTeller) throws {
        let sides = try sides().filter { $0.record != nil }
        let isApart = !sides.contains { $0.record?.id == conflict.view.id }
        for field in Self.said.compactMap({ conflict.view.table.register($0) }).flatMap(\.fields) {
            func text(_ view: RecordView?) throws -> String {
                let said = try Wording.text(view?[field.name] ?? .none, field.kind, desk.time) {
                    try teller.label($0)
                }
                return said.isEmpty ? "(nothing)" : said
            }
            let texts = try sides.map { try text($0.record) }
            let before = try text(conflict.view)
            guard Set(texts + (isApart ? [before] : [])).count > 1 else { continue }
            page.line()
            page.line("\(Wording.field(field.name)):", .strong)
            if isApart { page.line("  corrected  \(before)", .faint) }
            for (side, said) in zip(sides, texts) { page.line("  \(side.letter)  \(said)") }
        }
        page.line()
        for side in sides {
            guard let id = side.record?.id else { continue }
            page.line("  \(side.letter)  porchlight checkin show \(id.short)", .faint)
        }
    }

    /// Who decided for which of several corrections: people who did not know of each other may each have kept another one.
    /// What of it is open again is told with who asks.
    func keptApart() throws -> [Said] {
        guard conflict.kind == .amendments else { return [] }
        let sides = try sides()
        let about = Set(sides.compactMap { $0.record?.id } + Amendments.corrected(in: conflict)).sorted()
        let chains = try OpenConflicts.chains(in: desk.replica(), about: about)
        let standing = chains.all.filter { one in
            one.kind == .resolve && one.register == "void" && !one.isPlain && !chains.isClosed(one)
                && !chains.isOpen(one)
        }
        return sides.flatMap { side in
            // Each check-in that is void by it has a decision of its own.
            var told: [Decision] = []
            for one in standing
            where one.other == side.record?.id
                && !told.contains(where: { $0.by == one.by && $0.reason == one.reason })
            {
                told.append(one)
            }
            return told.map { Said(letter: side.letter, decision: $0) }
        }
    }

    /// Of a decision on which of several corrections stays, which is open again: which one counts if a side is chosen, or
    /// that none does, and for which one a void mark was decided that does not count. Empty of anything else.
    func chosen(_ side: ConflictSide, _ teller: inout ChangeTeller) throws -> String {
        guard conflict.kind == .contested, conflict.register == "void",
            conflict.view.table.name == "check_in",
            let decision = conflict.decision, try lookups.isAboutSeveral(decision)
        else { return "" }
        if side.values.allSatisfy(\.isNone) { return "; \(try teller.checkIn(conflict.view.id)) counts" }
        // The void mark of this one is all that is decided: the others are as they stand.
        let counting = try lookups.family().filter {
            $0.id != conflict.view.id && CheckIn($0)?.counts ?? false
        }
        let meant = try lookups.decisions().last {
            $0.kind == .resolve && $0.register == "void" && $0.other != nil
                && $0.valuesAfter.first?.values == side.values
        }?.other
        let isSo = meant.map { id in counting.contains { $0.id == id } } ?? true
        let word = try isSo ? "" : meant.map { "; decided for \(try teller.checkIn($0))" } ?? ""
        guard !counting.isEmpty else { return word + "; no check-in about this visit counts then" }
        let told = try counting.map { "\(try teller.checkIn($0.id)) counts" }
        return word + "; " + told.joined(separator: ", ")
    }
}
