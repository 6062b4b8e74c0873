/// Swift source taken apart into code, comments and string literals, so that a rule about code is not
/// tripped by a comment that mentions it.
///
/// The scanner knows nested comments, raw and multi-line strings, interpolation, extended regular expressions and
/// raw identifiers. It does not know bare `/…/` expressions; the tree writes `#/…/#` where one holds a quote.
struct SourceText {
    /// A piece of the source, with the line it begins on, counted from 1.
    struct Piece: Equatable {
        var line: Int
        var text: String
    }

    /// The source with comments and the insides of strings and raw identifiers blanked; lines stay where they are.
    private(set) var code: String
    /// The insides of the string literals, interpolations left out.
    private(set) var literals: [Piece]
    /// The comments, with their slashes, one piece per line.
    private(set) var comments: [Piece]
    /// How many lines the source has.
    let lineCount: Int

    init(_ source: String) {
        var scanner = Scanner(bytes: Array(source.utf8))
        scanner.scanCode(inInterpolation: false)
        code = String(decoding: scanner.code, as: UTF8.self)
        literals = scanner.literals
        comments = scanner.comments
        lineCount = scanner.line - (scanner.bytes.last == newline || scanner.bytes.isEmpty ? 1 : 0)
    }
}

private let newline = UInt8(ascii: "\n")
private let quote = UInt8(ascii: "\"")
private let hash = UInt8(ascii: "#")
private let slash = UInt8(ascii: "/")
private let star = UInt8(ascii: "*")
private let backslash = UInt8(ascii: "\\")
private let backtick = UInt8(ascii: "`")
private let open = UInt8(ascii: "(")
private let close = UInt8(ascii: ")")

private struct Scanner {
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var code: [UInt8] = []
    var literals: [SourceText.Piece] = []
    var comments: [SourceText.Piece] = []

    init(bytes: [UInt8]) {
        self.bytes = bytes
        code.reserveCapacity(bytes.count)
    }

    func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    func startsWith(_ text: [UInt8], at distance: Int = 0) -> Bool {
        text.indices.allSatisfy { peek(distance + $0) == text[$0] }
    }

    mutating func keep(_ count: Int = 1) {
        for _ in 0..<count {
            guard let byte = peek() else { return }
            code.append(byte)
            if byte == newline { line += 1 }
            position += 1
        }
    }

    mutating func blank(_ count: Int = 1, with filler: UInt8 = UInt8(ascii: " ")) {
        for _ in 0..<count {
            guard let byte = peek() else { return }
            code.append(byte == newline ? newline : filler)
            if byte == newline { line += 1 }
            position += 1
        }
    }

    /// Scans to the end, or to the parenthesis that ends an interpolation.
    mutating func scanCode(inInterpolation: Bool) {
        var depth = 0
        while let byte = peek() {
            switch byte {
            case slash where peek(1) == slash: scanLineComment()
            case slash where peek(1) == star: scanBlockComment()
            case quote: scanString(hashes: 0)
            case hash: scanHashes()
            case backtick: scanRawIdentifier()
            case open:
                depth += 1
                keep()
            case close:
                depth -= 1
                keep()
                if inInterpolation && depth == 0 { return }
            default: keep()
            }
        }
    }

    mutating func scanLineComment() {
        let start = position
        while let byte = peek(), byte != newline { blank() }
        comments.append(.init(line: line, text: String(decoding: bytes[start..<position], as: UTF8.self)))
    }

    mutating func scanBlockComment() {
        var depth = 0
        var text: [UInt8] = []
        while let byte = peek() {
            if byte == newline {
                comments.append(.init(line: line, text: String(decoding: text, as: UTF8.self)))
                text = []
                blank()
                continue
            }
            let opens = byte == slash && peek(1) == star
            let closes = byte == star && peek(1) == slash
            let width = opens || closes ? 2 : 1
            text += bytes[position..<position + width]
            blank(width)
            depth += opens ? 1 : closes ? -1 : 0
            if depth == 0 { break }
        }
        comments.append(.init(line: line, text: String(decoding: text, as: UTF8.self)))
    }

    mutating func scanRawIdentifier() {
        keep()
        while let byte = peek(), byte != backtick, byte != newline { blank(with: UInt8(ascii: "_")) }
        keep()
    }

    mutating func scanHashes() {
        var hashes = 0
        while peek(hashes) == hash { hashes += 1 }
        let next = peek(hashes)
        guard next == quote || next == slash else { return keep(hashes) }
        keep(hashes)
        if next == quote { return scanString(hashes: hashes) }
        let end = [slash] + Array(repeating: hash, count: hashes)
        keep()
        while peek() != nil, !startsWith(end) { blank() }
        keep(end.count)
    }

    mutating func scanString(hashes: Int) {
        let suffix = Array(repeating: hash, count: hashes)
        let isMultiline = startsWith([quote, quote, quote])
        let end = Array(repeating: quote, count: isMultiline ? 3 : 1) + suffix
        let first = line
        var text: [UInt8] = []
        keep(isMultiline ? 3 : 1)
        while let byte = peek(), !startsWith(end), isMultiline || byte != newline {
            guard byte == backslash, startsWith(suffix, at: 1) else {
                text.append(byte)
                blank()
                continue
            }
            if peek(1 + hashes) == open {
                blank(1 + hashes)
                scanCode(inInterpolation: true)
            } else {
                blank(2 + hashes)
            }
        }
        keep(peek() == newline ? 0 : end.count)
        literals.append(.init(line: first, text: String(decoding: text, as: UTF8.self)))
    }
}
