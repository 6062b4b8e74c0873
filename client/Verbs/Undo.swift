import ArgumentParser
import SyncModel
import SyncReplica

struct Undo: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Take back the newest entry, while it has not been sent.",
        discussion: """
            What was written together, such as a session with its attendance, is taken back together, and so are all \
            rows of an import; --row takes back only its last one. What was sent can be amended or voided, but not \
            taken back; then it says with which verb.

            Example: porchlight undo
            """)

    @Flag(name: .customLong("import"), help: "Only take back an import, if one is the newest entry.")
    var onlyImport = false

    @Flag(help: "Only take back the last row of an import.")
    var row = false

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if onlyImport, row { throw ValidationError("say either --import or --row") }
    }

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let waiting = try replica.outbox()
        let imported = ImportedRows(waiting)
        if onlyImport || imported != nil && !row {
            try takeBack(imported, replica, desk)
            return
        }
        do {
            try takeBackNewest(waiting, imported, replica, desk)
        } catch var error as SyncError where error.code == .alreadySent {
            if let advice = try UndoAdvice.sentence(replica) { error.advice = advice }
            throw error
        }
    }

    private func takeBackNewest(
        _ waiting: [OutboxEntry], _ imported: ImportedRows?, _ replica: Replica, _ desk: Desk
    ) throws {
        var teller = ChangeTeller(desk)
        let newest = Self.newest(waiting)
        // Said before it is taken back, while the records are still here to be named.
        let words = try newest.map { try teller.summary($0.table, $0.record, $0.writes) }
        if let what = words.last, desk.screen.isInteractive, !desk.common.json {
            let more = newest.count > 1 ? " and \(newest.count - 1) more written with it" : ""
            let row =
                imported.map {
                    "This is one row of an import (\($0.counted)); without --row all of it is taken back. "
                } ?? ""
            try desk.confirm(
                "\(row)Take back \(TextWidth.cut(what, to: 200))\(more)?", yes: confirm.yes,
                doubt: SyncError(.nothing, "nothing was taken back"))
        }
        let receipt = try replica.undo()
        let undone = Set(receipt.changes)
        let entries = waiting.filter { undone.contains($0.dot) }
        desk.show(["undone": .list(entries.map { ChangeTeller.json($0) })]) { page in
            let said = Dictionary(uniqueKeysWithValues: zip(newest.map(\.dot), words))
            for entry in entries { page.line("taken back: \(said[entry.dot] ?? entry.record.short)") }
        }
        if let imported, imported.entries.count > 1 {
            let rest = imported.entries.count - 1
            desk.note(
                "this was one row of an import, and \(rest) more \(rest == 1 ? "stands" : "stand"): "
                    + "`porchlight undo` takes them back too")
        }
    }

    private func takeBack(_ imported: ImportedRows?, _ replica: Replica, _ desk: Desk) throws {
        guard let imported, let first = imported.entries.first else {
            throw SyncError(
                .nothing, "the newest entry is not an import that still waits",
                means: "nothing was taken back",
                advice: "`porchlight outbox` lists what waits; `porchlight undo` takes back the newest entry")
        }
        if desk.screen.isInteractive, !desk.common.json {
            try desk.confirm(
                "Take back an import of \(imported.counted)?", yes: confirm.yes,
                doubt: SyncError(.nothing, "nothing was taken back"))
        }
        let undone = Set(try replica.undo(backTo: first.dot).changes)
        let entries = imported.entries.filter { undone.contains($0.dot) }
        desk.show(["undone": .list(entries.map { ChangeTeller.json($0) })]) { page in
            page.line("taken back: an import of \(imported.counted)")
        }
    }

    /// The newest change and those written together with it, oldest first.
    private static func newest(_ outbox: [OutboxEntry]) -> [OutboxEntry] {
        guard let last = outbox.last else { return [] }
        guard let transaction = last.transaction else { return [last] }
        return outbox.filter { $0.transaction == transaction }
    }
}
