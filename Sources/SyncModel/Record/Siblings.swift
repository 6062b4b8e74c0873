/// One of the values a register holds.
public struct Sibling: Hashable, Sendable {
    /// The change that wrote it.
    public let change: LiveChange
    /// Its values, in the schema's order.
    public let values: [Value]
    /// The schema's rank of these values.
    public let rank: Int

    /// Whether this sibling is shown rather than the other: the greatest of (rank, effective time,
    /// incarnation, number). What no server has judged yet counts as the latest of its rank.
    func outranks(_ other: Sibling) -> Bool {
        if rank != other.rank { return rank > other.rank }
        let mine = change.effective?.microseconds ?? .max
        let theirs = other.change.effective?.microseconds ?? .max
        if mine != theirs { return mine > theirs }
        return change.dot > other.change.dot
    }
}

extension RecordState {
    /// The values a register holds by descending precedence. The first is the one that is shown, unless the register closes the
    /// record: see ``siblings(of:in:)``.
    ///
    /// Empty when nobody ever wrote it. These are exactly the maximal writes by true causality.
    public func siblings(of register: String, rank: RankRule = .none) -> [Sibling] {
        if live.count == 1 {
            guard let values = live[0].values(of: register) else { return [] }
            return [Sibling(change: live[0], values: values, rank: rank.rank(values))]
        }
        let writers = live.compactMap { change in
            change.values(of: register).map { (change, $0) }
        }
        let coverage = Coverage(writers.map(\.0))
        return writers.filter { !coverage.covers($0.0.dot) }
            .map { Sibling(change: $0, values: $1, rank: rank.rank($1)) }
            .sorted { $0.outranks($1) }
    }

    /// The value of a register that comes before its others; `nil` when nobody ever wrote it. What people are shown is
    /// ``shown(of:in:)``.
    public func winner(of register: String, rank: RankRule = .none) -> [Value]? {
        if live.count == 1 { return live[0].values(of: register) }
        return siblings(of: register, rank: rank).first?.values
    }

    /// What everybody is shown of a register of a table; `nil` when nobody ever wrote it.
    ///
    /// As a rule the winner. A closing register says that the rest of the record does not count, and so it stands only against
    /// what its writer can have meant: a void mark by somebody who had not read that the note was signed, or by whom a signed
    /// note was not read at all, is shown as if it were not there until somebody who has read both decides. The signed text
    /// stands, as it does against another text.
    public func shown(of register: Register, in table: Table) -> [Value]? {
        guard register.isClosing, live.count > 1 else {
            return winner(of: register.name, rank: register.rank)
        }
        let ranked = ranked(in: table)
        let all = siblings(of: register.name, rank: register.rank)
        guard let first = all.first, !ranked.isEmpty else { return all.first?.values }
        return all.first { Self.stands($0, against: ranked) }?.values ?? first.values.map { _ in Value.none }
    }

    /// The values a register of a table holds, the one that is shown first if any of them is: in a closing register those that
    /// stand come before those that do not.
    public func siblings(of register: Register, in table: Table) -> [Sibling] {
        let all = siblings(of: register.name, rank: register.rank)
        guard register.isClosing, all.count > 1, case let ranked = ranked(in: table), !ranked.isEmpty else {
            return all
        }
        return all.filter { Self.stands($0, against: ranked) }
            + all.filter { !Self.stands($0, against: ranked) }
    }

    /// The changes that outrank others in some register of a table, as signatures do.
    private func ranked(in table: Table) -> [LiveChange] {
        table.registers.filter { $0.rank != .none }.flatMap { register in
            siblings(of: register.name, rank: register.rank).filter { $0.rank > 0 }.map(\.change)
        }
    }

    /// Whether what closes a record had read each of these, or was read by it; what says that nothing is closed stands always.
    private static func stands(_ mark: Sibling, against ranked: [LiveChange]) -> Bool {
        mark.values.allSatisfy(\.isNone)
            || ranked.allSatisfy {
                $0.dot == mark.change.dot || mark.change.covers($0) || $0.covers(mark.change)
            }
    }

    /// Whether a register holds different values written without knowledge of each other.
    /// Siblings with equal content are no conflict.
    public func isInConflict(_ register: String) -> Bool {
        guard live.count > 1 else { return false }
        let found = siblings(of: register)
        return found.dropFirst().contains { $0.values != found[0].values }
    }

    /// The registers in conflict, sorted by name, ``deletedRegister`` among them when somebody deleted
    /// what somebody else, not knowing of it, went on writing.
    public var conflicts: [String] {
        guard live.count > 1 else { return [] }
        var names = Set<String>()
        for change in live { for write in change.writes { names.insert(write.register) } }
        var found = names.filter { isInConflict($0) }
        if deletion == .contested { found.insert(deletedRegister) }
        return found.sorted()
    }

    /// The closing registers of a table that are contested: somebody voided the record, and somebody else, not
    /// knowing of it, went on writing. Sorted by name.
    public func contested(in table: Table) -> [String] {
        guard live.count > 1 else { return [] }
        return table.registers.filter { register in
            register.isClosing
                && siblings(of: register.name).contains { closing in
                    closing.values.contains { !$0.isNone }
                        && live.contains { other in
                            other.dot != closing.change.dot && !other.covers(closing.change)
                                && !closing.change.covers(other)
                                && other.writes.contains { $0.register != register.name }
                        }
                }
        }
        .map(\.name).sorted()
    }

    /// Everything in a record that a person has to decide: registers in conflict, and closing ones that are
    /// contested. Sorted by name.
    public func open(in table: Table) -> [String] {
        let contested = contested(in: table)
        return contested.isEmpty ? conflicts : Set(conflicts + contested).sorted()
    }

    /// The live changes whose time the server had to correct by more than
    /// ``Limits/tolerableCorrectionMicroseconds``, because their writer's clock was off. They count at the corrected
    /// time.
    public var corrected: [LiveChange] { live.filter(\.isCorrected) }

    /// Whether the record is deleted, and whether everybody who wrote to it knew.
    public enum Deletion: Hashable, Sendable {
        /// Nobody deleted it, or the deletion was taken back.
        case none
        /// Deleted, and every live change was read by a deletion.
        case deleted
        /// Deleted by one and written by another who had not read that: it stays visible, and flagged.
        case contested
    }

    /// How the record stands. Deleting writes the record's own register and kills no values.
    public var deletion: Deletion {
        let words = siblings(of: deletedRegister)
        guard let first = words.first, first.values == [.integer(1)] else { return .none }
        let deletions = Coverage(words.filter { $0.values == [.integer(1)] }.map(\.change))
        let contested = live.contains { change in
            change.values(of: deletedRegister) != [.integer(1)] && !deletions.covers(change.dot)
        }
        return contested ? .contested : .deleted
    }
}

/// The register that every record has beside its schema's: one flag, 1 for deleted.
public let deletedRegister = "deleted"
