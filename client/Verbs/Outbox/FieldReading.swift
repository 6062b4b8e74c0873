import PeerSupport
import SyncModel
import SyncReplica

/// Reads `field=value` as somebody typed it, for any table.
struct FieldReading {
    private let desk: Desk
    private let table: Table

    init(_ desk: Desk, _ table: String) throws {
        guard let known = PeerSupportSchema.schema.table(table) else {
            throw SyncError(
                .badValue, "this kind of entry is not known to this version of the program",
                means: "nothing was changed", advice: "update the program on this laptop")
        }
        self.desk = desk
        self.table = known
    }

    /// The values by the names of their fields.
    ///
    /// - Throws: ``SyncError`` `badValue`, naming the field; `unknownRecord` or `ambiguous` for another record.
    func values(of pairs: [String]) throws -> [String: Value] {
        var values: [String: Value] = [:]
        for pair in pairs {
            guard let sign = pair.firstIndex(of: "="), sign != pair.startIndex else {
                throw OutboxVerbErrors.noPair(pair)
            }
            let field = try field(String(pair[..<sign]))
            let text = String(pair[pair.index(after: sign)...]).trimmed
            let value = text.isEmpty ? Value.none : try value(text, field)
            guard values.updateValue(value, forKey: field.name) == nil else {
                throw SyncError(
                    .badValue, "\(Wording.field(field.name)) is said twice", means: "nothing was changed",
                    advice: "say each field once")
            }
        }
        return values
    }

    /// The field that is called so: as the schema names it, or as it is called on the screen.
    private func field(_ typed: String) throws -> Field {
        let fields = table.registers.flatMap(\.fields)
        let wanted = Self.plain(typed)
        if let exact = fields.first(where: { Self.plain($0.name) == wanted }) { return exact }
        let called = fields.filter { Self.plain(Wording.field($0.name)) == wanted }
        if let only = called.first, called.count == 1 { return only }
        let names = (called.isEmpty ? fields : called).map { $0.name.spaced }
        throw SyncError(
            .badValue,
            "\(Wording.table(table.name)) has \(called.isEmpty ? "no field" : "several fields") "
                + "\"\(TextWidth.cut(typed.trimmed, to: 40))\"",
            means: "nothing was changed", advice: "one of: \(names.joined(separator: ", "))")
    }

    private static func plain(_ text: String) -> String {
        String(text.trimmed.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }

    private func value(_ text: String, _ field: Field) throws -> Value {
        let label = Wording.field(field.name)
        func unfit(_ what: String) -> SyncError {
            SyncError(
                .badValue, "\(label) must be \(what)", means: "nothing was changed",
                advice: "correct it and enter it again")
        }
        switch field.kind {
        case .text: return .text(text)
        case .code(let words): return .text(try Words.find(text, in: words, called: label))
        case .integer:
            guard let number = Int64(text) else { throw unfit("a whole number") }
            return .integer(number)
        case .real:
            guard let number = Double(text), number.isFinite else { throw unfit("a number") }
            return .real(number)
        case .flag:
            guard let flag = Self.flags[text.lowercased()] else { throw unfit("yes or no") }
            return .integer(flag)
        case .date: return .integer(try desk.day(text).days)
        case .instant:
            _ = try desk.replica()
            return .integer(try desk.time.parseInstant(text).instant)
        case .reference(let table):
            return .reference(
                table == "participant" ? try desk.participant(text).id : try desk.record(text, in: table).id)
        }
    }

    private static let flags: [String: Int64] = ["yes": 1, "y": 1, "true": 1, "no": 0, "n": 0, "false": 0]
}
