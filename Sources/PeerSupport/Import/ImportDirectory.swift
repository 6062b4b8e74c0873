public import SyncModel

/// The codes of the directory that rows may name. A table of it of which nothing is known holds no row back.
public struct ImportDirectory: Sendable {
    /// The tables whose codes are looked up.
    public static let tables = ["site", "team", "staff"]

    private var codes: [String: Set<String>]

    /// Begins with the codes that are known, by table.
    public init(_ codes: [String: Set<String>]) { self.codes = codes }

    /// Makes known what a row of the directory's own files brings.
    public mutating func add(_ row: ImportedRow) {
        guard Self.tables.contains(row.table), let code = row.value(of: "code")?.text else { return }
        codes[row.table, default: []].insert(code)
    }

    /// What is wrong with the codes in a row. It names the column and the code that was probably meant, never what
    /// stands there, which may be anything.
    public func problem(in row: ImportedRow) -> CSVProblem? {
        for column in ImportTable.of(row.table)?.columns ?? [] {
            guard let table = column.directory, let known = codes[table], !known.isEmpty,
                let text = row.value(of: column.field)?.text,
                let code = (column.isList ? CodeList.codes(in: text) : [text]).first(where: {
                    !known.contains($0)
                })
            else { continue }
            let meant = Spelling.nearest(code, among: known).map { "; \($0) may be meant" } ?? ""
            return CSVProblem(
                line: row.line,
                reason: "\(column.header) \(column.isList ? "has a code that " : "")is not in the directory "
                    + "that is on this laptop\(meant)")
        }
        return nil
    }
}

extension ImportedRow {
    /// What the row says of a field; `nil` if nothing.
    public func value(of field: String) -> Value? {
        guard let (register, index) = PeerSupportSchema.schema.table(table)?.place(of: field),
            let write = writes.first(where: { $0.register == register.name }), index < write.values.count
        else { return nil }
        return write.values[index]
    }
}
