import ArgumentParser

/// A verb that was mistyped, and the one that was probably meant.
struct NearestVerb {
    /// What was typed where a verb should stand.
    let typed: String
    /// The commands that lead there: `porchlight participant`.
    let under: String
    /// The verb there that is spelt most alike; `nil` if none is.
    let meant: String?

    /// Follows a command line from the root until a word is no verb; `nil` if all are.
    init?(_ arguments: [String]) {
        var command: any ParsableCommand.Type = Porchlight.self
        var path = Porchlight._commandName
        for word in arguments {
            let verbs = command.configuration.subcommands
            guard !verbs.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            if let next = verbs.first(where: { $0._commandName == word }) {
                command = next
                path += " \(word)"
                continue
            }
            typed = word
            under = path
            meant = Self.nearest(to: word, among: verbs.map { $0._commandName })
            return
        }
        return nil
    }

    /// The error, for people and programs alike.
    var what: String { "there is no verb \"\(TextWidth.cut(typed, to: 40))\" under `\(under)`" }
    var advice: String { meant.map { "\(under) \($0)" } ?? "\(under) --help" }

    /// The word spelt most alike, if any is alike enough to be meant.
    static func nearest(to typed: String, among words: [String]) -> String? {
        let typed = typed.lowercased()
        let longer = typed.count < 3 ? [] : words.filter { $0.hasPrefix(typed) }
        if let shortest = longer.min(by: { ($0.count, $0) < ($1.count, $1) }) { return shortest }
        let tolerated = typed.count < 5 ? 1 : 2
        return words.map { (word: $0, far: distance(Array(typed), Array($0))) }
            .filter { $0.far <= tolerated }
            .min { ($0.far, $0.word) < ($1.far, $1.word) }?.word
    }

    /// How many letters must be put in, taken out, exchanged, or swapped with their neighbour.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var row = [i + 1]
            for (j, other) in b.enumerated() {
                var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (letter == other ? 0 : 1))
                if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            before = last
            last = row
        }
        return last[b.count]
    }
}
