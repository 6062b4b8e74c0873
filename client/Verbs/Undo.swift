import ArgumentParser
import SyncModel
import SyncReplica

struct Undo: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Take back the newest entry, while it has not been sent.",
        discussion: """
            What was written together, such as a session with its attendance, is taken back together. What was sent \
            can be amended or voided, but not taken back.

            Example: porchlight undo
            """)

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let waiting = try replica.outbox()
        var teller = ChangeTeller(desk)
        let newest = Self.newest(waiting)
        // Said before it is taken back, while the records are still here to be named.
        let words = try newest.map { try teller.summary($0.table, $0.record, $0.writes) }
        if let what = words.last, desk.screen.isInteractive, !desk.common.json {
            let more = newest.count > 1 ? " and \(newest.count - 1) more written with it" : ""
            try desk.confirm(
                "Take back \(TextWidth.cut(what, to: 200))\(more)?", yes: confirm.yes,
                doubt: SyncError(.nothing, "nothing was taken back"))
        }
        let receipt = try replica.undo()
        let undone = Set(receipt.changes)
        let entries = waiting.filter { undone.contains($0.dot) }
        desk.show(["undone": .list(entries.map { ChangeTeller.json($0) })]) { page in
            let said = Dictionary(uniqueKeysWithValues: zip(newest.map(\.dot), words))
            for entry in entries { page.line("taken back: \(said[entry.dot] ?? entry.record.short)") }
        }
    }

    /// The newest change and those written together with it, oldest first.
    private static func newest(_ outbox: [OutboxEntry]) -> [OutboxEntry] {
        guard let last = outbox.last else { return [] }
        guard let transaction = last.transaction else { return [last] }
        return outbox.filter { $0.transaction == transaction }
    }
}
