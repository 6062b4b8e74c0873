/// One row of a CSV file.
public struct CSVRow: Hashable, Sendable {
    /// The line on which it begins, from 1.
    public let line: Int
    /// Its fields, unquoted.
    public let fields: [String]
}

/// A row that could not be read, or does not say what its table needs.
public struct CSVProblem: Error, Hashable, Sendable {
    /// The line on which it begins, from 1.
    public let line: Int
    /// What is wrong, one sentence. It names columns and never repeats what stands in them.
    public let reason: String

    /// Reports a row.
    public init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }
}

/// Reads RFC 4180 row by row, and says of every row on which line it stands.
///
/// Written here because the library for CSV that others use gives no line numbers, and gives up the whole file at
/// its first bad row; an import must name the bad row and take the rest. A byte order mark, CR LF, bare LF and
/// a last line without an end are accepted; blank lines are passed over.
///
/// After a quoted field that does not close, reading resumes on the line after the one where its row began, so
/// one stray quotation mark costs one row. A row longer than a change may be counts as unclosed. A file in which so
/// many are unclosed that reading again what followed them came to ``patienceBytes`` is none that a program wrote: from
/// there on a quoted field has to close on its line, and a row whose field does not is refused like any other.
public struct CSVReader: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position: Int
    private var line = 1
    /// Bytes that were read for a row that then did not close, and are read again.
    private var again = 0

    /// Bytes that one row may have.
    public static let rowBytes = 256 << 10

    /// Bytes that may be read again in one file, because a row before them did not close.
    public static let patienceBytes = 16 << 20

    /// Reads a whole file's bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    /// The next row, or what is wrong with it; `nil` at the end.
    public mutating func next() -> Result<CSVRow, CSVProblem>? {
        skipBlankLines()
        guard position < bytes.count else { return nil }
        let start = (position: position, line: line)
        do {
            return .success(try row(limit: isPatient ? start.position + Self.rowBytes : lineEnd))
        } catch {
            again += position - start.position
            position = start.position
            line = start.line
            skipLine()
            return .failure(error)
        }
    }

    private mutating func row(limit: Int) throws(CSVProblem) -> CSVRow {
        let first = line
        var fields: [String] = []
        while true {
            let isQuoted = position < bytes.count && bytes[position] == Self.quote
            let field = isQuoted ? try quoted(first, limit) : plain()
            guard let text = String(validating: field, as: UTF8.self) else {
                throw CSVProblem(line: first, reason: "the row is not UTF-8 text")
            }
            fields.append(text)
            guard position <= limit else { throw CSVProblem(line: first, reason: "the row is too long") }
            if position < bytes.count, bytes[position] == Self.comma {
                position += 1
                continue
            }
            guard atLineEnd else {
                throw CSVProblem(
                    line: first, reason: "field \(fields.count) has text after its closing quotation mark")
            }
            skipLineEnd()
            return CSVRow(line: first, fields: fields)
        }
    }

    private mutating func plain() -> [UInt8] {
        let start = position
        while position < bytes.count, bytes[position] != Self.comma, !atLineEnd { position += 1 }
        return Array(bytes[start..<position])
    }

    private mutating func quoted(_ first: Int, _ limit: Int) throws(CSVProblem) -> [UInt8] {
        var field: [UInt8] = []
        position += 1
        while position < bytes.count, position < limit {
            let byte = bytes[position]
            position += 1
            if byte == Self.quote {
                guard position < bytes.count, bytes[position] == Self.quote else { return field }
                position += 1
            } else if byte == Self.newline {
                line += 1
            }
            field.append(byte)
        }
        throw CSVProblem(
            line: first,
            reason: isPatient
                ? "a quotation mark is not closed"
                : "a quotation mark is not closed on its line, after too many that were not closed at all")
    }

    private var atLineEnd: Bool {
        guard position < bytes.count else { return true }
        if bytes[position] == Self.newline { return true }
        return bytes[position] == Self.carriageReturn
            && (position + 1 == bytes.count || bytes[position + 1] == Self.newline)
    }

    private var isPatient: Bool { again < Self.patienceBytes }

    private var lineEnd: Int { bytes[position...].firstIndex(of: Self.newline) ?? bytes.count }

    private mutating func skipLineEnd() {
        if position < bytes.count, bytes[position] == Self.carriageReturn { position += 1 }
        if position < bytes.count, bytes[position] == Self.newline {
            position += 1
            line += 1
        }
    }

    private mutating func skipBlankLines() {
        while position < bytes.count, atLineEnd { skipLineEnd() }
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != Self.newline { position += 1 }
        skipLineEnd()
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}

/// Writes RFC 4180 rows.
public enum CSVWriter {
    /// One row with its CR LF. Fields are quoted where they must be.
    public static func row(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ text: String) -> String {
        let special: (UInt8) -> Bool = { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d }
        guard text.utf8.contains(where: special) else { return text }
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" { quoted += "\"\"" } else { quoted.unicodeScalars.append(character) }
        }
        return quoted + "\""
    }
}
