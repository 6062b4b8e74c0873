import SyncModel

extension Identifier {
    /// How a record is named on the screen and on the command line: the last eight digits of its id.
    ///
    /// The last and not the first, because an id begins with the time, and all that is recorded within a
    /// minute begins alike.
    var short: String { String(text.suffix(8)) }

    /// The end of the ids that somebody may mean who typed this: at least four digits; `nil` for what is no part of
    /// an id.
    static func end(meantBy typed: String) -> String? {
        let digits = typed.trimmed.lowercased()
        let isDigit: (UInt8) -> Bool = { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) || byte == UInt8(ascii: "-")
        }
        return (4...36).contains(digits.utf8.count) && digits.utf8.allSatisfy(isDigit) ? digits : nil
    }
}
