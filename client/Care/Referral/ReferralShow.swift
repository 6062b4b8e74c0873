import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ReferralShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one referral, and what can be done with it.",
        discussion: """
            Example: porchlight referral show 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(referral, in: "referral")
        let replica = try desk.replica()
        let people = People(replica)
        let clashes = try SideBySide.all(of: [view], in: replica)
        let time = desk.time
        let referral = Referral(view)
        let steps = referral.map { $0.isApart ? [] : ReferralMachine.steps(from: $0.status) } ?? []
        try desk.show(
            people.json(view)
                .adding("possible_steps", .list(steps.map { .text($0.rawValue) }))
                .adding("clashes", .list(clashes.map(\.json)))
        ) { page in
            let registers = view.table.registers.compactMap { register in
                view.values(of: register.name).map { RegisterWrite(register.name, $0) }
            }
            let fields = try Wording.fields(registers, in: "referral", time) { try people.name($0) }
            page.line("Referral \(view.id.short)", .strong)
            page.pairs(fields.map { ($0.label, Page.Cell($0.text)) })
            for clash in clashes { try clash.show(on: &page, time) }
            guard let referral else { return }
            if referral.isApart {
                page.line(
                    "No step follows before somebody has decided which of them stays: "
                        + "porchlight conflicts show \(referral.conflictName)", .warning)
            } else {
                page.line(ReferralProgress.follows(referral.status), .faint)
            }
        }
    }
}
