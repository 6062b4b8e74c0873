/// Texts as people compare them, whatever keyboard they were typed on.
public enum Folding {
    /// In lower case and without accents: `José`, `JOSE` and `jose` are one. Everything else stays.
    public static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.lowercased().unicodeScalars.compactMap(base)))
    }

    /// A name: as ``plain(_:)``, one blank between its words, and nothing else that is no letter: `María  González-Ruiz`
    /// and `maria gonzalezruiz` are one.
    public static func name(_ text: String) -> String {
        let words = text.lowercased().split { $0 == " " || $0 == "\t" }
        return words.map { word in
            let letters = word.unicodeScalars.filter(\.properties.isAlphabetic).compactMap(base)
            return String(String.UnicodeScalarView(letters))
        }
        .joined(separator: " ")
    }

    /// The letter under an accent, as the name that Unicode gives it says: LATIN SMALL LETTER A WITH ACUTE. A combining
    /// accent is none.
    private static func base(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard scalar.properties.generalCategory != .nonspacingMark else { return nil }
        let prefix = "LATIN SMALL LETTER "
        guard scalar.value > 127, let name = scalar.properties.name, name.hasPrefix(prefix),
            let base = name.dropFirst(prefix.count).split(separator: " ").first, base.count == 1,
            let plain = base.lowercased().unicodeScalars.first
        else { return scalar }
        return plain
    }
}
