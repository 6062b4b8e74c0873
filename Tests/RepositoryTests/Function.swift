/// A function, initializer, subscript or computed property, as found by counting brackets.
struct Function: Equatable {
    var name: String
    /// The line of its keyword, counted from 1.
    var line: Int
    /// How many lines it has, from the keyword to the closing brace.
    var lines: Int

    /// All that have a body, nested ones included.
    static func all(in source: SourceText) -> [Function] {
        let tokens = Token.all(in: source.code)
        return tokens.indices.compactMap { at in
            guard tokens[at].opensFunction, at == 0 || tokens[at - 1].text != "." else { return nil }
            return function(at: at, in: tokens)
        }
    }

    /// The one whose keyword is at an index, unless it has no body: a requirement, or a stored property.
    private static func function(at start: Int, in tokens: [Token]) -> Function? {
        let keyword = tokens[start].text
        guard let next = tokens.indices.contains(start + 1) ? tokens[start + 1] : nil else { return nil }
        if keyword == "init", !["(", "<", "?", "!"].contains(next.text) { return nil }
        let hasName = keyword == "func" || keyword == "var"
        guard let body = bodyStart(after: start + (hasName ? 2 : 1), keyword: keyword, in: tokens) else {
            return nil
        }
        var depth = 0
        for token in tokens[body...] {
            depth += token.text == "{" ? 1 : token.text == "}" ? -1 : 0
            if depth == 0 {
                let lines = token.line - tokens[start].line + 1
                return Function(name: hasName ? next.text : keyword, line: tokens[start].line, lines: lines)
            }
        }
        return nil
    }

    private static func bodyStart(after start: Int, keyword: String, in tokens: [Token]) -> Int? {
        var depth = 0
        for at in tokens.indices.dropFirst(start) {
            let token = tokens[at]
            if keyword == "var", depth == 0, token.line > tokens[start - 1].line { return nil }
            switch token.text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case _ where depth > 0: continue
            case "{": return at
            case "}", ";": return nil
            case "=" where keyword == "var": return nil
            case _ where token.opensDeclaration: return nil
            default: continue
            }
        }
        return nil
    }
}

/// A word or one mark of blanked source.
private struct Token {
    var text: String
    var line: Int

    var opensFunction: Bool {
        ["func", "init", "deinit", "subscript", "var"].contains(text)
    }

    var opensDeclaration: Bool {
        opensFunction
            || ["let", "case", "struct", "enum", "extension", "typealias", "associatedtype", "import"]
                .contains(text)
    }

    static func all(in code: String) -> [Token] {
        var tokens: [Token] = []
        var word: [UInt8] = []
        var line = 1
        func flush() {
            if !word.isEmpty { tokens.append(Token(text: String(decoding: word, as: UTF8.self), line: line)) }
            word = []
        }
        for byte in code.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "`"), 128...:
                word.append(byte)
            default:
                flush()
                if byte == UInt8(ascii: "\n") { line += 1 }
                if byte > UInt8(ascii: " ") {
                    tokens.append(Token(text: String(UnicodeScalar(byte)), line: line))
                }
            }
        }
        flush()
        return tokens
    }
}
