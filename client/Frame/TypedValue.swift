import PeerSupport
import SyncModel

/// Values that somebody typed for a field of a table, as `--value phone="555 0100"`.
struct TypedValue {
    let desk: Desk
    let table: String
    /// The record, where it is here already.
    let record: RecordID?

    init(_ desk: Desk, in table: String, of record: RecordID? = nil) {
        self.desk = desk
        self.table = table
        self.record = record
    }

    /// Splits `field=value` and finds the field, by the schema's name or by the words that forms use. Where there is
    /// only one field, its name may be left out.
    static func split(_ pair: String, fields: [Field]) throws -> (place: Int, text: String) {
        let names = fields.map { Wording.field($0.name) }.joined(separator: ", ")
        guard let sign = pair.firstIndex(of: "=") else {
            if fields.count == 1 { return (0, pair) }
            throw SyncError(
                .badValue, "a value is given as field=value", means: "nothing was recorded",
                advice: "the fields are: \(names)")
        }
        let name = pair[..<sign].lowercased().replacing(" ", with: "_")
        let text = String(pair[pair.index(after: sign)...])
        for (place, field) in fields.enumerated() {
            if field.name == name || Wording.field(field.name).replacing(" ", with: "_") == name {
                return (place, text)
            }
        }
        throw SyncError(
            .badValue, "\"\(TextWidth.cut(String(pair[..<sign]), to: 40))\" is none of the fields",
            means: "nothing was recorded", advice: "the fields are: \(names)")
    }

    /// Reads a value. Empty clears the field.
    ///
    /// - Parameter standing: what stands in this field already, here or on one of the sides that are offered. It was
    ///   taken once and is taken again, also where nobody has the code any more, or somebody else has it too.
    /// - Throws: ``SyncError`` `badValue` for what the field does not take; `unknownRecord` or `ambiguous` for a code or
    ///   a record.
    func read(_ typed: String, as field: Field, standing: [Value] = []) throws -> Value {
        let text = typed.trimmed
        if text.isEmpty { return .none }
        let label = Wording.field(field.name)
        switch field.kind {
        case .text:
            guard let what = CodeOf.field(field.name, of: table) else { return .text(text) }
            let same = standing.filter { $0.text?.lowercased() == text.lowercased() }
            if let stands = same.first(where: { $0.text == text }) ?? same.first { return stands }
            return .text(try desk.code(text, of: what, for: record))
        case .code(let words): return try Value.word(text, of: words, called: label) ?? .none
        case .integer:
            guard let number = Int64(text) else { throw unfit(label, "a whole number") }
            return .integer(number)
        case .real:
            guard let number = Double(text), number.isFinite else { throw unfit(label, "a number") }
            return .real(number)
        case .flag:
            switch text.lowercased() {
            case "yes", "y", "true", "1": return .integer(1)
            case "no", "n", "false", "0": return .integer(0)
            default: throw unfit(label, "yes or no")
            }
        case .date: return .integer(try desk.day(text).days)
        case .instant:
            // The agency's time zone is known with its replica.
            _ = try desk.replica()
            return .integer(try desk.time.parseInstant(text).instant)
        case .reference(let table):
            if table == "participant" { return .reference(try desk.participant(text).id) }
            return .reference(
                try table == anyTable ? desk.anyRecord(text).id : desk.record(text, in: table).id)
        }
    }

    private func unfit(_ label: String, _ what: String) -> SyncError {
        SyncError(
            .badValue, "\(label) must be \(what)", means: "nothing was recorded",
            advice: "correct it and enter it again")
    }
}
