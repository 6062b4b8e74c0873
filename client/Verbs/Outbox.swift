import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Outbox: LookingVerb {
    static let configuration = CommandConfiguration(
        abstract: "List what waits to be sent, and what the server did not take.",
        discussion: """
            What was not taken is kept here with the reason, and counts for nobody until it is put right, or an \
            administrator releases it at the server. What was released or discarded there is listed no more.

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
                page.line(
                    "This laptop was retired. \(Wording.count(entries.count, "entry is", "entries are")) kept in it; "
                        + "the office decides about what came too late.")
            }
            return
        }
        try desk.show(["entries": .list(entries.map { ChangeTeller.json($0) })]) { page in
            guard !entries.isEmpty else {
                page.line("nothing waits, and nothing was refused")
                return
            }
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

    private static func state(_ entry: OutboxEntry) -> Page.Cell {
        if case .quarantined = entry.outcome { return Page.Cell(ChangeTeller.words(entry.outcome), .warning) }
        return Page.Cell(entry.wasOffered ? "on its way" : ChangeTeller.words(entry.outcome))
    }
}
