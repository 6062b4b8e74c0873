import PeerSupport
import SyncModel
import SyncReplica

/// One register of a record in which two people wrote different things apart: all its values.
struct SideBySide {
    /// One of the values.
    struct Side {
        let author: String
        let writtenMicroseconds: Int64
        let values: [Value]
    }

    let record: RecordView
    let register: String
    /// The one that is shown comes first.
    let sides: [Side]

    /// The clashes of a record.
    static func all(of view: RecordView, in replica: Replica) throws -> [SideBySide] {
        try view.conflicts.map { register in
            let sides = try replica.siblings(view.id, of: register).map { sibling in
                Side(
                    author: sibling.change.author,
                    writtenMicroseconds: sibling.change.effective?.microseconds
                        ?? sibling.change.deviceMicroseconds,
                    values: sibling.values)
            }
            return SideBySide(record: view, register: register, sides: sides)
        }
    }

    /// The values side by side, one line for each field.
    func show(on page: inout Page, _ time: LocalTime) throws {
        page.line(
            "Clash in the \(Labels.register(register, in: record.table.name)) of this "
                + "\(Wording.table(record.table.name)):", .warning)
        let heads = sides.enumerated().map { place, side in
            let when = time.ago(floorSeconds(side.writtenMicroseconds))
            return "\(place == 0 ? "shown now" : "also kept") (\(side.author), \(when))"
        }
        let fields = record.table.register(register)?.fields ?? []
        let count = sides.map(\.values.count).max() ?? 0
        let rows = try (0..<count).compactMap { place -> [Page.Cell]? in
            let kind = place < fields.count ? fields[place].kind : nil
            let label = place < fields.count ? Wording.field(fields[place].name) : "more"
            let cells = try sides.map { side in
                place < side.values.count ? try Wording.text(side.values[place], kind, time) : ""
            }
            guard cells.contains(where: { !$0.isEmpty }) else { return nil }
            return [Page.Cell(label)] + cells.map { Page.Cell($0.isEmpty ? "(nothing)" : $0) }
        }
        page.table([""] + heads, rows)
    }

    /// For programs: the register, and each value with its author, the shown one first.
    var json: JSON {
        [
            "register": .text(register),
            "values": .list(
                sides.map { side in
                    [
                        "author": .text(side.author), "written": .moment(side.writtenMicroseconds),
                        "value": JSON([RegisterWrite(register, side.values)], in: record.table.name),
                    ]
                }),
        ]
    }
}
