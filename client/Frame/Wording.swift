import PeerSupport
import SyncModel

/// The engine's names and values in the words of the people who do the work.
enum Wording {
    /// A table: `check_in` is a check-in.
    static func table(_ name: String) -> String { Labels.table(name) }

    /// A field or register: `next_step` is the next step.
    static func field(_ name: String) -> String { Labels.field(name) }

    /// A participant's, staff member's, site's or team's name.
    static func name(of view: RecordView) -> String {
        ["preferred_name", "family_name", "name"].compactMap { view[$0].text }.joined(separator: " ")
    }

    /// What a record is called when several are told apart: its code and name, or the end of its id.
    static func label(of view: RecordView) -> String {
        let name = name(of: view)
        guard let code = view["code"].text else { return "\(table(view.table.name)) \(view.id.short)" }
        return name.isEmpty ? code : "\(code) \(name)"
    }

    /// A value as people read it; empty for none.
    ///
    /// - Parameter reference: what another record is called.
    static func text(
        _ value: Value, _ kind: FieldKind?, _ time: LocalTime,
        reference: (RecordID) throws -> String = { $0.short }
    ) rethrows -> String {
        switch (value, kind) {
        case (.none, _): ""
        case (.text(let word), .code): word.spaced
        case (.text(let text), _): text
        case (.integer(let days), .date): CivilDate(days: days).text
        case (.integer(let seconds), .instant): time.text(of: seconds)
        case (.integer(let flag), .flag): flag == 0 ? "no" : "yes"
        case (.integer(let number), _): String(number)
        case (.real(let number), _): number.short
        case (.reference(let id), _): try reference(id)
        }
    }

    /// What some writes say, field by field, leaving out what is empty.
    static func fields(
        _ writes: [RegisterWrite], in table: String, _ time: LocalTime,
        reference: (RecordID) throws -> String = { $0.short }
    ) rethrows -> [(label: String, text: String)] {
        let table = PeerSupportSchema.schema.table(table)
        var result: [(label: String, text: String)] = []
        for write in writes {
            // Kept for programs, and said in words by `conflicts export`.
            if table?.name == "decision", write.register == "values" { continue }
            if write.register == deletedRegister {
                result.append((field(deletedRegister), write.values.first == .integer(0) ? "no" : "yes"))
                continue
            }
            let fields = table?.register(write.register)?.fields ?? []
            for (place, value) in write.values.enumerated() where !value.isNone {
                let known = place < fields.count ? fields[place] : nil
                let label = known.map { field($0.name) } ?? "\(write.register.spaced) \(place + 1)"
                result.append((label, try text(value, known?.kind, time, reference: reference)))
            }
        }
        return result
    }

    /// What it means that nothing stands in a register any more.
    static func emptied(_ register: String, in table: String) -> String {
        switch register {
        case "void": "not void"
        case "redirect": "not merged"
        default: "\(Labels.register(register, in: table)) emptied"
        }
    }

    /// `1 change`, `2 changes`.
    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}

extension String {
    /// With blanks for underscores.
    var spaced: String { utf8.contains(UInt8(ascii: "_")) ? String(map { $0 == "_" ? " " : $0 }) : self }
}

extension Double {
    /// Without a fraction where there is none.
    var short: String { self == rounded() && magnitude < 1e15 ? String(Int64(self)) : "\(self)" }
}
