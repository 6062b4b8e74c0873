import PeerSupport
import SyncModel

extension JSON {
    /// A field's value: dates as `YYYY-MM-DD`, moments as `YYYY-MM-DDThh:mm:ssZ`, flags as true and false,
    /// records by their ids.
    init(_ value: SyncModel.Value, _ kind: FieldKind?) {
        self =
            switch (value, kind) {
            case (.none, _): .null
            case (.text(let text), _): .text(text)
            case (.integer(let days), .date): .text(CivilDate(days: days).text)
            case (.integer(let seconds), .instant): .text(Instant.text(seconds))
            case (.integer(let flag), .flag): .flag(flag != 0)
            case (.integer(let number), _): .integer(number)
            case (.real(let number), _): .number(number)
            case (.reference(let id), _): .text(id.text)
            }
    }

    /// A record as it is shown: its id and short id, every field by its name, and the registers in conflict.
    init(_ view: RecordView) {
        var members = [
            Member(key: "id", value: .text(view.id.text)), Member(key: "short", value: .text(view.id.short)),
            Member(key: "table", value: .text(view.table.name)),
        ]
        for register in view.table.registers {
            for field in register.fields {
                members.append(Member(key: field.name, value: JSON(view[field.name], field.kind)))
            }
        }
        members.append(Member(key: "deleted", value: .flag(view.deletion == .deleted)))
        members.append(Member(key: "conflicts", value: .list(view.conflicts.map { .text($0) })))
        self = .object(members)
    }

    /// What a change writes: each register with its fields.
    init(_ writes: [RegisterWrite], in table: String) {
        let table = PeerSupportSchema.schema.table(table)
        self = .object(
            writes.map { write in
                if write.register == deletedRegister {
                    let flag: JSON = .flag(write.values.first != .integer(0))
                    return Member(key: deletedRegister, value: ["deleted": flag])
                }
                let fields = table?.register(write.register)?.fields ?? []
                return Member(
                    key: write.register,
                    value: .object(
                        write.values.enumerated().map { place, value in
                            let field = place < fields.count ? fields[place] : nil
                            return Member(key: field?.name ?? "\(place + 1)", value: JSON(value, field?.kind))
                        }))
            })
    }

    /// A moment in microseconds since 1970, or null.
    static func moment(_ microseconds: Int64?) -> JSON {
        microseconds.map { .text(Instant.text(floorSeconds($0))) } ?? .null
    }

    /// This document with one more key at its end. Anything but an object stays as it is.
    func adding(_ key: String, _ value: JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(key: key, value: value)])
    }
}

/// Whole seconds, rounded down.
func floorSeconds(_ microseconds: Int64) -> Int64 {
    microseconds >= 0 ? microseconds / 1_000_000 : -((-microseconds + 999_999) / 1_000_000)
}
