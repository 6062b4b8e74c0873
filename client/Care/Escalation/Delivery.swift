import PeerSupport
import SyncModel
import SyncReplica

/// Whether an escalation has reached the server, and so can reach anybody. What was recorded offline has told
/// nobody, and must say so in plain sight.
enum Delivery {
    /// Only this laptop knows.
    case notSent
    /// The server refused it; nobody else knows.
    case refused(reason: String)
    /// The server has it. The time is when it counts as written, by the server's clock.
    case sent(microseconds: Int64?)

    /// What the record's first change came to.
    init(of record: RecordID, in replica: Replica) throws {
        let history = try replica.history(record)
        self.init(history.first { entry in entry.writes.contains { $0.register == "what" } })
    }

    /// What the change that voided the record came to; `nil` for one that counts.
    init?(ofVoiding view: RecordView, in replica: Replica) throws {
        if view["voided_at"].isNone { return nil }
        let history = try replica.history(view.id)
        self.init(history.last { entry in entry.writes.contains { $0.register == "void" } })
    }

    private init(_ entry: HistoryEntry?) {
        switch entry?.outcome {
        case .waiting: self = .notSent
        case .quarantined(let refusal): self = .refused(reason: refusal.reason)
        case .withdrawn: self = .refused(reason: "it was withdrawn")
        default: self = .sent(microseconds: entry?.effective?.microseconds)
        }
    }

    /// A word for a column.
    var cell: Page.Cell {
        switch self {
        case .notSent: Page.Cell("NOT SENT", .bad)
        case .refused: Page.Cell("REFUSED", .bad)
        case .sent: Page.Cell("sent", .good)
        }
    }

    /// A sentence for the record's page.
    func sentence(_ time: LocalTime) -> String {
        switch self {
        case .notSent:
            "NOT SENT: nobody has been told by this laptop. It goes out with the next `porchlight sync`. If it "
                + "cannot wait, phone."
        case .refused(let reason):
            "REFUSED by the server (\(reason)): nobody has been told. Phone, and speak to your administrator."
        case .sent(let microseconds):
            "SENT: the server has it\(microseconds.map { ", as of \(time.ago(floorSeconds($0)))" } ?? "")."
        }
    }

    var isSent: Bool { if case .sent = self { true } else { false } }

    /// For programs: whether it was sent, or why it was refused.
    var json: JSON {
        switch self {
        case .notSent: ["sent": false, "refused": nil, "at": nil]
        case .refused(let reason): ["sent": false, "refused": .text(reason), "at": nil]
        case .sent(let microseconds): ["sent": true, "refused": nil, "at": .moment(microseconds)]
        }
    }
}

/// An escalation in plain words.
enum EscalationReadBack {
    static func show(
        _ row: Escalation, _ delivery: Delivery, _ void: Delivery?, who: String, on page: inout Page,
        _ time: LocalTime
    ) {
        if let at = row.voidedAt {
            page.line(
                "VOID: \(row.voidReason ?? "") (\(row.voidedBy ?? ""), \(time.said(at)))", .warning)
            page.line(voided(delivery, void), void?.isSent ?? true ? .plain : .bad)
        } else {
            page.line(delivery.sentence(time), delivery.isSent ? .good : .bad)
        }
        page.line("\(who): \(row.saw ?? "")")
        page.line("Seen by \(row.seenBy) \(time.said(row.seenAt)), \(row.priority).")
        page.line(told(row, delivery, time))
        if row.voidedAt != nil, row.acknowledgedAt == nil { return }
        if let taken = row.acknowledgedAt {
            let answer = row.response.map { ": \($0)" } ?? ""
            page.line("Taken up by \(row.acknowledgedBy ?? "") \(time.said(taken))\(answer)", .good)
        } else {
            page.line("Open: nobody has taken it up.", .warning)
        }
    }

    /// Who still takes a void escalation for one that counts.
    private static func voided(_ delivery: Delivery, _ void: Delivery?) -> String {
        switch (delivery, void) {
        case (.notSent, _), (.refused, _): "The server never had it, so nobody was told by it."
        case (.sent, .notSent):
            "Everybody else still sees it as it was. That goes out with the next `porchlight sync`."
        case (.sent, .refused(let reason)):
            "The server refused that (\(reason)): for everybody else it still counts. Speak to your administrator."
        case (.sent, _): "The server knows, and whoever was told sees it after their next sync."
        }
    }

    /// Who was told, and how; a recipient who was only named here has not been told before it is sent.
    static func told(_ row: Escalation, _ delivery: Delivery, _ time: LocalTime) -> String {
        guard let whom = row.toldWhom else { return "It is addressed to nobody by name." }
        if let how = row.toldHow, how != "not_yet" {
            let channel = how == "in_person" ? "in person" : "by \(how)"
            return "\(whom) was told \(channel)\(row.toldAt.map { " \(time.said($0))" } ?? "")."
        }
        if row.voidedAt != nil { return "It was addressed to \(whom)." }
        return delivery.isSent
            ? "It is addressed to \(whom), who sees it after their next sync."
            : "It is addressed to \(whom), who does NOT know of it yet."
    }
}

extension Delivery? {
    /// For programs; `null` for what is not void.
    var json: JSON { map(\.json) ?? .null }
}
