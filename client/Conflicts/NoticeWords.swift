import PeerSupport
import SyncModel

extension NoticeList.Told {
    /// What can be done about it, where nothing asks it again already; `nil` where there is nothing to be done.
    var way: String? {
        guard let decision, asking == nil else { return nil }
        let stands = newer ?? decision
        guard stands.kind != .undo else { return nil }
        if newer == nil, stands.closedBy != nil {
            return "It was decided anew since, and that is not on this laptop. Ask your administrator."
        }
        if stands.isContested {
            return "\(stands.contestedBy ?? "Somebody") asked for another look already."
        }
        return "If that is wrong: porchlight reopen \(stands.id.short) --reason \"…\""
    }

    /// What was decided, for whom it tells.
    ///
    /// - Parameter table: of the record that was decided about.
    func what(_ decision: Decision, _ table: String) -> String {
        switch decision.kind {
        case .resolve where decision.register == deletedRegister && decision.other == nil:
            deletion(decision)
        case .resolve where decision.register == "void": void(decision, table)
        case .resolve where isOfAnother(decision):
            "whose record another one is was decided\(itsOwn(decision))"
        case .undo where isOfAnother(decision):
            "a decision about whose record another one is was taken back, and \(isGivenBack ? Self.back : openNow)"
        case .resolve where keepsTheirs(decision): "what you wrote was kept."
        case .resolve where isRestored: "what you had written stands again."
        case .resolve where wasAsked && !wrote(decision):
            "a decision that you asked another look at was made anew."
        case .resolve where decision.register == "redirect" && !wrote(decision):
            "whose record it is was decided, and one that you work with is another person's."
        case .resolve where decision.answers != nil && !wrote(decision):
            "a decision that you made, or were told of, was made anew."
        case .resolve: "something you wrote was decided otherwise."
        case .undo where decision.register == "redirect" && !wrote(decision):
            "a decision about whose record it is was taken back, and \(openNow)"
        case .undo where asking != nil:
            "a decision about something you wrote was taken back, and is open again."
        case .undo: "a decision about something you wrote was taken back."
        case .merge where !isOne: "two records that you work with were said to be one person's."
        case .merge: "two records that you work with are one person's."
        case .unmerge where decision.saysOne == true:
            "one of two merges was taken back; they \(isOne ? "are" : "were") one person still."
        case .unmerge where asking != nil || isOne:
            "two records that you work with were said to be two people's."
        case .unmerge: "two records that you work with are two people's after all."
        case .renumber: "the code of somebody whose record you wrote was changed."
        case .distinct: "two records that look like one person are two people's."
        case .accept: "a time that was corrected counts as it stands."
        }
    }

    private static let back = "they are on your caseload again."

    private var openNow: String { asking == nil ? "another answer stands." : "is open again." }

    /// Whether it is about whose record another one is than that which whoever is told works with.
    func isOfAnother(_ decision: Decision) -> Bool {
        decision.register == "redirect" && decision.subject != notice.subject
    }

    /// Whether the other one is this one's record.
    private func itsOwn(_ decision: Decision) -> String {
        if isGivenBack { return ", and \(Self.back)" }
        return after(decision)?.first == .reference(notice.subject)
            ? ": it is theirs." : ", and it is another person's."
    }

    private func deletion(_ decision: Decision) -> String {
        after(decision) == [.integer(1)]
            ? "it was deleted, as an entry that should not be there." : "it was not deleted after all."
    }

    /// Whether it counts, and of several check-ins about one visit which does.
    private func void(_ decision: Decision, _ table: String) -> String {
        let isVoidNow = now.map { $0.contains { !$0.isNone } }
        if decision.isPlainCorrection {
            guard isVoidNow != false else {
                return "it was corrected by \(decision.by), and counts again as it was."
            }
            return switch instead {
            case .nothing: "it was corrected by \(decision.by), and no entry about the same visit counts."
            case .another(let id) where id == decision.other:
                "it was corrected by \(decision.by), and the correction counts."
            case .theirs: "it was corrected by \(decision.by), and the entry that you corrected it to counts."
            case .another:
                "it was corrected by \(decision.by), and another entry about the same visit counts."
            }
        }
        guard after(decision)?.contains(where: { !$0.isNone }) == true else {
            return isVoidNow == true
                ? "it was said to count, and is void now." : "it counts, and is not void any more."
        }
        guard isVoidNow != false else { return "it was said to be void, and counts now." }
        guard decision.other != nil, ["attendance", "check_in"].contains(table) else {
            return voidAlone(table)
        }
        let isAnswer = table == "attendance"
        return switch instead {
        case .theirs: "it is void, and the entry that you corrected it to counts."
        case .another where isAnswer: "it is void, and another answer about the same person counts."
        case .another: "it is void, and another entry about the same visit counts."
        case .nothing where isAnswer: "it is void, and no other answer about the same person counts."
        case .nothing: "it is void, and no entry about the same visit counts."
        }
    }

    /// What was voided for itself; a check-in may count all the same, as somebody corrected it.
    private func voidAlone(_ table: String) -> String {
        guard table == "check_in" else {
            return table == "session"
                ? "it is void, and nobody's attendance counts." : "it is void, and does not count."
        }
        return switch instead {
        case .nothing: "it is void, and does not count."
        case .theirs: "it was said to be void, and counts as you corrected it."
        case .another: "it was said to be void, and counts as it was corrected."
        }
    }

    /// Of a check-in that is void, which one counts about the same visit.
    func entryThatCounts(_ decision: Decision, _ table: String) -> RecordID? {
        guard table == "check_in", decision.register == "void" else { return nil }
        return switch instead {
        case .theirs(let id), .another(let id): id
        case .nothing: nil
        }
    }

    private func wrote(_ decision: Decision) -> Bool {
        decision.valuesBefore.contains { $0.author == notice.to }
    }

    /// Whether they had written what stays, and nothing else that stood there.
    private func keepsTheirs(_ decision: Decision) -> Bool {
        let theirs = decision.valuesBefore.filter { $0.author == notice.to }
        return !theirs.isEmpty && theirs.allSatisfy { $0.values == after(decision) }
    }

    private func after(_ decision: Decision) -> [Value]? {
        decision.valuesAfter.first?.values
    }
}

extension Conflict {
    /// What becomes of what somebody wrote until it is decided, for whoever wrote it.
    func waiting(for staff: String) -> String {
        switch kind {
        case .deletion:
            switch (sides.first?.change?.author == staff, shownPlace == 0) {
            case (true, true):
                "you deleted it, and somebody who did not know of that recorded something about them."
            case (true, false):
                "you deleted it, and somebody who did not know of that went on with it: it is shown until somebody "
                    + "decides."
            case (false, true):
                "somebody deleted it who did not know what you recorded about them: it is not shown until somebody "
                    + "decides, and what you recorded is kept."
            case (false, false):
                "somebody deleted it who did not know what you wrote: it is shown, with what you wrote, until somebody "
                    + "decides."
            }
        case .amendments where sides.allSatisfy { !($0.record?["voided_at"].isNone ?? true) }:
            "it was corrected apart, by you too, and which correction stays was decided apart as well: none counts "
                + "until somebody decides again."
        case .amendments where countsBesideCorrection:
            "it was corrected by somebody who had not read what was written on it since, as that it was signed, and both count "
                + "until somebody decides."
        case .amendments: "it was corrected apart, by you too, and every correction counts."
        case .void where correction.map({ !$0["voided_at"].isNone }) ?? false:
            "one voided it and another corrected it, and neither counts so far."
        case .void where correction != nil:
            "one voided it and another corrected it, and the correction counts so far."
        case .fork where sides.first?.leads == false:
            "you merged it, and somebody who did not know of that said that it leads to no other record: it counts for "
                + "itself until somebody decides."
        case .fork where !sides.contains { $0.leads && $0.change?.author == staff }:
            "you said that it leads to no other record, and somebody who did not know of that merged it: whose it is, nobody "
                + "has decided yet, and until then it is shown under another one."
        case .fork:
            "you merged it, and somebody who did not know of that merged it into another record: whose it is, nobody has "
                + "decided yet, and until then it is shown under one of them."
        case .void where !isDecidedApart && sides[shownPlace].values.allSatisfy(\.isNone):
            "you voided it, and somebody who did not know of that went on with it, and has signed it: it counts until somebody "
                + "decides."
        default: "what you wrote is kept, and another value is shown."
        }
    }
}

extension Notices {
    /// One after the other; of what somebody decided in one go for one reason the first whole, and of the others which
    /// they are about and what can be done.
    static func write(
        _ all: [NoticeList.Told], to page: inout Page, _ teller: inout ChangeTeller, _ time: LocalTime
    ) throws {
        var left = all[...]
        while let first = left.popFirst() {
            try first.write(to: &page, &teller, time)
            let same = left.prefix { $0.isLike(first) }
            left = left.dropFirst(same.count)
            guard !same.isEmpty else { continue }
            page.line("  The same of \(Wording.count(same.count, "other", "others")):")
            let said = try first.said(&teller)
            for one in same {
                guard let table = one.table else { continue }
                let title = try one.title(table, &teller)
                let own = try one.said(&teller)
                // What is not as it is with the first.
                let parts = [
                    own.decided == said.decided ? nil : own.decided.map { "decided: \($0)" },
                    own.shown == said.shown && own.decided == said.decided
                        ? nil : own.shown.map { "shown now: \($0)" },
                    try one.counting(unlike: first, &teller),
                ].compactMap { $0 }
                page.line(
                    "    \(title)\(parts.isEmpty ? "" : ": \(parts.joined(separator: "; "))")"
                        + (one.way.map { ". \($0)" } ?? ""))
            }
        }
    }
}

extension NoticeList {
    /// Whether what is open was decided before: apart, or until somebody took it back or asked again. What was decided about
    /// the same once, and is over, is another matter.
    func isDecided(_ conflict: Conflict) -> Bool {
        if conflict.decision != nil { return true }
        let isChoice = conflict.kind == .amendments
        let register = isChoice ? "void" : conflict.register
        let records = (isChoice ? [] : [conflict.view.id]) + conflict.sides.compactMap { $0.record?.id }
        return records.flatMap(chains.about).contains { one in
            guard one.kind == .resolve, one.register == register, !one.isPlain, !chains.isClosed(one)
            else {
                return false
            }
            if isChoice || chains.isOpen(one) { return true }
            return conflict.sides.contains { side in
                side.change?.author == one.by && side.values == one.valuesAfter.first?.values
            }
        }
    }
}

extension Notices {
    /// What is undecided, one after the other; of what waits in the same way about one record or one person the first whole,
    /// and of the others only which they are.
    static func write(
        _ found: NoticeList, for staff: String, to page: inout Page, _ teller: inout ChangeTeller,
        at desk: Desk
    ) throws {
        var left = found.undecided
        while let first = left.first {
            func isLike(_ other: Conflict) -> Bool {
                other.kind == first.kind && other.waiting(for: staff) == first.waiting(for: staff)
                    && found.isDecided(other) == found.isDecided(first)
                    && (other.participant ?? other.view.id) == (first.participant ?? first.view.id)
            }
            let same = left.dropFirst().filter(isLike)
            left = left.dropFirst().filter { !isLike($0) }
            let text = ConflictText(first, at: desk)
            page.line("\(try text.title(&teller)): \(first.waiting(for: staff))", .strong)
            let before =
                found.isDecided(first)
                ? "What was decided about it is open again." : "Nobody has decided yet."
            page.line("  \(before) Look at both: porchlight conflicts show \(text.name)")
            guard !same.isEmpty else { continue }
            page.line("  The same of \(Wording.count(same.count, "other", "others")):")
            for one in same {
                let text = ConflictText(one, at: desk)
                page.line("    \(try text.title(&teller)): porchlight conflicts show \(text.name)")
            }
        }
    }
}

extension NoticeList.Told {
    /// The entry that counts in the place of this one, where that is another than with the first of several.
    fileprivate func counting(unlike first: Self, _ teller: inout ChangeTeller) throws -> String? {
        func counts(_ one: Self) -> RecordID? {
            one.table.flatMap { table in one.decision.flatMap { one.entryThatCounts($0, table) } }
        }
        guard let own = counts(self), own != counts(first) else { return nil }
        return "the entry that counts: \(try teller.label(own))"
    }

    /// Whether another one says the same of another record: one decider, one reason, within five minutes.
    fileprivate func isLike(_ other: Self) -> Bool {
        guard let decision, let said = other.decision, let table, table == other.table,
            self.other?.id == other.other?.id, asking == nil, other.asking == nil,
            newer == nil, other.newer == nil
        else { return false }
        return decision.kind == said.kind && decision.by == said.by && decision.reason == said.reason
            && decision.register == said.register && abs(decision.at - said.at) <= 300
            && what(decision, table) == what(said, table)
    }
}
