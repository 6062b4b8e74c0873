import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct CaseloadVerb: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "caseload",
        abstract: "List a peer's caseload, with how each came onto it.",
        discussion: """
            Example: porchlight caseload PS07
            To hand somebody over: porchlight assign --help
            """)

    @Argument(help: "Staff code of the peer; otherwise you.")
    var peer: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let me = try desk.enrolment().staff
        let peer = try peer.map(desk.staffCode) ?? me
        let replica = try desk.replica()
        let people = People(replica)
        let rows = try Needs.assignments(of: peer, in: replica)
            .map { (row: $0, name: try people.name($0.participant)) }
            .sorted { ($0.name, $0.row.id) < ($1.name, $1.row.id) }
        let complete = try desk.completeness()
        try desk.show([
            "peer": .text(peer),
            "caseload": .list(
                try rows.map { row, _ in
                    [
                        "assignment": .text(row.id.text), "participant": .text(row.participant.text),
                        "participant_code": try people.code(row.participant), "basis": .text(row.basis),
                        "from_date": .text(row.from.text), "conflict": .flag(!row.conflicts.isEmpty),
                    ]
                }),
        ]) { page in
            page.line("Caseload of \(peer): \(Wording.count(rows.count, "participant"))", .strong)
            page.table(
                rows.isEmpty ? [] : ["participant", "since", "basis", ""],
                rows.map { row, name in
                    [
                        Page.Cell(name), Page.Cell(row.from.text), Page.Cell(row.basis.spaced),
                        row.conflicts.isEmpty ? Page.Cell("") : Page.Cell("clash", .warning),
                    ]
                })
            page.line(complete, .faint)
        }
    }
}
