import PeerSupport
import SyncModel
import SyncReplica

/// What was decided about a conflict before, and what is said against it.
extension ConflictText {
    /// A decision that bears on what is asked.
    struct Said {
        /// The letter that it was for, where it was for one of those that are offered.
        let letter: String?
        let decision: Decision
        /// Who asks for another look at it, and who took it back; nobody is told of one that stands behind a letter.
        var contests: [Contest] = []
        var undos: [Decision] = []
    }

    /// What was decided before, and what is said against it; and of values for which people decided apart, why each did.
    func said() throws -> [Said] {
        let decisions = try lookups.decisions()
        var all = try sides().compactMap { side in
            decision(behind: side, decisions).map { Said(letter: side.letter, decision: $0) }
        }
        all += try keptApart()
        if let letter = try sides().last?.letter {
            all += try saidToCount().map { Said(letter: letter, decision: $0) }
        }
        let again = try reconsidered() + (conflict.decision.map { [$0] + (try otherwise($0)) } ?? [])
        let replica = try desk.replica()
        return try all
            + again.map { one in
                let answers = try OpenConflicts.decisions(in: replica, answering: one.id)
                return Said(
                    letter: nil, decision: one, contests: try Contest.all(of: one, in: replica),
                    undos: answers.filter { $0.kind == .undo })
            }
    }

    /// The same, line by line.
    func quarrel(on page: inout Page) throws {
        let time = desk.time
        for one in try said() {
            let decision = one.decision
            let when = time.ago(decision.at)
            if let letter = one.letter {
                page.line("  \(letter)  was decided by \(decision.by) \(when): \(decision.reason)", .faint)
                continue
            }
            page.line("  Decided by \(decision.by) \(when): \(Self.what(decision))\(decision.reason)")
            for one in one.contests {
                page.line("  \(one.by) asks for another look: \(one.reason)", .warning)
            }
            for one in one.undos {
                page.line("  \(one.by) took it back \(time.ago(one.at)): \(one.reason)", .warning)
            }
        }
        if let beside = try voidedBeside() { page.line("  \(beside)", .warning) }
    }

    /// The same for programs.
    func saidJSON() throws -> JSON {
        .list(
            try said().map { one in
                [
                    "decision": .text(one.decision.id.text), "letter": .optional(one.letter),
                    "by": .text(one.decision.by), "at": .moment(one.decision.at * 1_000_000),
                    "reason": .text(one.decision.reason),
                    "contests": .list(
                        one.contests.map { ["by": .text($0.by), "reason": .text($0.reason)] }),
                    "taken_back": .list(
                        one.undos.map { undo in
                            [
                                "by": .text(undo.by), "at": .moment(undo.at * 1_000_000),
                                "reason": .text(undo.reason),
                            ]
                        }),
                ]
            })
    }

    /// Of a check-in that was corrected apart, who voided it for another reason: that is asked once one of them stays. `nil`
    /// where nobody did.
    func voidedBeside() throws -> String? {
        guard conflict.kind == .amendments else { return nil }
        let replica = try desk.replica()
        let marks = try replica.siblings(conflict.view.id, of: "void").filter {
            !$0.values.isOpen(in: "void")
        }
        .map { Conflict.Side(change: $0.change, values: $0.values) }
        let behind = VoidedCorrections.corrections(
            leaving: marks, on: conflict.view,
            among: conflict.sides.filter { $0.record?.id != conflict.view.id },
            try OpenConflicts.decisions(in: replica, about: [conflict.view.id]))
        let others = zip(marks, behind).filter { $1 == nil }.map(\.0.values)
        guard marks.count > 1, !others.isEmpty else { return nil }
        let who = others.map { "\($0[1].text ?? "somebody") (\($0[2].text ?? ""))" }
        let then =
            conflict.countsBesideCorrection
            ? "whoever says which one stays has decided about that too."
            : "whether the visit counts at all is asked once one of these stays."
        return "Voided as well by \(who.joined(separator: ", by ")): \(then)"
    }

    /// Decisions about several corrections of one check-in that are open again.
    private func reconsidered() throws -> [Decision] {
        guard conflict.kind == .amendments else { return [] }
        return try OpenConflicts.chains(
            in: desk.replica(), about: conflict.sides.compactMap { $0.record?.id }
        ).open(register: "void")
    }

    /// What people who did not know of a decision about two records decided about the same two, where nobody has decided
    /// anew since.
    private func otherwise(_ said: Decision) throws -> [Decision] {
        guard conflict.kind == .duplicate, let other = conflict.other else { return [] }
        return try Merging(desk: desk).standing([conflict.view.id, other.id]).filter { $0.id != said.id }
    }

    /// What was decided about two records.
    private static func what(_ decision: Decision) -> String {
        guard let saysOne = decision.saysOne else { return "" }
        if saysOne, decision.kind == .unmerge { return "one of two merges taken back, " }
        return saysOne ? "one person, " : "two people, "
    }

    /// The decision by which a value was written, if it was by one: the newest that its author made for these values. Who
    /// only voided an entry has decided nothing that was asked.
    func decision(behind side: ConflictSide, _ decisions: [Decision]) -> Decision? {
        guard let change = side.change, let register = conflict.register else { return nil }
        return decisions.last { decision in
            decision.register == register && decision.by == change.author && !decision.isPlain
                && decision.valuesAfter.first?.values == side.values
        }
    }
}
