import PeerSupport
import SyncModel

/// One field in which a row differs from the record that is here.
struct ImportDifference {
    /// The header of its column.
    let header: String
    private let kind: FieldKind
    private let here: Value
    private let row: Value
    private let clock: LocalTime

    init(header: String, _ field: Field, here: Value, row: Value, at clock: LocalTime) {
        self.header = header
        kind = field.kind
        self.here = here
        self.row = row
        self.clock = clock
    }

    /// `preferred_name (here a text, in the file a text)`, or with the values themselves.
    func text(showsValues: Bool) -> String {
        "\(header) (here \(said(here, showsValues)), in the file \(said(row, showsValues)))"
    }

    private func said(_ value: Value, _ showsValues: Bool) -> String {
        guard showsValues, !value.isNone else { return Self.kind(of: value, kind) }
        return
            "\"\(TextWidth.cut(TextWidth.oneLine(Wording.text(value, kind, clock) { $0.short }), to: 60))\""
    }

    /// What sort of value it is, which tells nothing about anybody.
    private static func kind(of value: Value, _ kind: FieldKind) -> String {
        if value.isNone { return "nothing" }
        return switch kind {
        case .text: "a text"
        case .code: "a word"
        case .integer, .real: "a number"
        case .flag: "yes or no"
        case .date: "a date"
        case .instant: "a time"
        case .reference: "a record"
        }
    }

    /// For programs: the header, and of both values only the sort.
    var json: JSON {
        [
            "header": .text(header), "here": .text(Self.kind(of: here, kind)),
            "file": .text(Self.kind(of: row, kind)),
        ]
    }
}
