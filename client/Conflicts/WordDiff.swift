/// How one text differs from another, word by word.
enum WordDiff {
    /// Whether two texts are long enough, and alike enough, for the difference to be easier to read than both.
    static func isWorth(_ a: String, _ b: String) -> Bool {
        let (old, new) = (words(a), words(b))
        guard old.count > 3 || new.count > 3, !old.isEmpty, !new.isEmpty else { return false }
        return new.difference(from: old).count < old.count + new.count
    }

    /// `walked to the [-shop-] {+pharmacy+}`: what only the first has in `[- -]`, what only the second has in
    /// `{+ +}`.
    static func text(from a: String, to b: String) -> String {
        let old = words(a)
        let new = words(b)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let place, _, _): removed.insert(place)
            case .insert(let place, _, _): inserted.insert(place)
            }
        }
        var parts: [String] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            var gone: [String] = []
            while i < old.count, removed.contains(i) {
                gone.append(old[i])
                i += 1
            }
            var come: [String] = []
            while j < new.count, inserted.contains(j) {
                come.append(new[j])
                j += 1
            }
            if !gone.isEmpty { parts.append("[-\(gone.joined(separator: " "))-]") }
            if !come.isEmpty { parts.append("{+\(come.joined(separator: " "))+}") }
            if gone.isEmpty, come.isEmpty {
                parts.append(old[i])
                i += 1
                j += 1
            }
        }
        return parts.joined(separator: " ")
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" || $0 == "\t" }.map(String.init)
    }
}
