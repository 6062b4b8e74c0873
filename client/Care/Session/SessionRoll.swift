import PeerSupport
import SyncModel
import SyncReplica

/// Who came to a session and who did not, as it stands on this laptop.
struct SessionRoll {
    /// One participant's attendance.
    struct Line {
        let row: Attendance
        let code: String
        let name: String
    }

    /// The records of it, those included that are void.
    let views: [RecordView]
    /// What counts, by the participants' codes. Of a void session nothing does.
    let lines: [Line]
    /// What is void: by itself, or with its session.
    let voided: [Line]
    /// Of a void session, what is not void by itself: whoever wrote it did not know, or whoever voided the session did
    /// not hold it.
    let stranded: [Line]
    private let isVoid: Bool

    init(of session: RecordView, _ people: People, in replica: Replica) throws {
        views = try replica.find(Query("attendance", where: [.equals("session", .reference(session.id))]))
        let all = try views.compactMap { Attendance($0) }.map { row in
            let code = try people.participant(row.participant)?.code
            return Line(row: row, code: code ?? row.participant.short, name: try people.name(row.participant))
        }
        .sorted { ($0.code, $0.row.id) < ($1.code, $1.row.id) }
        isVoid = !session["voided_at"].isNone
        let standing = all.filter(\.row.counts)
        lines = isVoid ? [] : standing
        voided = isVoid ? all : all.filter { !$0.row.counts }
        stranded = isVoid ? standing : []
    }

    /// Those of one participant that count.
    func of(_ participant: RecordID) -> [Line] { lines.filter { $0.row.participant == participant } }

    /// Each status with the word for it, in the order in which they are told.
    private static let words = [
        ("attended", "Came"), ("excused", "Excused"), ("no_show", "No-show"), ("cancelled", "Cancelled"),
    ]

    /// `Came: P0142 Ana Lopez (81.5 kg, 90 minutes active), P0188 Ben Ode`, a line for each status.
    var sentences: [String] {
        let told = Self.words.compactMap { status, word -> String? in
            let those = lines.filter { $0.row.status == status }
            return those.isEmpty ? nil : "\(word): \(those.map(Self.said).joined(separator: ", "))"
        }
        let counts = Set(lines.map(\.row.participant))
        var void: [String] = []
        // Whoever was entered anew stands there already.
        for line in voided where !counts.contains(line.row.participant) && !void.contains(line.name) {
            void.append(line.name)
        }
        return told + (void.isEmpty ? [] : ["VOID: \(void.joined(separator: ", "))"])
            + (stranded.isEmpty
                ? []
                : [
                    "Not voided by name, and not counted either: "
                        + stranded.map { "\($0.name) (\($0.row.status.spaced))" }.joined(separator: ", ")
                ])
    }

    private static func said(_ line: Line) -> String {
        let row = line.row
        let more = [
            row.weight.map { "\($0.short) \(row.weightUnit ?? "")" },
            row.minutesActive.map { "\(Wording.count($0, "minute")) active" },
            row.conflicts.isEmpty ? nil : "clash",
        ].compactMap { $0 }
        return line.name + (more.isEmpty ? "" : " (\(more.joined(separator: ", ")))")
    }

    /// The codes of those who came, for a column.
    var came: String { lines.filter(\.row.isAttended).map(\.code).joined(separator: ", ") }

    /// The codes of those who did not, each with why.
    var missed: String {
        lines.filter { !$0.row.isAttended }.map { "\($0.code) (\($0.row.status.spaced))" }
            .joined(separator: ", ")
    }

    /// For programs, the void ones too; each with whether it counts.
    func json(_ people: People) throws -> JSON {
        let counts = Set(lines.map(\.row.id))
        return .list(try views.map { try people.json($0).adding("counts", .flag(counts.contains($0.id))) })
    }
}

/// A session in plain words.
enum SessionReadBack {
    /// `Session 6 (core, group) on Mon 16 Nov 2026, at 14:00, 60 minutes, at S1.`
    static func title(_ row: Session, _ time: LocalTime) -> String {
        let name =
            row.number.map { "\(row.makesUp == nil ? "Session" : "Make-up of session") \($0)" }
            ?? "Session (\(row.activity?.spaced ?? ""))"
        let kind = [row.phase?.rawValue, row.format].compactMap { $0 }.joined(separator: ", ")
        let minutes = row.minutes.map { ", \(Wording.count($0, "minute"))" } ?? ""
        return "\(name) (\(kind)) \(time.said(row.start))\(minutes), at \(row.site)."
    }

    /// The title, who came, and what was written down.
    static func show(
        _ view: RecordView, _ roll: SessionRoll, me: String, on page: inout Page, _ time: LocalTime
    ) {
        guard let row = Session(view) else { return }
        page.line(title(row, time))
        if row.peer != me { page.line("Led by \(row.peer).") }
        if let void = Voiding.sentence(view, time) {
            page.line("\(void). Nobody's attendance counts.", .warning)
        }
        for sentence in roll.sentences { page.line(sentence) }
        let notes: [(String, String?)] = [
            ("what we did", view["did"].text), ("adaptation", view["adaptation"].text),
            ("signed", row.signedAt.map { time.text(of: $0) }), ("recorded by", view["recorded_by"].text),
        ]
        page.pairs(notes.compactMap { label, text in text.map { (label, Page.Cell($0)) } })
    }
}
