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
    /// What counts, by the participants' codes, everybody once. Of a void session nothing does.
    let lines: [Line]
    /// Of people who stand on the list several times what does not count beside the first, which is among ``lines``.
    let beside: [Line]
    /// These people, each with all that stands of them.
    let twice: [Twice]
    /// People of whose answers each was kept by somebody and voided by somebody else for another one, and nobody has decided
    /// since which one stays.
    let apart: [Twice]
    /// What is void: by itself, or with its session.
    let voided: [Line]
    /// Of a void session, what is not void by itself: whoever wrote it did not know, or whoever voided the session did
    /// not hold it.
    let stranded: [Line]
    private let isVoid: Bool
    private let session: RecordID
    private let people: Redirects

    /// Somebody who was put on the list by people who did not know of each other.
    struct Twice {
        /// The oldest first, with who entered it, and of what was kept apart who kept it.
        let lines: [(line: Line, author: String)]

        /// `twice`
        var times: String { lines.count == 2 ? "twice" : "\(lines.count) times" }
    }

    init(of session: RecordView, _ people: People, in replica: Replica) throws {
        views = try replica.find(Query("attendance", where: [.equals("session", .reference(session.id))]))
        let all = try views.compactMap { Attendance($0) }.map { row in
            let code = try people.participant(row.participant)?.code
            return Line(row: row, code: code ?? row.participant.short, name: try people.name(row.participant))
        }
        .sorted { ($0.code, $0.row.id) < ($1.code, $1.row.id) }
        isVoid = !session["voided_at"].isNone
        self.session = session.id
        let merged = try people.merges().redirects
        self.people = merged
        let standing = all.filter(\.row.counts)
        let groups = isVoid ? [] : TwiceOnList.groups(standing.map(\.row), merged)
        twice = try groups.map { rows in
            Twice(
                lines: try rows.compactMap { row in
                    let author = try replica.siblings(row.id, of: "status").first?.change.author
                    return all.first { $0.row.id == row.id }.map { (line: $0, author: author ?? "") }
                })
        }
        apart = isVoid ? [] : try Self.apart(all, merged, in: replica)
        let surplus = Set(groups.flatMap { $0.dropFirst() }.map(\.id))
        beside = standing.filter { surplus.contains($0.row.id) }
        lines = isVoid ? [] : standing.filter { !surplus.contains($0.row.id) }
        voided = isVoid ? all : all.filter { !$0.row.counts }
        stranded = isVoid ? standing : []
    }

    private static func apart(_ all: [Line], _ people: Redirects, in replica: Replica) throws -> [Twice] {
        try TwiceOnList.doubtful(all.map(\.row), people).compactMap { rows in
            let chains = try OpenConflicts.chains(in: replica, about: rows.map(\.id))
            var marks: [RecordID: [[Value]]] = [:]
            for row in rows { marks[row.id] = try replica.siblings(row.id, of: "void").map(\.values) }
            let kept = TwiceOnList.keptApart(rows, chains) { marks[$0] ?? [] }
            guard kept.count > 1 else { return nil }
            return Twice(
                lines: try kept.compactMap { row in
                    // Whoever was overruled since keeps nothing.
                    let keepers = Set(
                        chains.all.filter { one in
                            one.kind == .resolve && one.other == row.id && !chains.isClosed(one)
                                && !chains.isUndone(one)
                        }
                        .map(\.by))
                    // Whoever keeps it says the same once more; anybody else who wrote it put it right.
                    let said = try replica.siblings(row.id, of: "status").first?.change.author ?? ""
                    let maker = try replica.siblings(row.id, of: "what").first?.change.author ?? ""
                    let author = keepers.contains(said) ? maker : said
                    let others = keepers.subtracting([author]).sorted().joined(separator: ", ")
                    return all.first { $0.row.id == row.id }.map { line in
                        (line: line, author: others.isEmpty ? author : "\(author), kept by \(others)")
                    }
                })
        }
    }

    /// Of one participant what was kept apart, under whichever of their records, the oldest first.
    func keptApart(_ participant: RecordID) -> [Line] {
        let person = people.root(of: participant)
        return apart.flatMap(\.lines).map(\.line).filter { people.root(of: $0.row.participant) == person }
    }

    /// What stands of one participant, under whichever of their records, the oldest first: several where they are on the list
    /// several times.
    func of(_ participant: RecordID) -> [Line] {
        let person = people.root(of: participant)
        return standing.filter { people.root(of: $0.row.participant) == person }
            .sorted { $0.row.id < $1.row.id }
    }

    /// All that is not void, of those too who are on the list several times.
    var standing: [Line] { lines + beside }

    /// Each status with the word for it, in the order in which they are told.
    private static let words = [
        ("attended", "Came"), ("excused", "Excused"), ("no_show", "No-show"), ("cancelled", "Cancelled"),
    ]

    /// `Came: P0142 Ana Lopez (81.5 kg, 90 minutes active), P0188 Ben Ode`, a line for each status.
    var sentences: [String] {
        let several = Set((twice + apart).flatMap(\.lines).map(\.line.row.id))
        let told = Self.words.compactMap { status, word -> String? in
            let those = lines.filter { $0.row.status == status && !several.contains($0.row.id) }
            return those.isEmpty ? nil : "\(word): \(those.map(Self.said).joined(separator: ", "))"
        }
        // Whoever was entered anew stands there already, under whichever of their records.
        var named = Set(
            (lines + apart.flatMap(\.lines).map(\.line)).map { people.root(of: $0.row.participant) })
        let void = voided.filter { named.insert(people.root(of: $0.row.participant)).inserted }.map(\.name)
        return told + twice.flatMap(sentences) + apart.map(sentence)
            + (void.isEmpty ? [] : ["VOID: \(void.joined(separator: ", "))"])
            + (stranded.isEmpty
                ? []
                : [
                    "Not voided by name, and not counted either: "
                        + stranded.map { "\($0.name) (\($0.row.status.spaced))" }.joined(separator: ", ")
                ])
    }

    /// What stands of somebody who is on the list several times, and how one of it comes to count alone.
    private func sentences(_ person: Twice) -> [String] {
        guard let first = person.lines.first?.line else { return [] }
        let said = person.lines.map { "\($0.line.row.status.spaced), \($0.author)" }
        return [
            "On the list \(person.times): \(first.name) (\(said.joined(separator: "; ")))",
            "  the one that is right stays: \(ways(of: person).joined(separator: ", or "))",
        ]
    }

    /// What was kept apart of somebody, and how one of it comes to count alone.
    private func sentence(_ person: Twice) -> String {
        let counts = Set(standing.map(\.row.id))
        let said = person.lines.map { line, author in
            "\(line.row.status.spaced), \(author)\(counts.contains(line.row.id) ? ", counts so far" : "")"
        }
        let name = person.lines.first?.line.name ?? ""
        let none = person.lines.contains { counts.contains($0.line.row.id) } ? "" : ", and none counts so far"
        return "Each answer was kept by somebody\(none): \(name) (\(said.joined(separator: "; "))); "
            + "the one that is right stays: \(ways(of: person).joined(separator: ", or "))"
    }

    /// The command lines by which one of somebody's answers comes to count alone.
    func ways(of person: Twice) -> [String] {
        guard let first = person.lines.first?.line else { return [] }
        // Two people may have one code.
        let id = people.root(of: first.row.participant)
        var ways: [String] = []
        for (line, _) in person.lines {
            let way =
                "porchlight session attendance \(session.short) \(id.short) --status \(line.row.status)"
            if !ways.contains(way) { ways.append(way) }
        }
        return ways
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
    var came: String {
        lines.filter(\.row.isAttended)
            .map { line in line.code + (several(line).map { " (on the list \($0.times))" } ?? "") }
            .joined(separator: ", ")
    }

    private func several(_ line: Line) -> Twice? {
        twice.first { $0.lines.contains { $0.line.row.id == line.row.id } }
    }

    /// The codes of those who did not, each with why.
    var missed: String {
        lines.filter { !$0.row.isAttended }
            .map { line in
                let times = several(line).map { "; on the list \($0.times)" } ?? ""
                return "\(line.code) (\(line.row.status.spaced)\(times))"
            }
            .joined(separator: ", ")
    }

    /// For programs, the void ones too; each with whether it counts, and beside which it does not because the same person is
    /// on the list with that.
    func json(_ people: People) throws -> JSON {
        let counts = Set(lines.map(\.row.id))
        let first = Dictionary(
            twice.flatMap { one in one.lines.dropFirst().map { ($0.line.row.id, one.lines[0].line.row.id) } }
        ) { one, _ in one }
        return .list(
            try views.map {
                try people.json($0).adding("counts", .flag(counts.contains($0.id)))
                    .adding("beside", .optional(first[$0.id]?.text))
            })
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
