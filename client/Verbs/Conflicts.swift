import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Conflicts: LookingVerb {
    static let configuration = CommandConfiguration(
        abstract: "List clashes: what two people wrote without knowing of each other.",
        discussion: """
            Both are kept. The one marked "shown" is what everybody sees until somebody decides with `porchlight \
            resolve`.

            Example: porchlight conflicts
            """)

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let clashes = try Self.clashes(on: replica)
        let doubles = try DoubleCodes(in: replica)
        try desk.show(["conflicts": .list(clashes.map { $0.json })]) { page in
            if clashes.isEmpty { page.line("no clashes") }
            var teller = ChangeTeller(desk)
            for (index, clash) in clashes.enumerated() {
                if index > 0 { page.line() }
                try clash.write(to: &page, &teller, desk.time, doubles.codes)
            }
            // Not a clash within a record, but as much a thing that two people did without knowing of each other.
            for note in try doubles.notes(in: replica) { page.line("Note: \(note)", .warning) }
        }
    }

    /// Every register in conflict on this laptop, the gravest first.
    static func clashes(on replica: Replica) throws -> [Clash] {
        var found: [Clash] = []
        for table in PeerSupportSchema.schema.tables {
            for view in try replica.find(Query(table.name, where: [.inConflict])) {
                for register in view.conflicts {
                    found.append(
                        Clash(
                            view: view, register: register,
                            siblings: try replica.siblings(view.id, of: register)))
                }
            }
        }
        return found.sorted { $0.severity > $1.severity }
    }
}

/// One register with several values.
struct Clash {
    let view: RecordView
    let register: String
    let siblings: [Sibling]

    var severity: Severity { view.table.register(register)?.severity ?? .ask }

    private var severityWord: String {
        switch severity {
        case .newestWins: "newest_wins"
        case .ask: "ask"
        case .grave: "grave"
        }
    }

    /// The participant whose record it is, or whom the record is about.
    var participant: RecordID? {
        view.table.name == "participant" ? view.id : view["participant"].reference
    }

    /// How the record is named to `resolve`: by a code that is its own alone, or by its id.
    private func handle(_ doubles: [String]) -> String {
        guard view.table.name == "participant", let code = view["code"].text, !doubles.contains(code) else {
            return view.id.short
        }
        return code
    }

    func write(
        to page: inout Page, _ teller: inout ChangeTeller, _ time: LocalTime, _ doubles: [String]
    ) throws {
        var title = "\(try teller.title(view.table.name, view.id)): \(Wording.field(register))"
        if let participant, participant != view.id { title += ", of \(try teller.label(participant))" }
        title += "  (\(handle(doubles)) \(register))"
        page.line(title, severity == .grave ? .bad : .strong)
        let rows = try siblings.enumerated().map { place, sibling -> [Page.Cell] in
            let write = RegisterWrite(register, sibling.values)
            return [
                Page.Cell("  \(Self.letter(place))  \(place == 0 ? "shown" : "kept")"),
                Page.Cell(sibling.change.author),
                Page.Cell(Self.when(sibling.change, time)),
                Page.Cell(try teller.contents(view.table.name, [write])),
            ]
        }
        page.table([], rows)
        if register == deletedRegister {
            page.line("  somebody deleted this record, and somebody else, not knowing, went on with it")
        }
    }

    /// A for the first, and so on: how `resolve` is told which value stays.
    private static func letter(_ place: Int) -> String {
        Unicode.Scalar(UInt32(65 + min(place, 25))).map { String(Character($0)) } ?? ""
    }

    private static func when(_ change: LiveChange, _ time: LocalTime) -> String {
        guard let effective = change.effective else {
            return time.text(of: floorSeconds(change.deviceMicroseconds)) + ", not sent yet"
        }
        return (effective.isEstimated ? "about " : "") + time.text(of: floorSeconds(effective.microseconds))
    }

    var json: JSON {
        [
            "record": .text(view.id.text), "table": .text(view.table.name),
            "participant": .optional(participant?.text), "register": .text(register),
            "severity": .text(severityWord),
            "values": .list(
                siblings.enumerated().map { place, sibling in
                    [
                        "letter": .text(Self.letter(place)), "shown": .flag(place == 0),
                        "author": .text(sibling.change.author),
                        "effective": .moment(sibling.change.effective?.microseconds),
                        "estimated": .flag(sibling.change.effective?.isEstimated ?? false),
                        "written": .moment(sibling.change.deviceMicroseconds),
                        "writes": JSON([RegisterWrite(register, sibling.values)], in: view.table.name),
                    ]
                }),
        ]
    }
}
