import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct EnrollmentEnd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "End a participant's year: completed, or left.",
        discussion: """
            Example: porchlight enrollment end P0142 --status completed
            """)

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Option(help: "completed, left or paused.")
    var status: String

    @Option(help: "In words, if they like to say.")
    var reason: String?

    @Option(help: "The programme, if there are several.")
    var program: String?

    @Option(help: "On which day; otherwise today.")
    var on: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let before = try EnrollmentProgress.one(person, program, in: replica)
        let word = try Words.find(status, in: ["completed", "left", "paused"], called: "way to end")
        let day = try desk.day(on)
        let writes = try Writes(
            "enrollment", over: before,
            [
                "status": .text(word), "status_reason": .some(.typed(reason) ?? Value.none),
                "status_by": .text(try desk.enrolment().staff), "status_on": .day(day),
            ])
        try replica.edit { edit in try edit.write(before.id, writes.registers) }
        guard let after = try replica.view(before.id) else { return }
        let time = desk.time
        try desk.show(People(replica).json(after)) { page in
            page.line("\(person.label): \(before["program"].text ?? "") \(word), \(time.said(day)).", .good)
        }
    }
}
