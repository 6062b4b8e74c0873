import SyncModel

/// Three tables, enough of a domain to see every rule of the engine.
struct TestDomain: Domain {
    var schema: Schema = TestDomain.tables(version: 1)

    static func tables(version: UInt32, more: [Register] = []) -> Schema {
        Schema(
            version: version,
            tables: [
                Table(
                    "person",
                    [
                        Register("name", [Field("name", .text(limit: 100), indexed: true)]),
                        Register("born", [Field("born", .date, optional: true)]),
                        Register(
                            "contact",
                            [
                                Field("phone", .text(limit: 40), optional: true),
                                Field("email", .text(limit: 80), optional: true),
                            ]),
                        Register("goal", [Field("goal", .text(limit: 200), optional: true)]),
                    ] + more),
                Table(
                    "visit",
                    [
                        Register(
                            "who", [Field("person", .reference(table: "person"), indexed: true)],
                            isFixed: true),
                        Register(
                            "time",
                            [Field("start", .instant, indexed: true), Field("minutes", .integer(0...600))]),
                        Register(
                            "note", [Field("note", .text(limit: 5_000)), Field("signed", .flag)],
                            rank: .whenSet(index: 1)),
                        Register("weight", [Field("weight", .real(0...500), optional: true)]),
                    ]),
                Table(
                    "memo", [Register("seen", [Field("seen", .instant, optional: true)])],
                    asksForDecisions: false),
            ])
    }

    var roleField: (table: String, field: String) { ("staff", "role") }

    func contributions(of record: RecordView) -> [ScopeContribution] { [] }

    func subscriptions(of actor: Actor, staff: RecordView?) -> [ScopeKey] { ["all"] }

    func refusal(
        of judged: JudgedChange, lookup: (RecordID) throws -> RecordView?
    ) rethrows -> Refusal? {
        if judged.actor.role == "peer", judged.change.writes.contains(where: { $0.register == "goal" }) {
            return Refusal(code: "permission", reason: "a peer specialist sets no goal")
        }
        if judged.change.table == "visit", judged.before == nil,
            let who = judged.change.writes.first(where: { $0.register == "who" })?.values.first?.reference,
            try lookup(who) == nil
        {
            return Refusal(code: "scope", reason: "this person is not known here")
        }
        return nil
    }
}

/// Short ways to write values.
enum Write {
    static func name(_ text: String) -> RegisterWrite { RegisterWrite("name", [.text(text)]) }
    static func phone(_ text: String) -> RegisterWrite { RegisterWrite("contact", [.text(text), .none]) }
    static func born(_ days: Int64) -> RegisterWrite { RegisterWrite("born", [.integer(days)]) }
    static func who(_ id: RecordID) -> RegisterWrite { RegisterWrite("who", [.reference(id)]) }
    static func time(_ start: Int64, _ minutes: Int64) -> RegisterWrite {
        RegisterWrite("time", [.integer(start), .integer(minutes)])
    }
    static func note(_ text: String, signed: Bool = false) -> RegisterWrite {
        RegisterWrite("note", [.text(text), .integer(signed ? 1 : 0)])
    }
}
