import SyncModel

extension Identifier {
    /// How a record is named on the screen and on the command line: the last eight digits of its id.
    ///
    /// The last and not the first, because an id begins with the time, and all that is recorded within a
    /// minute begins alike.
    var short: String { String(text.suffix(8)) }

    /// Whether somebody who typed this may mean it: the whole id, or at least four digits of its end.
    func isMeant(by typed: String) -> Bool {
        let digits = typed.lowercased()
        guard digits.utf8.count >= 4 else { return false }
        return text.hasSuffix(digits)
    }
}
