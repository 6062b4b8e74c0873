/// Text for people: lines and aligned tables, plain unless colour is allowed.
///
/// What others recorded passes through here on its way to a terminal, so control characters are replaced.
struct Page {
    /// How a text stands out. Nothing is said by colour alone.
    enum Style: String {
        case plain = ""
        case strong = "1"
        case faint = "2"
        case bad = "31"
        case good = "32"
        case warning = "33"
    }

    /// One cell of a table.
    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
        }

        init(stringLiteral text: String) { self.init(text) }
    }

    private var lines: [[(text: String, style: Style)]] = []

    /// Adds a line; a text of several lines adds several.
    mutating func line(_ text: String = "", _ style: Style = .plain) {
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append([(TextWidth.safe(part), style)])
        }
    }

    /// Adds a label and what it labels, the labels padded to the same width.
    mutating func pairs(_ pairs: [(String, Cell)]) {
        table([], pairs.map { [Cell($0.0 + ":"), $0.1] })
    }

    /// Adds a table. Columns are as wide as their widest cell; the last one is not padded.
    ///
    /// A line break in a cell becomes a space: one row is one line.
    mutating func table(_ headers: [String], _ rows: [[Cell]]) {
        let head = headers.isEmpty ? [] : [headers.map { Cell($0, .faint) }]
        let all = (head + rows).map { row in
            row.map { Cell(TextWidth.safe(TextWidth.oneLine($0.text)), $0.style) }
        }
        var widths: [Int] = []
        for row in all {
            for (column, cell) in row.enumerated() {
                let width = TextWidth.of(cell.text)
                if column < widths.count {
                    widths[column] = max(widths[column], width)
                } else {
                    widths.append(width)
                }
            }
        }
        for row in all {
            // Empty cells at the end leave no blanks behind.
            let count = (row.lastIndex { !$0.text.isEmpty } ?? -1) + 1
            lines.append(
                row.prefix(count).enumerated().flatMap { column, cell in
                    let gap = widths[column] - TextWidth.of(cell.text) + 2
                    let blanks = column == count - 1 ? "" : String(repeating: " ", count: gap)
                    return [(cell.text, cell.style), (blanks, .plain)]
                })
        }
    }

    /// The whole, each line ended.
    func text(coloured: Bool) -> String {
        var result = ""
        for line in lines {
            for (text, style) in line {
                if coloured, style != .plain, !text.isEmpty {
                    result += "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m"
                } else {
                    result += text
                }
            }
            result += "\n"
        }
        return result
    }
}
