import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct History: LookingVerb {
    static let configuration = CommandConfiguration(
        abstract: "Show who wrote what into a record, and when.",
        discussion: """
            Each line shows what a change put in the place of what. Of two values that were written apart one is \
            shown and the other kept. This laptop knows what stands now, and all that was written on it; the server \
            keeps the rest, and with --server it is asked for all of it. What was recorded about a \
            participant, such as a check-in, has a history of its own, by its id. A record that was deleted has one too, \
            and is named as before.

            Example: porchlight history P0142
            """)

    @Argument(help: "A participant's code or name, or the id of any record or its last digits.")
    var record: String

    @Flag(help: "Ask the server for every change that was ever part of the record.")
    var server = false

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.anyRecord(record)
        if server {
            try ServerHistory(view, at: desk).show()
            return
        }
        let entries = try desk.replica().history(view.id)
        let deleted = try Deleted(view, at: desk)
        try desk.show(try Self.json(entries, of: view, desk).adding("deleted", deleted?.json ?? .null)) {
            page in
            var teller = ChangeTeller(desk)
            let time = desk.time
            try Self.head(view, deleted, on: &page, &teller, time)
            let values = HistoryValues(entries)
            let words = HistoryWords(view: view, values: values, desk: desk)
            let rows = try entries.map { entry -> [Page.Cell] in
                [
                    Page.Cell(Self.when(entry, time)), Page.Cell(entry.author),
                    Page.Cell(values.apart(entry, try Self.state(entry, view, desk))),
                    Page.Cell(try words.words(entry, &teller)),
                ]
            }
            page.table(["when", "who", "state", "what"], rows)
        }
    }

    /// What the record is called, and what became of it.
    static func head(
        _ view: RecordView, _ deleted: Deleted?, on page: inout Page, _ teller: inout ChangeTeller,
        _ time: LocalTime
    ) throws {
        page.line(try teller.title(view.table.name, view.id), .strong)
        guard let deleted else { return }
        page.line("It was \(deleted.words(time))", .warning)
        if let back = try deleted.wayBack() {
            page.line(
                "\(back.label): \(back.line)",
                .faint)
        }
    }

    static func when(_ entry: HistoryEntry, _ time: LocalTime) -> String {
        guard let effective = entry.effective else {
            return time.text(of: floorSeconds(entry.writtenMicroseconds))
        }
        return (effective.isEstimated ? "about " : "") + time.text(of: floorSeconds(effective.microseconds))
    }

    /// Whether what a change wrote is shown, or stands beside what is shown, or was replaced.
    static func state(_ entry: HistoryEntry, _ view: RecordView, _ desk: Desk) throws -> String {
        switch entry.outcome {
        case .waiting, .quarantined, .released, .withdrawn, .withdrawing:
            return entry.outcome.map { ChangeTeller.words($0) } ?? ""
        default: break
        }
        guard entry.isLive else { return "replaced" }
        for write in entry.writes where view.conflicts.contains(write.register) {
            // Nobody is shown a deletion that somebody had not read who went on with the record.
            if write.register == deletedRegister, view.deletion != .deleted {
                return write.values == [.integer(1)] ? "kept beside" : "shown"
            }
            let siblings = try desk.replica().siblings(view.id, of: write.register)
            if let place = siblings.firstIndex(where: { $0.change.dot == entry.dot }) {
                // A void mark whose writer had not read a signature is not shown, though it stands alone.
                let isShown = place == 0 && siblings[0].values == view.values(of: write.register)
                return isShown ? "shown" : "kept beside"
            }
        }
        return "stands"
    }

    private static func json(_ entries: [HistoryEntry], of view: RecordView, _ desk: Desk) throws -> JSON {
        let values = HistoryValues(entries)
        return [
            "record": .text(view.id.text), "table": .text(view.table.name),
            "entries": .list(
                try entries.map {
                    json($0, values, in: view.table.name).adding("state", .text(try state($0, view, desk)))
                }),
        ]
    }

    /// One change, for programs.
    static func json(_ entry: HistoryEntry, _ values: HistoryValues, in table: String) -> JSON {
        var refusal: Refusal?
        if case .quarantined(let why) = entry.outcome { refusal = why }
        return [
            "author": .text(entry.author), "written": .moment(entry.writtenMicroseconds),
            "effective": .moment(entry.effective?.microseconds),
            "estimated": .flag(entry.effective?.isEstimated ?? false),
            "live": .flag(entry.isLive),
            "outcome": .optional(entry.outcome.map { ChangeTeller.code($0) }),
            "reason": .optional(refusal?.reason),
            "writes": JSON(entry.writes, in: table),
            "before": values.json(before: entry, in: table),
            "apart_from": .list(values.authors(apartFrom: entry).map { .text($0) }),
        ]
    }
}
