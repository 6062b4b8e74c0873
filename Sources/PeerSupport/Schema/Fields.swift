public import SyncModel

/// Fields that many tables share, so that they are limited alike everywhere.
extension Field {
    /// The code of a staff member, site or team.
    static func named(_ name: String, optional: Bool = false, indexed: Bool = false) -> Field {
        Field(name, .text(limit: Limits.nameBytes), optional: optional, indexed: indexed)
    }

    /// One line: a name, a topic, a reason.
    static func line(_ name: String, optional: Bool = true) -> Field {
        Field(name, .text(limit: 500), optional: optional)
    }

    /// A narrative.
    static func story(_ name: String) -> Field {
        Field(name, .text(limit: 16 << 10), optional: true)
    }

    /// The participant a fact is about.
    static let participant = Field("participant", .reference(table: "participant"), indexed: true)

    /// How long something took. A day is the most.
    static func minutes(_ name: String = "minutes") -> Field {
        Field(name, .integer(0...1440), optional: true)
    }
}

extension Register {
    /// Whether a change that writes it makes a record, as a rule: it holds what is written once, or the code, which
    /// only the office changes later.
    public var makesRecord: Bool { isFixed || name == "identity" }

    /// Who recorded an imported row at the time, and when: apart from who imported it, which is the change's
    /// author. Empty for everything that was recorded here.
    static let provenance = Register(
        "provenance",
        [.named("recorded_by", optional: true), Field("recorded_at", .instant, optional: true)],
        isFixed: true)

    /// A fact that should not count, with the reason. What was recorded stays readable. All three empty take the
    /// void back.
    static let void = Register(
        "void",
        [
            Field("voided_at", .instant, optional: true), .named("voided_by", optional: true),
            .line("void_reason"),
        ], isClosing: true)

    /// When something began and ended, and how long it counts. They only mean something together.
    static let time = Register(
        "time",
        [Field("start_at", .instant, indexed: true), Field("end_at", .instant, optional: true), .minutes()])

    /// The code that names a record of the directory or a participant.
    static let identity = Register("identity", [.named("code", indexed: true)], isFixed: true)
}
