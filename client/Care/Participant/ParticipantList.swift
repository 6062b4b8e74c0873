import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ParticipantList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the participants on this laptop.",
        discussion: """
            Example: porchlight participant list --site S1
            Example: porchlight participant list lop
            """)

    @Argument(help: "A part of the code or the name, with or without its accents.")
    var part: String?

    @Option(help: "Only of this site.")
    var site: String?

    @Option(help: "Only of this team.")
    var team: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        var conditions: [Query.Condition] = []
        if let site { conditions.append(.equals("site", try desk.named(site, in: "site")["code"])) }
        if let team { conditions.append(.equals("team", try desk.named(team, in: "team")["code"])) }
        let part = Folding.plain(part?.trimmed ?? "")
        let found = try desk.replica().find(
            Query("participant", where: conditions, order: [Query.Order("code")])
        ).filter { view in
            part.isEmpty || Folding.plain(Wording.label(of: view)).contains(part)
        }
        let complete = try desk.completeness()
        let replica = try desk.replica()
        let people = People(replica)
        let merged = try Merged(in: replica)
        let doubles = try DoubleCodes(in: replica).notes(in: replica)
        try desk.show(["participants": .list(found.map { JSON($0) })]) { page in
            guard !found.isEmpty else {
                page.line("No participants fit.")
                for view in part.isEmpty ? [] : try desk.deleted(part, in: "participant") {
                    guard let gone = try Deleted(view, at: desk) else { continue }
                    page.line("\(Wording.label(of: view)) (\(view.id.short)) was \(gone.words(desk.time))")
                }
                page.line(complete, .faint)
                return
            }
            page.table(
                ["code", "name", "site", "team", "residence", ""],
                try found.compactMap { Participant($0) }.map { person in
                    var marks = person.conflicts.isEmpty ? [] : ["clash"]
                    let root = merged.root(of: person.id)
                    if root != person.id { marks.append("is \(try people.name(root))") }
                    if try people.isDouble(person.code) { marks.append("same code, id \(person.id.short)") }
                    return [
                        Page.Cell(person.code, .strong), Page.Cell(person.fullName), Page.Cell(person.site),
                        Page.Cell(person.team ?? ""),
                        Page.Cell(TextWidth.cut(person.residence ?? "", to: 30)),
                        Page.Cell(marks.joined(separator: "; "), .warning),
                    ]
                })
            for note in doubles { page.line("Note: \(note)", .warning) }
            page.line("\(Wording.count(found.count, "participant")). \(complete)", .faint)
        }
    }
}
