import PeerSupport
import SyncModel
import SyncStore

/// Puts rows under each other, each column as wide as its widest cell.
func columns(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
        rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        let cells = zip(row, widths).map { cell, width in
            cell + String(repeating: " ", count: width - cell.count)
        }
        return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    .joined(separator: "\n")
}

/// A change in quarantine, as it is listed.
struct QuarantineEntry: Encodable {
    let id: Int64
    let together: Int64
    let device: String
    let staff: String
    let table: String
    let code: String
    let reason: String
    let receivedAt: String
    let writtenAt: String?

    init(_ change: QuarantinedChange) {
        id = change.id
        together = change.together
        device = change.device
        staff = change.staff
        table = change.table
        code = change.refusal.code
        reason = change.refusal.reason
        receivedAt = written(microseconds: change.receivedAt)
        writtenAt = change.effective.map { written(microseconds: $0.microseconds) }
    }
}

/// What was decided about one change, as it is printed.
struct DecisionAnswer: Encodable {
    let id: Int64
    let device: String
    let conflict: Bool?

    init(_ decided: DecidedChange) { self.init(decided, tellsConflict: true) }

    init(_ decided: DecidedChange, tellsConflict: Bool) {
        id = decided.id
        device = decided.device
        conflict = tellsConflict ? decided.isConflict : nil
    }
}

/// A change in quarantine with what it says, for programs.
struct QuarantineAnswer: Encodable {
    private let content: QuarantinedContent

    init(_ content: QuarantinedContent) { self.content = content }

    private enum Key: String, CodingKey {
        case record, recordExists, group, registers
    }

    private struct Register: Encodable {
        let register: String
        let writes: [String: String?]
        let stands: [Standing]
    }

    private struct Standing: Encodable {
        let author: String
        let values: [String: String?]
        let wasRead: Bool
    }

    func encode(to encoder: any Encoder) throws {
        try QuarantineEntry(content.change).encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(content.record.text, forKey: .record)
        try container.encode(content.recordExists, forKey: .recordExists)
        try container.encode(content.group, forKey: .group)
        let registers = content.registers.map { register in
            let names = FieldNames(content.change.table, register.write.register)
            return Register(
                register: register.write.register, writes: names.members(register.write.values),
                stands: register.standing.map {
                    Standing(author: $0.author, values: names.members($0.values), wasRead: $0.wasRead)
                })
        }
        try container.encode(registers, forKey: .registers)
    }
}

/// A change in quarantine with what it says, for people.
struct QuarantineText {
    private let content: QuarantinedContent
    private let zone: String

    init(_ content: QuarantinedContent, _ zone: String) {
        self.content = content
        self.zone = zone
    }

    var lines: String {
        let change = content.change
        var lines = [
            "change \(change.id), from \(change.device), by \(change.staff)",
            "received \(written(microseconds: change.receivedAt, in: zone))",
        ]
        if let effective = change.effective {
            let about = effective.isEstimated ? "about " : ""
            lines.append("written \(about)\(written(microseconds: effective.microseconds, in: zone))")
        }
        lines.append("refused: \(change.refusal.reason) (\(change.refusal.code))")
        let others = content.group.filter { $0 != change.id }
        if !others.isEmpty {
            lines.append("entered together with \(others.map(String.init).joined(separator: ", "))")
        }
        let noun = Labels.table(change.table)
        lines.append(
            "It \(content.recordExists ? "changes the" : "makes a") \(noun) \(name(content.record)):")
        var rows: [[String]] = []
        for register in content.registers {
            let name = register.write.register
            let names = FieldNames(change.table, name)
            rows.append(["  " + Labels.register(name, in: change.table), text(register.write.values, names)])
            for standing in register.standing {
                let becomes =
                    standing.wasRead ? "is replaced" : "was not read by the writer, and is kept beside"
                rows.append(
                    ["    now, by \(standing.author)", "\(text(standing.values, names))  (\(becomes))"])
            }
        }
        return (lines + [columns(rows)]).joined(separator: "\n")
    }

    /// A record by its code and name, where it has them, or its id.
    private func name(_ id: RecordID) -> String {
        guard let view = content.known[id] else { return id.text }
        let names = ["code", "preferred_name", "name"].compactMap { view[$0].text }
        return names.isEmpty ? id.text : names.map(FieldNames.printable).joined(separator: " ")
    }

    /// The values without what is empty, times by the agency's clock.
    private func text(_ values: [Value], _ names: FieldNames) -> String {
        let known = names.pairs(values).compactMap { name, kind, value -> String? in
            switch (value, kind) {
            case (.reference(let id), _): return "\(name) \(self.name(id))"
            case (.integer(let seconds), .instant) where Limits.instants.contains(seconds):
                return "\(name) \(written(microseconds: seconds * 1_000_000, in: zone))"
            default: return FieldNames.text(value, kind).map { "\(name) \($0)" }
            }
        }
        return known.isEmpty ? "nothing" : known.joined(separator: ", ")
    }
}

/// The fields of one register, for what is printed of them.
private struct FieldNames {
    private let fields: [Field]

    init(_ table: String, _ register: String) {
        fields = PeerSupportSchema.schema.table(table)?.register(register)?.fields ?? []
    }

    /// Each value by its field's name, as text; `nil` for nothing.
    func members(_ values: [Value]) -> [String: String?] {
        var members: [String: String?] = [:]
        for (name, kind, value) in pairs(values) { members.updateValue(Self.text(value, kind), forKey: name) }
        return members
    }

    /// The fields' names and kinds, each with its value.
    func pairs(_ values: [Value]) -> [(name: String, kind: FieldKind?, value: Value)] {
        values.enumerated().map { place, value in
            let field = place < fields.count ? fields[place] : nil
            return (field?.name ?? "\(place + 1)", field?.kind, value)
        }
    }

    static func text(_ value: Value, _ kind: FieldKind?) -> String? {
        switch (value, kind) {
        case (.none, _): nil
        case (.text(let text), _): printable(text)
        case (.integer(let days), .date) where Limits.dates.contains(days): CivilDate(days: days).text
        case (.integer(let seconds), .instant) where Limits.instants.contains(seconds):
            written(microseconds: seconds * 1_000_000)
        case (.integer(let flag), .flag): flag == 0 ? "no" : "yes"
        case (.integer(let number), _): "\(number)"
        case (.real(let number), _): "\(number)"
        case (.reference(let id), _): id.text
        }
    }

    /// What cannot mislead a terminal: of control characters only a mark is left.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}
