public import SyncModel

/// What somebody decided, as the register of decisions shows it.
public struct Decision: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// What it was.
    public let kind: DecisionKind
    /// The record it is about.
    public let subject: RecordID
    /// The register it is about, if it is about one.
    public let register: String?
    /// The other of two records.
    public let other: RecordID?
    /// The decision that it answers.
    public let answers: RecordID?
    /// Who decided, by staff code.
    public let by: String
    /// When, by their laptop's clock, seconds since 1970.
    public let at: Int64
    /// Why.
    public let reason: String
    /// What stood there, as ``DecidedValue/text(_:)`` writes it; of a decision about two records or about a time those
    /// that it closes, where they are several.
    public let before: String?
    /// What stands since, as ``DecidedValue/text(_:)`` writes it; of a merge the assignments that it made, and of the end of
    /// one merge of several the records by which the two are one person's still.
    public let after: String?
    /// Who asks for another look, if somebody does.
    public let contestedBy: String?
    /// When they did, seconds since 1970.
    public let contestedAt: Int64?
    /// Why they did.
    public let contestReason: String?
    /// The decision that was made anew of it, where that lies with the other of two records and so may not be here.
    public let closedBy: RecordID?

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a decision.
    public init?(_ view: RecordView) {
        guard view.table.name == "decision", view.deletion != .deleted,
            let kind = view["kind"].text.flatMap(DecisionKind.init(rawValue:)),
            let subject = view["subject"].reference,
            let by = view["decided_by"].text,
            let at = view["decided_at"].integer
        else { return nil }
        id = view.id
        self.kind = kind
        self.subject = subject
        register = view["subject_register"].text
        other = view["other"].reference
        answers = view["answers"].reference
        self.by = by
        self.at = at
        reason = view["reason"].text ?? ""
        before = view["before"].text
        after = view["after"].text
        contestedBy = view["contested_by"].text
        contestedAt = view["contested_at"].integer
        contestReason = view["contest_reason"].text
        closedBy = view["closed_by"].reference
    }

    /// ``before``, read; empty where nothing is known of it.
    public var valuesBefore: [DecidedValue] { before.map(DecidedValue.read) ?? [] }

    /// ``after``, read; empty where it was about no value.
    public var valuesAfter: [DecidedValue] { after.map(DecidedValue.read) ?? [] }

    /// Who wrote what it did not let stand, by staff code: they were told of it.
    public var losers: [String] {
        let kept = valuesAfter.first?.values
        return valuesBefore.filter { $0.values != kept }.map(\.author)
    }

    /// Whether somebody asks for another look. A later decision that answers this one closes it again.
    public var isContested: Bool { contestedAt != nil }

    /// The decisions that this one had before it and decides anew: the one that it answers, and of a decision about two
    /// records or about a time all others that stood then; of the end of one that was merged apart into several, about each
    /// of them. None for one that takes another back: that opens it.
    public var closes: [RecordID] {
        guard kind != .undo else { return [] }
        let answered = [answers].compactMap { $0 }
        guard saysOne != nil || kind == .accept else { return answered }
        let read = valuesBefore.flatMap(\.values).compactMap(\.reference)
        return answered + read.filter { $0 != answers }
    }

    /// Of a decision about two records, whether it says that they are one person's; `nil` for any other. Who takes back one
    /// merge of several, and leaves the others, says so too.
    public var saysOne: Bool? {
        switch kind {
        case .merge: true
        case .unmerge: !valuesAfter.isEmpty
        case .distinct: false
        case .resolve, .undo, .renumber, .accept: nil
        }
    }

    /// Whether it is nothing but the note that somebody voided an entry which counted: nothing about it had been asked, and
    /// no other entry counts for it.
    public var isPlainVoid: Bool {
        guard kind == .resolve, register == "void", other == nil, answers == nil, valuesBefore.count == 1,
            let before = valuesBefore.first, let after = valuesAfter.first
        else { return false }
        return before.values.allSatisfy(\.isNone) && after.values.contains { !$0.isNone }
    }

    /// Whether it is nothing but the note that somebody corrected an entry which somebody else had recorded: nothing about it
    /// had been asked, and the other record is the correction, made with it. Only such a note keeps of an entry that counted
    /// when it had been written.
    public var isPlainCorrection: Bool {
        guard kind == .resolve, register == "void", other != nil, answers == nil, valuesBefore.count == 1,
            let before = valuesBefore.first, let after = valuesAfter.first
        else { return false }
        return before.effective != nil && before.values.allSatisfy(\.isNone)
            && after.values.contains { !$0.isNone }
    }

    /// Whether it is only a note of what somebody did with an entry of somebody else's, and answers nothing that was asked.
    public var isPlain: Bool { isPlainVoid || isPlainCorrection }

    /// What a decision about two records or about a time keeps of those that it closes, where they are several: one is in
    /// its `answers` anyhow.
    public static func naming(_ closed: [Decision]) -> String? {
        guard closed.count > 1 else { return nil }
        return DecidedValue.text(
            closed.map { DecidedValue(author: $0.by, effective: nil, values: [.reference($0.id)]) })
    }
}

/// Tells one staff member that something they wrote was decided.
public struct Notice: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// Whom it tells, by staff code.
    public let to: String
    /// The decision. It may not be on this laptop.
    public let decision: RecordID
    /// The record that was decided. It may have left this laptop.
    public let subject: RecordID
    /// The register, if it was about one.
    public let register: String?
    /// When, seconds since 1970.
    public let at: Int64
    /// When it was seen, seconds since 1970.
    public let seenAt: Int64?

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a notice.
    public init?(_ view: RecordView) {
        guard view.table.name == "notice", view.deletion != .deleted,
            let to = view["to_staff"].text, let decision = view["decision"].reference,
            let subject = view["subject"].reference, let at = view["at"].integer
        else { return nil }
        id = view.id
        self.to = to
        self.decision = decision
        self.subject = subject
        register = view["subject_register"].text
        self.at = at
        seenAt = view["seen_at"].integer
    }
}
