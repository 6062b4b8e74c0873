import PeerSupport
import SyncModel
import SyncReplica

/// Reads `field=value` as somebody typed it, for any table.
struct FieldReading {
    private let desk: Desk
    private let table: Table
    private let record: RecordID?

    /// - Parameter record: the record, where it is here already.
    init(_ desk: Desk, _ table: String, of record: RecordID? = nil) throws {
        guard let known = PeerSupportSchema.schema.table(table) else {
            throw SyncError(
                .badValue, "this kind of entry is not known to this version of the program",
                means: "nothing was changed", advice: "update the program on this laptop")
        }
        self.desk = desk
        self.table = known
        self.record = record
    }

    /// The values by the names of their fields.
    ///
    /// - Parameter standing: what a field holds already; it is always taken.
    /// - Throws: ``SyncError`` `badValue`, naming the field; `unknownRecord` or `ambiguous` for another record.
    func values(of pairs: [String], standing: (String) -> [Value]) throws -> [String: Value] {
        let typed = TypedValue(desk, in: table.name, of: record)
        var values: [String: Value] = [:]
        for pair in pairs {
            guard let sign = pair.firstIndex(of: "="), sign != pair.startIndex else {
                throw OutboxVerbErrors.noPair(pair)
            }
            let field = try field(String(pair[..<sign]))
            let value = try typed.read(
                String(pair[pair.index(after: sign)...]), as: field, standing: standing(field.name))
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
}
