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
    /// The name of the conflict in which it is decided; `nil` where it is decided in none, or with something else.
    var asking: String?

    /// The clashes of some records, in their order.
    static func all(of views: [RecordView], in replica: Replica) throws -> [SideBySide] {
        let clashing = views.filter { !$0.conflicts.isEmpty }
        guard !clashing.isEmpty else { return [] }
        let open = try OpenConflicts(in: replica).all
        return try clashing.flatMap { try all(of: $0, among: open, in: replica) }
    }

    private static func all(of view: RecordView, among open: [Conflict], in replica: Replica) throws
        -> [SideBySide]
    {
        try view.conflicts.map { register in
            let conflict = open.first { $0.decides(register, of: view.id) }
            var found: SideBySide
            if register == deletedRegister {
                found = try deletion(of: view, in: replica)
            } else {
                let written = try replica.siblings(view.id, of: register).map { side($0.change, $0.values) }
                found = SideBySide(record: view, register: register, sides: written)
            }
            // One void mark alone stands against somebody who went on, or corrected the entry; and a mark whose writer had not
            // read a signature is not what is shown.
            let isShown: (Side) -> Bool = { $0.values == view.values(of: register) }
            if register == "void", let conflict,
                found.sides.count == 1 || !found.sides.contains(where: isShown)
            {
                let all = try besideVoid(conflict, found.sides, in: replica)
                found = SideBySide(
                    record: view, register: register, sides: all.filter(isShown) + all.filter { !isShown($0) }
                )
            }
            found.asking = conflict?.name
            return found
        }
    }

    /// Void marks, and against them what somebody wrote who had not read them; of one that a correction left, what was signed apart.
    private static func besideVoid(_ conflict: Conflict, _ marks: [Side], in replica: Replica) throws
        -> [Side]
    {
        if conflict.kind == .void {
            return conflict.sides.compactMap { one in one.change.map { side($0, one.values) } }
        }
        guard conflict.countsBesideCorrection, let written = try replica.state(conflict.view.id)?.lastWriting
        else { return marks }
        return marks + [side(written, conflict.view.table.register("void")?.nothing ?? [])]
    }

    /// A deletion has one value alone: against it stands what somebody wrote who had not read it, and that is shown.
    private static func deletion(of view: RecordView, in replica: Replica) throws -> SideBySide {
        let found =
            try replica.state(view.id).map { ConflictFinder.conflicts(in: view, $0, DecisionChains([])) }
            ?? []
        let conflict = found.first { $0.kind == .deletion }
        let sides = (conflict?.sides ?? []).compactMap { one in one.change.map { side($0, one.values) } }
        return SideBySide(
            record: view, register: deletedRegister,
            sides: conflict?.shownPlace == 1 ? sides.reversed() : sides)
    }

    private static func side(_ change: LiveChange, _ values: [Value]) -> Side {
        Side(
            author: change.author,
            writtenMicroseconds: change.effective?.microseconds ?? change.deviceMicroseconds,
            values: values)
    }

    /// The values side by side, one line for each field.
    ///
    /// - Parameter name: what the record is called, where several are on one page.
    func show(on page: inout Page, _ time: LocalTime, of name: String? = nil) throws {
        page.line(
            "Clash in the \(Labels.register(register, in: record.table.name)) of "
                + "\(name ?? "this \(Wording.table(record.table.name))"):", .warning)
        let heads = sides.enumerated().map { place, side in
            let when = time.ago(floorSeconds(side.writtenMicroseconds))
            return "\(place == 0 ? "shown now" : "also kept") (\(side.author), \(when))"
        }
        guard register != deletedRegister else {
            let said = sides.map { $0.values == [.integer(1)] ? "deleted" : "goes on" }
            page.table([""] + heads, [[Page.Cell("record")] + said.map { Page.Cell($0) }])
            decide(on: &page)
            return
        }
        let fields = record.table.register(register)?.fields ?? []
        let count = sides.map(\.values.count).max() ?? 0
        var rows = try (0..<count).compactMap { place -> [Page.Cell]? in
            let kind = place < fields.count ? fields[place].kind : nil
            let label = place < fields.count ? Wording.field(fields[place].name) : "more"
            let cells = try sides.map { side in
                place < side.values.count ? try Wording.text(side.values[place], kind, time) : ""
            }
            guard cells.contains(where: { !$0.isEmpty }) else { return nil }
            return [Page.Cell(label)] + cells.map { Page.Cell($0.isEmpty ? "(nothing)" : $0) }
        }
        if register == "void" {
            let said = sides.map { $0.values.isOpen(in: register) ? "goes on" : "void" }
            rows.insert(
                [Page.Cell(Wording.table(record.table.name))] + said.map { Page.Cell($0) }, at: 0)
        }
        page.table([""] + heads, rows)
        decide(on: &page)
    }

    private func decide(on page: inout Page) {
        if let asking { page.line("It waits for a decision: porchlight conflicts show \(asking)", .faint) }
    }

    /// For programs: the register, and each value with its author, the shown one first.
    var json: JSON {
        [
            "register": .text(register), "asked": .optional(asking),
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
