import SyncModel

/// What people decided about what was written apart, and who is told.
enum DecisionTables {
    static let all = [decision, notice]

    /// A decision is a record of its own, written with what it changes or not at all, so that it travels with the
    /// record it is about and the register of decisions is the same everywhere. Two who ask for another look at one
    /// contradict nobody.
    static let decision = Table(
        "decision",
        [
            Register(
                "what",
                [
                    Field("kind", .code(DecisionKind.allCases.map(\.rawValue)), indexed: true),
                    Field("subject", .reference(table: anyTable), indexed: true),
                    // The register that was decided, where it is about one.
                    .named("subject_register", optional: true),
                    // The other of two records: of a pair that may be one person, or the one merged into.
                    Field("other", .reference(table: anyTable), optional: true),
                    // The decision that this one answers: undoes, or decides anew after it was contested.
                    Field("answers", .reference(table: "decision"), optional: true, indexed: true),
                    .named("decided_by"), Field("decided_at", .instant, indexed: true),
                    .line("reason", optional: false),
                ], isFixed: true),
            // What stood there, and what stands since: whole values, so that a decision can be taken back.
            Register(
                "values",
                [
                    Field("before", .text(limit: DecisionLimits.valueBytes), optional: true),
                    Field("after", .text(limit: DecisionLimits.valueBytes), optional: true),
                ], isFixed: true),
            // Whose value was not kept asks for another look.
            Register(
                "contest",
                [
                    .named("contested_by", optional: true), Field("contested_at", .instant, optional: true),
                    .line("contest_reason"),
                ]),
            // The decision that was made anew of it, where that lies with the other of two records: it may leave
            // whoever holds this one.
            Register("closed", [Field("closed_by", .reference(table: "decision"), optional: true)]),
        ], asksForDecisions: false)

    /// Tells somebody that something they wrote is not what is shown. It lies with them alone and has nobody's
    /// words: when the record has left them, they learn that something was decided and no more. Whoever has seen it on
    /// two laptops has seen it.
    static let notice = Table(
        "notice",
        [
            Register(
                "what",
                [
                    .named("to_staff", indexed: true), Field("decision", .reference(table: "decision")),
                    Field("subject", .reference(table: anyTable)), .named("subject_register", optional: true),
                    Field("at", .instant),
                ], isFixed: true),
            Register("seen", [Field("seen_at", .instant, optional: true)], severity: .newestWins),
        ], asksForDecisions: false)
}

/// What a decision was.
public enum DecisionKind: String, CaseIterable, Hashable, Sendable {
    /// One of several values stays.
    case resolve
    /// What a decision had replaced stands again.
    case undo
    /// Two records are one person's.
    case merge
    /// They are not, after all.
    case unmerge
    /// A participant has another code.
    case renumber
    /// Two records that look like one person are two people.
    case distinct
    /// A time that was corrected, or anything else that was listed, is right as it stands.
    case accept
}

/// Bounds on decisions.
public enum DecisionLimits {
    /// Bytes of the values before and after: several notes fit, and a change still fits its own limit.
    public static let valueBytes = 48 << 10
}
