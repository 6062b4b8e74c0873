import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct EnrollmentStart: Verb {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Begin a participant's year in a programme.",
        discussion: """
            Example: porchlight enrollment start P0142 --on mon
            """)

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Option(help: "The programme; PGLB is the year of 22 lifestyle sessions led by a peer.")
    var program = "PGLB"

    @Option(help: "The first day; otherwise today.")
    var on: String?

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let day = try desk.began(on, yes: confirm.yes)
        if let running = try EnrollmentProgress.running(person.id, program, in: replica).first {
            throw SyncError(
                .nothing, "\(person.code) is in \(program) already (\(running.id.short))",
                means: "nothing was recorded", advice: "porchlight participant show \(person.code)")
        }
        let writes = try Writes(
            "enrollment",
            [
                "participant": .reference(person.id), "program": .typed(program), "start_date": .day(day),
                "phase": .text(Phase.core.rawValue), "phase_since": .day(day), "status": .text("active"),
                "status_by": .text(try desk.enrolment().staff), "status_on": .day(desk.time.today),
            ])
        var made: RecordID?
        try replica.edit { edit in made = try edit.create("enrollment", writes.registers) }
        guard let view = try made.flatMap({ try replica.view($0) }) else { return }
        let time = desk.time
        try desk.show(People(replica).json(view)) { page in
            page.line("\(person.label) is in \(program) from \(time.said(day)).", .good)
        }
    }
}

/// What the later verbs of an enrollment share.
enum EnrollmentProgress {
    /// The enrollments of somebody that are not over.
    static func running(_ person: RecordID, _ program: String?, in replica: Replica) throws -> [RecordView] {
        try replica.find(Query("enrollment", where: [try replica.isAbout(person)])).filter {
            view in
            guard let row = Enrollment(view), program == nil || row.program == program else { return false }
            return row.status == nil || row.status == "active" || row.status == "paused"
        }
    }

    /// The one that is meant.
    static func one(_ person: Participant, _ program: String?, in replica: Replica) throws -> RecordView {
        let found = try running(person.id, program, in: replica)
        guard let first = found.first else {
            throw SyncError(
                .nothing, "\(person.code) is in no programme, as far as this laptop knows",
                means: "nothing was recorded", advice: "porchlight enrollment start \(person.code)")
        }
        guard found.count == 1 else {
            throw SyncError(
                .ambiguous, "\(person.code) is in several programmes", means: "nothing was recorded",
                advice: "say which one with --program")
        }
        return first
    }
}
