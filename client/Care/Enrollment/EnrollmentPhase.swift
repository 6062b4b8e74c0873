import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct EnrollmentPhase: Verb {
    static let configuration = CommandConfiguration(
        commandName: "phase",
        abstract: "Note the phase of a participant's year.",
        discussion: """
            Example: porchlight enrollment phase P0142 transition
            """)

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Argument(help: "core, transition or maintenance.")
    var phase: String

    @Option(help: "The programme, if there are several.")
    var program: String?

    @Option(help: "Since when; otherwise today.")
    var on: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let before = try EnrollmentProgress.one(person, program, in: replica)
        let word = try Words.find(phase, in: Words.phases, called: "phase")
        let day = try desk.day(on)
        let writes = try Writes("enrollment", over: before, ["phase": .text(word), "phase_since": .day(day)])
        try replica.edit { edit in try edit.write(before.id, writes.registers) }
        guard let after = try replica.view(before.id) else { return }
        let time = desk.time
        try desk.show(People(replica).json(after)) { page in
            page.line("\(person.label) is in the \(word) phase since \(time.said(day)).", .good)
        }
    }
}
