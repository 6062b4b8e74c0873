import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct OutboxList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what waits to be sent, and what the server did not take.",
        discussion: """
            What was not taken is kept here with the reason, and counts for nobody until it is put right with \
            `porchlight outbox edit`, or an administrator releases it at the server. What was released or discarded \
            there is listed no more, and so is what you withdrew, once the server has heard of it.

            Example: porchlight outbox
            """)

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let entries = try replica.outbox()
        // A retired laptop shows nobody's records any more, not even what it could not send.
        if try replica.status().isSealed {
            desk.show(["entries": .list(entries.map { ChangeTeller.json($0, showsContent: false) })]) {
                page in
                let waiting = Wording.count(entries.count, "entry waits", "entries wait")
                page.line(
                    entries.isEmpty
                        ? "This laptop was retired. All that was recorded on it is at the office, where an administrator "
                            + "decides about what came too late."
                        : "This laptop was retired. \(waiting) to be handed in: run `porchlight sync` where there is "
                            + "a network. An administrator decides about what came too late.")
            }
            return
        }
        try desk.show(["entries": .list(entries.map { ChangeTeller.json($0) })]) { page in
            guard !entries.isEmpty else {
                page.line("nothing waits, and nothing was refused")
                return
            }
            defer { Self.advise(entries, in: replica, on: &page) }
            var teller = ChangeTeller(desk)
            let time = desk.time
            let rows = try entries.map { entry -> [Page.Cell] in
                let summary = try teller.summary(entry.table, entry.record, entry.writes)
                return [
                    "\(entry.number)", Page.Cell(time.text(of: floorSeconds(entry.writtenMicroseconds))),
                    Self.state(entry), Page.Cell(TextWidth.cut(TextWidth.oneLine(summary), to: 160)),
                ]
            }
            page.table(["no.", "written", "state", "what"], rows)
        }
    }

    /// What can be done about what was refused, and what goes with what.
    private static func advise(_ entries: [OutboxEntry], in replica: Replica, on page: inout Page) {
        let refused = entries.filter { if case .quarantined = $0.outcome { true } else { false } }
        guard let first = refused.first else { return }
        page.line()
        let judged = RefusedEntry.all(refused, in: replica)
        let ways = [
            "`porchlight outbox show \(first.number)` says more",
            judged.contains(where: \.isCorrectable) ? "`outbox edit` enters it anew corrected" : nil,
            judged.contains(where: \.isDroppable) ? "`outbox discard` withdraws it" : nil,
        ]
        page.line("Not taken: \(ways.compactMap { $0 }.joined(separator: ", ")).", .faint)
        for line in OutboxGroups(refused).lines { page.line(line, .faint) }
    }

    static func state(_ entry: OutboxEntry) -> Page.Cell {
        if case .quarantined = entry.outcome { return Page.Cell(ChangeTeller.words(entry.outcome), .warning) }
        if entry.outcome == .withdrawing { return Page.Cell(ChangeTeller.words(entry.outcome)) }
        return Page.Cell(entry.wasOffered ? "on its way" : ChangeTeller.words(entry.outcome))
    }
}
