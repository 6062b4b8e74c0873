import ArgumentParser
import SyncModel
import SyncReplica

struct OutboxDiscard: Verb {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Withdraw what the server did not take.",
        discussion: """
            It becomes part of no record, and nobody is asked about it any more. The server is told with the next sync, \
            and keeps it in its history. What was entered together is withdrawn together.

            Example: porchlight outbox discard 12 --reason "entered twice"
            """)

    @Argument(help: "Its number, as `porchlight outbox` lists it.")
    var number: Int64

    @Option(help: "Why, for the audit log; without anybody's name.")
    var reason: String = ""

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        if try replica.status().isSealed { throw OutboxVerbErrors.retired }
        _ = try replica.outboxEntry(number)
        let group = try replica.withdrawable(number)
        var teller = ChangeTeller(desk)
        // Said before it goes, while a record that it made is still here to be named.
        let words = try group.map { try teller.summary($0.table, $0.record, $0.writes) }
        if desk.screen.isInteractive, !common.json {
            let more = group.count > 1 ? " and \(group.count - 1) more entered together with it" : ""
            try desk.confirm(
                "Withdraw \(TextWidth.cut(words.first ?? "", to: 200))\(more)?", yes: confirm.yes,
                doubt: SyncError(.nothing, "nothing was withdrawn", means: "it is kept as it was"))
        }
        let withdrawn = try replica.withdraw(number, reason: reason)
        desk.show(["withdrawn": .list(withdrawn.map { ChangeTeller.json($0) })]) { page in
            for (entry, what) in zip(withdrawn, words) {
                page.line("withdrawn: no. \(entry.number), \(what)")
            }
            if withdrawn.count > 1 { page.line("They were entered together, so they go together.") }
            page.line("The server is told with the next `porchlight sync`.", .faint)
        }
    }
}
