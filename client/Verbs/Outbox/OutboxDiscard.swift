import ArgumentParser
import SyncModel
import SyncReplica

struct OutboxDiscard: Verb {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Withdraw what the server did not take.",
        discussion: """
            It becomes part of no record, and nobody is asked about it any more. The server is told with the next sync, \
            and keeps it in its history. What was entered together is withdrawn together. A participant about whom \
            something was taken stays until that is void, or with --alone: it would count, and nobody could say whose it is.

            Example: porchlight outbox discard 12 --reason "entered twice"
            """)

    @Argument(help: "Its number, as `porchlight outbox` lists it.")
    var number: Int64

    @Option(help: "Why, for the audit log; without anybody's name.")
    var reason: String = ""

    @Flag(help: "Withdraw a participant although what was taken about them stays.")
    var alone = false

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        if try replica.status().isSealed { throw OutboxVerbErrors.retired }
        _ = try replica.outboxEntry(number)
        let group = try replica.withdrawable(number)
        if !alone { try refuseToStrand(group, in: replica) }
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

    /// What counts about somebody who is withdrawn would be about nobody, and nobody may release them any more.
    private func refuseToStrand(_ group: [OutboxEntry], in replica: Replica) throws {
        let going = Set(group.map(\.record))
        for entry in group where entry.creates && entry.table == "participant" {
            let left = try Dependents(of: entry.record, in: replica).views.filter { !going.contains($0.id) }
            guard let first = left.first else { continue }
            throw SyncError(
                .badValue,
                "\(Wording.count(left.count, "entry", "entries")) about this participant would stay, such as "
                    + "\(Wording.table(first.table.name)) \(first.id.short)",
                means: "nothing was withdrawn: it would count, and nobody could say whose it is",
                advice: "an administrator can release the participant out of quarantine; or void what was "
                    + "recorded first; or add --alone")
        }
    }
}
