import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct QuarantineShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a change in quarantine says, and what stands there now.",
        discussion: """
            \(QuarantineText.showing)

            Example: porchlight quarantine show 1204
            """)

    @Argument(help: "The change's number in `quarantine list`.") var id: Int64

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard id > 0 else { throw ValidationError("The numbers of `quarantine list` are above 0.") }
    }

    func run(at desk: Desk) throws {
        guard case .content(let content) = try desk.quarantine(.show(id)) else { throw Desk.unasked }
        let replica = try desk.replica()
        var known: [RecordID: RecordView] = [:]
        // What is not on this laptop yet is named by its id.
        for id in content.named { known[id] = try replica.view(id) }
        desk.show(Self.json(content)) { page in
            let time = desk.time
            let text = QuarantineText(content, known: known) { time.text(of: floorSeconds($0)) }
            for line in text.lines { page.line(line) }
            page.table([], text.rows.map { $0.map { Page.Cell($0) } })
        }
    }

    private static func json(_ content: QuarantinedContent) -> JSON {
        let table = content.change.table
        let stands = content.registers.flatMap { register in
            register.standing.map { standing -> JSON in
                [
                    "register": .text(register.write.register), "author": .text(standing.author),
                    "writes": JSON([RegisterWrite(register.write.register, standing.values)], in: table),
                    "was_read": .flag(standing.wasRead),
                ]
            }
        }
        return QuarantineList.json(content.change)
            .adding("record", .text(content.record.text))
            .adding("record_exists", .flag(content.recordExists))
            .adding("group", .list(content.group.map { .integer($0) }))
            .adding("needed_by", .list(content.dependents.waiting.map { .integer($0) }))
            .adding("needed_by_taken", .count(content.dependents.taken))
            .adding("adrift", .flag(content.isAdrift))
            .adding("writes", JSON(content.registers.map(\.write), in: table))
            .adding("stands", .list(stands))
    }
}
