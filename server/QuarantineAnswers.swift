import PeerSupport
import SyncModel

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
    let needs: [Int64]

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
        needs = change.needs
    }
}

/// What was decided about one change, as it is printed.
struct DecisionAnswer: Encodable {
    let id: Int64
    let device: String
    let staff: String?
    let table: String?
    let writtenAt: String?
    let conflict: Bool?

    init(_ decided: DecidedChange, of known: [QuarantinedChange], tellsConflict: Bool) {
        let change = known.first { $0.id == decided.id }
        id = decided.id
        device = decided.device
        staff = change?.staff
        table = change?.table
        writtenAt = change?.effective.map { written(microseconds: $0.microseconds) }
        conflict = tellsConflict ? decided.isConflict : nil
    }
}

/// A change in quarantine with what it says, for programs.
struct QuarantineAnswer: Encodable {
    private let content: QuarantinedContent

    init(_ content: QuarantinedContent) { self.content = content }

    private enum Key: String, CodingKey {
        case record, recordExists, group, neededBy, neededByTaken, adrift, registers
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
        try container.encode(content.dependents.waiting, forKey: .neededBy)
        try container.encode(content.dependents.taken, forKey: .neededByTaken)
        try container.encode(content.isAdrift, forKey: .adrift)
        let registers = content.registers.map { register in
            let fields = QuarantineFields(content.change.table, register.write.register)
            func members(_ values: [Value]) -> [String: String?] {
                Dictionary(fields.members(values).map { ($0.name, $0.text) }, uniquingKeysWith: { a, _ in a })
            }
            return Register(
                register: register.write.register, writes: members(register.write.values),
                stands: register.standing.map {
                    Standing(author: $0.author, values: members($0.values), wasRead: $0.wasRead)
                })
        }
        try container.encode(registers, forKey: .registers)
    }
}
