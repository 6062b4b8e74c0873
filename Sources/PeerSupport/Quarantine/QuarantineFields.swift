public import SyncModel

/// The fields of one register, for what is printed of a change in quarantine.
///
/// A change that does not fit the schema may be there just for that: what has no name has its place.
public struct QuarantineFields: Sendable {
    private let fields: [Field]

    /// Looks the register up.
    public init(_ table: String, _ register: String) {
        fields = PeerSupportSchema.schema.table(table)?.register(register)?.fields ?? []
    }

    /// Each value by its field's name, as text for programs; `nil` for nothing.
    public func members(_ values: [Value]) -> [(name: String, text: String?)] {
        pairs(values).map { ($0.name, Self.text($0.value, $0.kind)) }
    }

    /// The fields' names and kinds, each with its value.
    func pairs(_ values: [Value]) -> [(name: String, kind: FieldKind?, value: Value)] {
        values.enumerated().map { place, value in
            let field = place < fields.count ? fields[place] : nil
            return (field?.name ?? "\(place + 1)", field?.kind, value)
        }
    }

    static func text(_ value: Value, _ kind: FieldKind?) -> String? {
        switch (value, kind) {
        case (.none, _): nil
        case (.text(let text), _): printable(text)
        case (.integer(let days), .date) where Limits.dates.contains(days): CivilDate(days: days).text
        case (.integer(let seconds), .instant) where Limits.instants.contains(seconds): Instant.text(seconds)
        case (.integer(let flag), .flag): flag == 0 ? "no" : "yes"
        case (.integer(let number), _): "\(number)"
        case (.real(let number), _): "\(number)"
        case (.reference(let id), _): id.text
        }
    }

    /// What cannot mislead a terminal: of control characters only a mark is left.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}
