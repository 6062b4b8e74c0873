import PeerSupport
import SyncModel
import SyncReplica

/// Two records that may be one person's, with what there is to tell by; of a decision about two that is asked about again those
/// of them that are here.
struct PairText {
    private let people: [Person]

    private struct Person {
        /// `nil` where the letters stand for something else.
        let letter: String?
        let view: RecordView
        /// The change that gave the code for the first time, as far as it is known here.
        let made: HistoryEntry?
        let device: String?
        let caseload: [String]

        var mark: String { letter.map { "\($0)  " } ?? "" }

        /// Without letters, two are told apart by code and name.
        var head: String {
            letter == nil ? "\(Wording.label(of: view)) (\(view.id.short))" : mark + view.id.short
        }
    }

    init(_ text: ConflictText) throws {
        let replica = try text.desk.replica()
        var records: [(letter: String?, view: RecordView)] = []
        if text.conflict.kind == .duplicate {
            for side in try text.sides() {
                if let view = side.record { records.append((letter: side.letter, view: view)) }
            }
        } else {
            for id in [text.conflict.view.id, text.other].compactMap({ $0 }) {
                if let view = try replica.view(id) { records.append((letter: nil, view: view)) }
            }
        }
        people = try records.map { letter, view in
            let made = try replica.history(view.id).first { entry in
                entry.writes.contains { $0.register == "identity" }
            }
            let peers = try replica.find(Query.openAssignments(of: view.id))
            return Person(
                letter: letter, view: view, made: made,
                device: made.flatMap { text.device(of: $0.dot, in: view.id) },
                caseload: Set(peers.compactMap { $0["peer"].text }).sorted())
        }
    }

    private static let fields = [
        "birth_year", "site", "team", "residence", "phone", "best_way", "standing", "primary_provider",
    ]

    /// Both side by side.
    func write(to page: inout Page, _ time: LocalTime) throws {
        page.line()
        var rows = try Self.fields.compactMap { name -> [Page.Cell]? in
            let kind = people.first?.view.table.place(of: name).map { $0.register.fields[$0.index].kind }
            let texts = try people.map { try Wording.text($0.view[name], kind, time) }
            guard texts.contains(where: { !$0.isEmpty }) else { return nil }
            return row(Wording.field(name), texts.map { $0.isEmpty ? "(nothing)" : $0 })
        }
        rows.append(
            row(
                "caseload",
                people.map { $0.caseload.isEmpty ? "nobody's" : $0.caseload.joined(separator: ", ") }))
        rows.append(row("added by", people.map { $0.made?.author ?? "(not known here)" }))
        rows.append(
            row(
                "added",
                people.map { person in
                    person.made.map { History.when($0, time) } ?? "(not known here)"
                }))
        rows.append(row("on laptop", people.map { $0.device ?? "(not known here)" }))
        page.table([], [row("", people.map(\.head))] + rows)
        for person in people where person.device == nil {
            page.line(
                "  \(person.mark)the server knows the laptop: porchlight history \(person.view.id.short) --server",
                .faint)
        }
        for person in people {
            page.line("  \(person.mark)porchlight participant show \(person.view.id.short)", .faint)
        }
    }

    private func row(_ label: String, _ texts: [String]) -> [Page.Cell] {
        [Page.Cell("  \(label)", .faint)] + texts.map { Page.Cell($0) }
    }

    /// One of the two for programs.
    func json(_ letter: String) -> JSON {
        guard let person = people.first(where: { $0.letter == letter }) else { return .null }
        let members = Self.fields.map { name -> JSON.Member in
            let kind = person.view.table.place(of: name).map { $0.register.fields[$0.index].kind }
            return JSON.Member(key: name, value: JSON(person.view[name], kind))
        }
        let added = person.made.map { $0.effective?.microseconds ?? $0.writtenMicroseconds }
        return JSON.object(members)
            .adding("caseload", .list(person.caseload.map { .text($0) }))
            .adding("added_by", .optional(person.made?.author)).adding("added_at", .moment(added))
            .adding("device", .optional(person.device))
    }
}
