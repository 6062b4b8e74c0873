/// How many columns of a terminal a text takes, and what of it may be sent there.
enum TextWidth {
    /// Columns of a text: combining marks take none, East Asian characters and pictures two.
    static func of(_ text: some StringProtocol) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + width($1.value) }
    }

    /// The text cut to so many columns, with an ellipsis if something is missing.
    static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var result = ""
        var used = 0
        for character in text {
            let width = of(String(character))
            if used + width > columns - 1 { break }
            result.append(character)
            used += width
        }
        return result + "…"
    }

    /// The text on one line.
    static func oneLine(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 9 }) else { return text }
        return text.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }

    /// The text without anything that a terminal would obey instead of show.
    static func safe(_ text: some StringProtocol) -> String {
        guard text.unicodeScalars.contains(where: { isCommand($0.value) }) else { return String(text) }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(isCommand(scalar.value) ? "\u{fffd}" : scalar) }
        return String(scalars)
    }

    private static func isCommand(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x20, 0x7f..<0xa0: true  // C0 and C1
        case 0x202a...0x202e, 0x2066...0x2069: true  // overrides of the direction of writing
        case 0x2028, 0x2029: true
        default: false
        }
    }

    private static func width(_ scalar: UInt32) -> Int {
        switch scalar {
        case 0x300...0x36f, 0x483...0x489, 0x591...0x5bd, 0x610...0x61a, 0x64b...0x65f, 0x93c, 0x94d,
            0x1ab0...0x1aff, 0x1dc0...0x1dff, 0x200b...0x200f, 0x20d0...0x20ff, 0xfe00...0xfe0f,
            0xfe20...0xfe2f, 0xfeff, 0x1f3fb...0x1f3ff, 0xe0100...0xe01ef:
            0
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3,
            0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
            0x1f680...0x1f6ff, 0x1f900...0x1faff, 0x20000...0x3fffd:
            2
        default: 1
        }
    }
}
