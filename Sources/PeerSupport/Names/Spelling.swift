/// Codes that were probably meant.
public enum Spelling {
    /// The one code that somebody meant who wrote it a little differently: `ps7`, `PS-07` and `PSO7` for `PS07`, or one
    /// letter more, less or other; `nil` where none is near, or several are.
    public static func nearest(_ typed: String, among codes: some Collection<String>) -> String? {
        let shape = shape(typed)
        guard !shape.isEmpty else { return nil }
        let alike = codes.filter { self.shape($0) == shape }
        if let only = alike.first, alike.count == 1 { return only }
        let near = codes.filter { Duplicates.areNear($0.lowercased(), typed.lowercased()) }
        return alike.isEmpty && near.count == 1 ? near.first : nil
    }

    /// A code without what people leave out, put in or take for something else: case, hyphens and blanks, zeros before a
    /// number, the letters O and I for digits.
    private static func shape(_ code: String) -> String {
        var shape = ""
        for character in Folding.plain(code) where character.isLetter || character.isNumber {
            let plain: Character =
                character == "o" ? "0" : character == "i" || character == "l" ? "1" : character
            if plain == "0", shape.last?.isNumber != true { continue }
            shape.append(plain)
        }
        return shape
    }
}
