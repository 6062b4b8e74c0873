import Foundation

/// A regular expression with the line of each place it is found in a text.
struct Pattern {
    private let expression: NSRegularExpression

    init(_ pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
    }

    /// The matches: their lines, counted from 1, and the text of the first group, or of the whole.
    func matches(in text: String) -> [(line: Int, text: String)] {
        let whole = text as NSString
        var line = 1
        var position = 0
        return expression.matches(in: text, range: NSRange(location: 0, length: whole.length)).map { match in
            while position < match.range.location {
                if whole.character(at: position) == 10 { line += 1 }
                position += 1
            }
            let range = match.range(at: match.numberOfRanges > 1 ? 1 : 0)
            return (line, range.location == NSNotFound ? "" : whole.substring(with: range))
        }
    }
}
