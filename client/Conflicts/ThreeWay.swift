import PeerSupport
import SyncModel
import SyncReplica

/// The values of a conflict as one text with both, like the merge of a version control: what is alike stands once,
/// what differs stands between marks.
struct ThreeWay {
    let text: ConflictText
    let desk: Desk

    private static let begin = "<<<<<<<"
    private static let base = "|||||||"
    private static let middle = "======="
    private static let end = ">>>>>>>"
    private static let head = "=== "

    /// Opens the editor and reads what was saved.
    ///
    /// - Throws: ``SyncError`` when nothing was saved, marks are left, or a value does not fit.
    func edited() throws -> [Value] {
        guard let register = text.conflict.register,
            let layout = text.conflict.view.table.register(register),
            text.takesValues
        else {
            throw SyncError(
                .badValue, "this conflict has no values to edit", means: "nothing was decided",
                advice: ConflictsShow.choices(text))
        }
        let editor = try Editor(at: desk)
        let sides = try text.sides()
        let before = try written(sides, layout)
        let after = try editor.edit(before, name: "porchlight-\(text.name)")
        guard after != before else { throw Self.unfinished("nothing was changed in the editor") }
        return try settled(after, sides, layout)
    }

    /// The values that were saved, with whose they are.
    func settled(_ saved: String, _ sides: [ConflictSide], _ layout: Register) throws -> [Value] {
        let values = try values(saved, sides, layout)
        guard text.settlesReferral else {
            return Credited.signed(
                values, of: layout, offered: sides.map(\.values), by: try desk.enrolment().staff,
                on: desk.time.today.days)
        }
        try Resolve.refuse(values)
        return ReferralStatus.signed(
            values, offered: sides.map(\.values), by: try desk.enrolment().staff, now: desk.time.now)
    }

    /// The values that were saved.
    func values(_ saved: String, _ sides: [ConflictSide], _ layout: Register) throws -> [Value] {
        let texts = try read(saved, layout)
        let shown = sides.first?.values ?? []
        return try layout.fields.enumerated().map { place, field in
            let said = texts[place]
            // What stands as it was shown is taken as it was, and not as it is written out.
            if place < shown.count, said == (try display(shown[place], field)) { return shown[place] }
            for side in sides where place < side.values.count {
                if said == (try display(side.values[place], field)) { return side.values[place] }
            }
            try Credited.refuse(typed: [field.name])
            return try TypedValue(desk, in: text.conflict.view.table.name, of: text.subject).read(
                said, as: field,
                standing: sides.compactMap { place < $0.values.count ? $0.values[place] : nil })
        }
    }

    /// The text that is opened.
    func written(_ sides: [ConflictSide], _ layout: Register) throws -> String {
        var teller = ChangeTeller(desk)
        var lines = [
            "# \(try text.title(&teller))",
            "# Leave under each heading what is to stand there, without the marks. Lines that begin with # go.",
            "# Save an empty file to decide nothing.",
        ]
        for (place, field) in layout.fields.enumerated() {
            lines.append("\(Self.head)\(field.name) (\(Wording.field(field.name)))")
            let texts = try sides.map { side in
                place < side.values.count ? try display(side.values[place], field) : ""
            }
            if Set(texts).count <= 1 {
                lines.append(texts.first ?? "")
                continue
            }
            for (number, (side, said)) in zip(sides, texts).enumerated() {
                let who = "\(side.letter)  \(side.author), \(side.when(desk.time)) (\(side.state))"
                lines.append(number == 0 ? "\(Self.begin) \(who)" : "\(Self.middle) \(who)")
                lines.append(said)
                guard number == 0 else { continue }
                if let base = text.base, place < base.values.count {
                    lines += ["\(Self.base) both had read", try display(base.values[place], field)]
                } else if let words = text.baseRead.words {
                    lines.append("\(Self.base) both had read \(words)")
                }
            }
            lines.append(Self.end)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What was saved, field by field.
    func read(_ saved: String, _ layout: Register) throws -> [String] {
        var texts: [String: [String]] = [:]
        var current: String?
        for line in saved.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") { continue }
            if [Self.begin, Self.base, Self.middle, Self.end].contains(where: line.hasPrefix) {
                throw Self.unfinished("the text still has marks of the values that were offered")
            }
            if line.hasPrefix(Self.head) {
                let name = line.dropFirst(Self.head.count).prefix { $0 != " " }
                current = String(name)
                texts[String(name)] = []
            } else if let current {
                texts[current]?.append(String(line))
            }
        }
        guard !texts.isEmpty else { throw Self.unfinished("the file was empty") }
        return try layout.fields.map { field in
            guard let lines = texts[field.name] else {
                throw Self.unfinished("the heading of \(Wording.field(field.name)) is gone")
            }
            return lines.joined(separator: "\n").trimmed
        }
    }

    private func display(_ value: Value, _ field: Field) throws -> String {
        if case .reference(let id) = value { return id.short }
        return try Wording.text(value, field.kind, desk.time).trimmed
    }

    private static func unfinished(_ what: String) -> SyncError {
        SyncError(
            .nothing, what, means: "nothing was decided, and all values are kept",
            advice: "open it again, or choose one with --keep")
    }
}
