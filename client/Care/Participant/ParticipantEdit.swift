import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ParticipantEdit: Verb {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change what is known of a participant.",
        discussion: """
            Only what you name is changed; an empty text clears it. Focus and goals are for the primary provider. Of a record \
            that was merged into another the other is changed, after a question.

            Example: porchlight participant edit P0142 --phone "555 0134" --best-way "after 5 pm"
            """)

    @Argument(help: "Code, name or id.")
    var participant: String

    @Option(help: "What they like to be called.")
    var name: String?

    @OptionGroup var options: ParticipantOptions

    @Option(
        help: ArgumentHelp(
            "The version that `participant show --json` gave as `token`.",
            discussion: "What others wrote since then is kept beside it.", valueName: "token"))
    var token: String?

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        guard let before = try replica.view(person.id) else {
            throw SyncError(
                .unknownRecord, "this participant is not on this laptop", means: "nothing was recorded")
        }
        var writes = try Writes("participant", over: before, ["preferred_name": .typed(name)])
        try desk.fields(options, into: &writes)
        let registers = writes.registers.filter { before.values(of: $0.register) != $0.values }
        guard !registers.isEmpty else {
            throw SyncError(
                .nothing, "nothing of what was typed differs from what is recorded",
                means: "nothing was recorded",
                advice: "porchlight participant edit --help shows what can be changed")
        }
        let other = try merged(into: person, desk)
        try replica.edit(token: try read(person.id)) { edit in try edit.write(person.id, registers) }
        guard let after = try replica.view(person.id) else { return }
        let time = desk.time
        try desk.show(desk.participantJSON(after)) { page in
            let note = other.map { " (\(Wording.label(of: $0)) was merged into it)" } ?? ""
            page.line("Changed: \(person.label)\(note)", .good)
            let fields = try Wording.fields(registers, in: "participant", time)
            page.pairs(fields.map { ($0.label, Page.Cell($0.text)) })
            for register in registers where register.values.allSatisfy(\.isNone) {
                page.line("cleared: \(Labels.register(register.register, in: "participant"))")
            }
        }
    }

    /// The record that was named, where it is not the one that is changed: it was merged into that, and whoever names it
    /// may not know, or may know that they are two people. They are asked.
    private func merged(into person: Participant, _ desk: Desk) throws -> RecordView? {
        // A name that fits both names the one under which the person is shown.
        guard let named = try? desk.participant(participant, followingMerges: false), named.id != person.id,
            let old = try desk.replica().view(named.id)
        else { return nil }
        let label = Wording.label(of: old)
        let merge = [old["merged_by"].text.map { "by \($0)" }, old["merged_at"].integer.map(desk.time.ago)]
            .compactMap { $0 }.joined(separator: " ")
        try desk.confirm(
            "\(label) was merged into \(person.label) \(merge), whose record this changes. Change it?",
            yes: confirm.yes,
            doubt: SyncError(
                .ambiguous,
                "\(label) was merged into \(person.label) \(merge), and it is the record of \(person.label) that "
                    + "would be changed",
                means: "nothing was recorded",
                advice: "if they are one person, add --yes; if they are two: porchlight participant unmerge "
                    + "\(old.id.short) --reason \"…\""))
        return old
    }

    private func read(_ record: RecordID) throws -> ReadToken? {
        guard let token else { return nil }
        guard let read = ReadToken(text: token), read.record == record else {
            throw SyncError(
                .badValue, "that token is not of this participant", means: "nothing was recorded",
                advice: "take the one that `porchlight participant show --json` prints")
        }
        return read
    }
}
