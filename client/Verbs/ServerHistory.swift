import PeerSupport
import SyncModel
import SyncReplica

/// `porchlight history RECORD --server`: every change that was ever part of a record, as the server has it.
struct ServerHistory {
    private let view: RecordView
    private let desk: Desk

    init(_ view: RecordView, at desk: Desk) {
        self.view = view
        self.desk = desk
    }

    /// Asks for all of it, and shows it.
    ///
    /// - Throws: ``SyncError``: `offline` and its like without a server, `unknown_record` for a record that this laptop
    ///   receives no more.
    func show() throws {
        let changes = try fetched()
        let entries = changes.map(Self.entry)
        let values = HistoryValues(entries)
        let deleted = try Deleted(view, at: desk)
        let json: JSON = [
            "record": .text(view.id.text), "table": .text(view.table.name), "server": .flag(true),
            "entries": .list(
                try zip(changes, entries).map { change, entry in
                    History.json(entry, values, in: view.table.name)
                        .adding("state", .text(try state(change, entry)))
                        .adding("device", .optional(change.origin.device))
                        .adding("received", .moment(change.origin.receivedMicroseconds))
                        .adding("arrival", .text(Self.word(change.origin.arrival)))
                }),
            "deleted": deleted?.json ?? .null,
        ]
        try desk.show(json) { page in
            var teller = ChangeTeller(desk)
            let time = desk.time
            try History.head(view, deleted, on: &page, &teller, time)
            let words = HistoryWords(view: view, values: values, desk: desk)
            let rows = try zip(changes, entries).map { change, entry -> [Page.Cell] in
                [
                    Page.Cell(History.when(entry, time)), Page.Cell(entry.author),
                    Page.Cell(change.origin.device ?? "(not known)"),
                    Page.Cell(values.apart(entry, try state(change, entry))),
                    Page.Cell(try words.words(entry, &teller)),
                ]
            }
            page.table(["when", "who", "laptop", "state", "what"], rows)
        }
    }

    private func fetched() throws -> [HistoryChange] {
        let link = try desk.link()
        let record = view.id
        return try Waiting.on {
            var changes: [HistoryChange] = []
            var after: UInt64? = 0
            while let from = after {
                let page = try await link.history(HistoryRequest(record: record, after: from))
                changes += page.changes
                // A server that sends the same page again would be asked for ever.
                after = page.next.flatMap { $0 > from ? $0 : nil }
            }
            return changes
        }
    }

    private func state(_ change: HistoryChange, _ entry: HistoryEntry) throws -> String {
        let state = try History.state(entry, view, desk)
        return switch change.origin.arrival {
        case .sent: state
        case .released: "\(state), released by an administrator"
        case .brought: "\(state), brought back after a restore"
        }
    }

    private static func entry(_ change: HistoryChange) -> HistoryEntry {
        let outcome: OwnOutcome? =
            switch change.outcome {
            case .applied, .conflict, .taken: nil
            case .quarantined(let refusal): .quarantined(refusal)
            case .released: .released
            case .withdrawn: .withdrawn
            }
        return HistoryEntry(
            dot: change.change.dot, author: change.change.author, writes: change.change.writes,
            context: change.change.context, writtenMicroseconds: change.change.deviceMicroseconds,
            effective: change.change.effective, isLive: change.isLive, outcome: outcome)
    }

    private static func word(_ arrival: ConflictNotes.Arrival) -> String {
        switch arrival {
        case .sent: "sent"
        case .released: "released"
        case .brought: "brought"
        }
    }
}
