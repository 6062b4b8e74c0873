import PeerSupport
import SyncModel

/// Values by the names of their fields, on the way to the registers that hold them.
///
/// A register is written whole, so what was not said of it is taken from the record as it was shown.
struct Writes {
    private let table: Table
    private let before: RecordView?
    private var values: [String: Value] = [:]

    /// Starts with some values; those that are `nil` are not said.
    init(
        _ name: String, over before: RecordView? = nil, _ values: KeyValuePairs<String, Value?> = [:]
    ) throws {
        guard let table = PeerSupportSchema.schema.table(name) else {
            throw SyncError(.internalFault, "there is no table \(name)")
        }
        self.table = table
        self.before = before
        for (field, value) in values { set(field, value) }
    }

    /// Says a field, or leaves it as it is.
    mutating func set(_ field: String, _ value: Value?) {
        guard let value else { return }
        values[field] = value
    }

    /// The registers of which anything was said, sorted by name.
    var registers: [RegisterWrite] {
        table.registers.compactMap { register in
            guard register.fields.contains(where: { values[$0.name] != nil }) else { return nil }
            return RegisterWrite(
                register.name,
                register.fields.map { values[$0.name] ?? before?[$0.name] ?? Value.none })
        }
        .sorted { $0.register < $1.register }
    }
}

extension Value {
    /// A text as it was typed: `nil` where nothing was, and empty to clear a field.
    static func typed(_ text: String?) -> Value? {
        guard let text = text?.trimmed else { return nil }
        return text.isEmpty ? Value.none : .text(text)
    }

    /// A word of a closed list, typed with blanks or hyphens and in any case.
    static func word(_ text: String?, of words: [String], called what: String) throws -> Value? {
        guard let text else { return nil }
        return .text(try Words.find(text, in: words, called: what))
    }

    /// A whole number.
    static func number(_ number: Int?) -> Value? { number.map { .integer(Int64($0)) } }

    /// A day.
    static func day(_ day: CivilDate?) -> Value? { day.map { .integer($0.days) } }
}

extension Words {
    /// The word somebody means: `no-show` is `no_show`, and a beginning that fits only one will do.
    ///
    /// - Throws: ``SyncError`` `badValue`, with the words there are.
    static func find(_ typed: String, in words: [String], called what: String) throws -> String {
        let plain = String(typed.trimmed.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        if let exact = words.first(where: { $0.lowercased() == plain }) { return exact }
        let fitting = plain.isEmpty ? [] : words.filter { $0.lowercased().hasPrefix(plain) }
        if let only = fitting.first, fitting.count == 1 { return only }
        throw SyncError(
            .badValue, "\"\(TextWidth.cut(typed, to: 40))\" is not a \(what)", means: "nothing was recorded",
            advice: "one of: \(words.joined(separator: ", "))")
    }
}
