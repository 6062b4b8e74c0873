/// Several codes in one field.
public enum CodeList {
    /// The codes, which blanks or commas part.
    public static func codes(in text: String) -> [String] {
        text.split { $0 == " " || $0 == "," }.map(String.init)
    }
}
