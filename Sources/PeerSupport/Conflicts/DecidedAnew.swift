public import SyncModel

extension DecisionChains {
    /// For each decision those that it decides anew, the one that it names first; of one that takes another back, that other
    /// one. Those of which nothing is known here are among them.
    ///
    /// A decision about a register names one at most. Where people had decided apart, the next one has before it what each of
    /// them let stand, and decides all of them anew; and of check-ins that were corrected apart, of which each has a decision
    /// of its own, also those that had kept another one.
    public func decidedAnew() -> [RecordID: [RecordID]] {
        var found: [RecordID: [RecordID]] = [:]
        var closed: [RecordID: [Decision]] = [:]
        for one in all {
            var ids = one.kind == .undo ? [one.answers].compactMap { $0 } : self.closed(by: one)
            if one.kind == .resolve, let register = one.register {
                let others = rivals(of: one, register).filter { !ids.contains($0.id) && !isUndone($0) }
                // What it goes back to it had read. Of two who decide the same anew apart neither had read the other's word.
                let read = back(from: ids + others.map(\.id), found)
                ids += others.filter { rival in
                    (closed[rival.id] ?? []).allSatisfy { closer in
                        closer.isOneAct(with: one)
                            || !read.contains(closer.id) && isApart(closer, from: one, about: rival)
                    }
                }
                .map(\.id)
                ids += alike(one, register, besides: ids).map(\.id)
                // What had been decided of it since names these itself.
                let known = back(from: ids, found)
                ids += Self.saidOfTwo(before: one, about(one.subject)).filter { id in
                    !known.contains(id) && (closed[id] ?? []).allSatisfy { !read.contains($0.id) }
                }
            }
            if one.kind != .undo { for id in ids { closed[id, default: []].append(one) } }
            found[one.id] = ids
        }
        return found
    }

    /// For each decision those that decided it anew, by time: what ``decidedAnew()`` says, from the other end.
    public func decidersAnew() -> [RecordID: [Decision]] {
        var found: [RecordID: [Decision]] = [:]
        let before = decidedAnew()
        for one in all where one.kind != .undo {
            for id in before[one.id] ?? [] { found[id, default: []].append(one) }
        }
        return found
    }

    /// The newest of those that decided one anew, directly or by others between, and were not decided anew themselves; `nil`
    /// where nobody has who knew of it, and of a merge that was let stand. What decides otherwise after that counts.
    ///
    /// - Parameter deciders: what ``decidersAnew()`` says.
    public func newest(after decision: Decision, _ deciders: [RecordID: [Decision]]) -> Decision? {
        var newest: Decision?
        var waiting = deciders[decision.id] ?? []
        let letting = Set(waiting.filter { $0.letsStand(decision) }.map(\.id))
        var seen: Set<RecordID> = [decision.id]
        while let next = waiting.popLast() {
            guard seen.insert(next.id).inserted else { continue }
            let later = deciders[next.id] ?? []
            let isLater = newest.map { ($0.at, $0.id) < (next.at, next.id) } ?? true
            if later.isEmpty, isLater, !letting.contains(next.id) { newest = next }
            waiting += later
        }
        return newest
    }

    /// Whether one lets a value stand: of several, or another code.
    private static func isOfValues(_ one: Decision) -> Bool { one.kind == .resolve || one.kind == .renumber }

    /// Some decisions and everything that they decide anew.
    private func back(from some: [RecordID], _ found: [RecordID: [RecordID]]) -> Set<RecordID> {
        var read: Set<RecordID> = []
        var waiting = some
        while let next = waiting.popLast() {
            if read.insert(next).inserted { waiting += found[next] ?? self[next].map(closed) ?? [] }
        }
        return read
    }

    /// Whether what another decision let stand stood there just as it was both before one and before that which had closed
    /// it, so that both were asked the same. What is written anew with the same words counts as written at another time.
    private func isApart(_ closer: Decision, from one: Decision, about rival: Decision) -> Bool {
        guard let kept = rival.valuesAfter.first?.values,
            let own = together(with: one).first(where: {
                $0.subject == closer.subject && $0.register == closer.register
            })
        else { return false }
        return own.valuesBefore.contains { value in
            value.values == kept
                && closer.valuesBefore.contains {
                    $0.values == value.values && $0.effective == value.effective
                }
        }
    }

    /// What had been decided about the same otherwise, or for it in the place of another check-in, before a decision.
    private func rivals(of one: Decision, _ register: String) -> [Decision] {
        let beside = register == "void" && one.takesVoidBack ? naming(one.subject) : []
        return (about(one.subject) + beside).filter { rival in
            guard Self.isOfValues(rival), rival.register == register, rival.id != one.id, rival.at <= one.at,
                !goesBack(rival, to: one)
            else { return false }
            guard rival.subject != one.subject else { return one.hasBefore(rival) }
            // The other one is void still, as that decision had left it; or what was decided of it with this says whether
            // it had been.
            let said = together(with: one).first { $0.subject == rival.subject && $0.register == register }
            return said.map { $0.hasBefore(rival) } ?? true
        }
    }

    private func goesBack(_ one: Decision, to earlier: Decision) -> Bool {
        ancestors(of: one).contains(earlier.id)
    }

    /// What people had decided alike and apart from the one that is answered: what stood there since had read both, or else
    /// what they let stand would stand beside it.
    private func alike(_ one: Decision, _ register: String, besides ids: [RecordID]) -> [Decision] {
        guard let answered = answered(by: one), answered.register == register, Self.isOfValues(answered),
            let kept = answered.valuesAfter.first?.values
        else { return [] }
        return about(answered.subject).filter { other in
            Self.isOfValues(other) && other.register == register && other.at <= one.at && other.id != one.id
                && !ids.contains(other.id) && other.valuesAfter.first?.values == kept
                && !isClosed(other) && !isUndone(other) && areApart(other, answered)
                && !about(other.subject).contains { later in
                    later.at > other.at && later.register == register && later.hasBefore(other)
                }
        }
    }

    /// Whether two decisions about the same were made by people who did not know of each other: neither goes back to the
    /// other, and of a value both were asked about the same one. Whoever decides about a value that was written since has
    /// read what had been decided before.
    public func areApart(_ one: Decision, _ other: Decision) -> Bool {
        guard one.id != other.id, !goesBack(one, to: other), !goesBack(other, to: one) else { return false }
        guard Self.isOfValues(one), Self.isOfValues(other) else { return true }
        return one.valuesBefore.contains { value in
            other.valuesBefore.contains {
                $0.values == value.values && $0.effective == value.effective
            }
        }
    }
}

extension Decision {
    /// Of a merge, whether this says whose record it is that was merged into several, and says the same.
    fileprivate func letsStand(_ merge: Decision) -> Bool {
        guard merge.kind == .merge, register == "redirect", let other = merge.other else { return false }
        return valuesAfter.first?.values.first == .reference(other)
    }

    /// Whether a check-in counts again by it that was void.
    fileprivate var takesVoidBack: Bool {
        valuesAfter.first?.values.allSatisfy(\.isNone) ?? false
            && valuesBefore.contains { $0.values.contains { !$0.isNone } }
    }

    /// Whether what another decision let stand is what stood there before this one. A value that both had before them is
    /// not by the other decision.
    fileprivate func hasBefore(_ other: Decision) -> Bool {
        guard let kept = other.valuesAfter.first?.values else { return false }
        return valuesBefore.contains { value in
            value.values == kept
                && !other.valuesBefore.contains {
                    $0.values == value.values && $0.effective == value.effective
                }
        }
    }
}
