public import SyncModel

/// One value that stood in a register when it was decided, as the register of decisions keeps it.
///
/// It is kept as it was and not in words, so that a decision can be taken back on any laptop that holds it.
public struct DecidedValue: Hashable, Sendable {
    /// Who wrote it, by staff code.
    public let author: String
    /// When it counted as written, microseconds since 1970; `nil` where no server had judged it.
    public let effective: Int64?
    /// What it says, in the order of the register's fields.
    public let values: [Value]

    /// Puts it together.
    public init(author: String, effective: Int64?, values: [Value]) {
        self.author = author
        self.effective = effective
        self.values = values
    }

    /// Reads what ``text(_:)`` wrote, leaving out lines that are none of its.
    public static func read(_ text: String) -> [DecidedValue] {
        text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cells.count >= 2 else { return nil }
            let values = cells.dropFirst(2).map(value)
            guard values.allSatisfy({ $0 != nil }) else { return nil }
            return DecidedValue(
                author: unescaped(cells[0]), effective: Int64(cells[1]), values: values.compactMap { $0 })
        }
    }

    /// One line for each: author, time and values, with tabs in between. What a later one would make too long, more
    /// than ``DecisionLimits/valueBytes``, is left out with all after it.
    public static func text(_ all: [DecidedValue]) -> String {
        var lines: [String] = []
        var octets = 0
        for one in all {
            let cells =
                [escaped(one.author), one.effective.map { String($0) } ?? ""] + one.values.map(cell)
            let line = cells.joined(separator: "\t")
            octets += line.utf8.count + 1
            guard octets <= DecisionLimits.valueBytes else { break }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    private static func cell(_ value: Value) -> String {
        switch value {
        case .none: "-"
        case .text(let text): "t" + escaped(text)
        case .integer(let number): "i\(number)"
        case .real(let number): "r\(number)"
        case .reference(let id): "#\(id.text)"
        }
    }

    private static func value(_ cell: Substring) -> Value? {
        let rest = cell.dropFirst()
        return switch cell.first {
        case "-": Value.none
        case "t": .text(unescaped(rest))
        case "i": Int64(rest).map { .integer($0) }
        case "r": Double(rest).map { .real($0) }
        case "#": Identifier(text: String(rest)).map { .reference($0) }
        default: nil
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                isEscaped = false
                switch scalar {
                case "n": result += "\n"
                case "r": result += "\r"
                case "t": result += "\t"
                default: result.unicodeScalars.append(scalar)
                }
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
