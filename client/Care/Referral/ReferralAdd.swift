import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ReferralAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Refer a participant to a team or a peer.",
        discussion: """
            Example: porchlight referral add P0142 --to-team ACT1 --to-peer PS07 --need "company to the clinic"
            """)

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Option(help: "Code of the receiving team; otherwise the team of the peer.")
    var toTeam: String?

    @Option(help: "Staff code of a peer there.")
    var toPeer: String?

    @Option(help: "What is asked for.")
    var need: String?

    @Option(help: "worker, supervisor_made, supervisor_suggested, team or participant_asked.")
    var origin: String?

    @Option(help: "Staff code of the supervisor who suggested it.")
    var suggestedBy: String?

    @Option(help: "Code of the sending team; otherwise your own.")
    var fromTeam: String?

    @Flag(help: "Only write it; it is not sent yet.")
    var draft = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if toTeam == nil, toPeer == nil { throw ValidationError("say --to-team or --to-peer") }
    }

    /// The peer to whom somebody is referred: another person, and a peer specialist.
    private static func receiving(
        _ typed: String, _ me: String, _ person: Participant, _ desk: Desk
    ) throws -> RecordView {
        let staff = try desk.named(typed, in: "staff")
        guard staff["role"].text == Role.peer.rawValue else {
            throw SyncError(
                .badValue, "\(Wording.label(of: staff)) is not a peer specialist",
                means: "nothing was recorded",
                advice: "`porchlight staff list` shows the peers; with --to-team a whole team receives it")
        }
        guard staff["code"].text != me else {
            throw SyncError(
                .badValue, "nobody refers a participant to themselves", means: "nothing was recorded",
                advice: "to take them on: porchlight assign \(person.code) --to \(me)")
        }
        return staff
    }

    func run(at desk: Desk) throws {
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let me = try desk.enrolment().staff
        let peer = try toPeer.map { try Self.receiving($0, me, person, desk) }
        let team = try toTeam.map { try desk.named($0, in: "team")["code"] } ?? peer?["team"]
        guard let team, !team.isNone else {
            throw SyncError(
                .badValue, "that peer has no team in the directory", means: "nothing was recorded",
                advice: "add --to-team")
        }
        let home = try fromTeam.map { try desk.named($0, in: "team")["code"] } ?? desk.myself()?["team"]
        let usual =
            suggestedBy != nil
            ? "supervisor_suggested" : try desk.isRole(.supervisor) ? "supervisor_made" : "worker"
        let state: ReferralState = draft ? .new : .sent
        let writes = try Writes(
            "referral",
            [
                "participant": .reference(person.id), "from_team": home, "from_staff": .text(me),
                "origin": try .word(origin ?? usual, of: Words.origins, called: "origin"),
                "suggested_by": try suggestedBy.map { .text(try desk.staffCode($0)) }, "need": .typed(need),
                "to_team": team, "to_peer": peer?["code"],
                "sent_at": draft ? nil : .integer(desk.time.now),
                "status": .text(state.rawValue), "status_by": .text(me), "status_at": .integer(desk.time.now),
            ])
        var made: RecordID?
        try replica.edit { edit in made = try edit.create("referral", writes.registers) }
        guard let made, let view = try replica.view(made) else {
            throw SyncError(.internalFault, "the referral is not shown after being recorded")
        }
        try desk.show(People(replica).json(view)) { page in
            let to = [team.text, peer?["code"].text].compactMap { $0 }.joined(separator: ", ")
            page.line(
                "Referral \(made.short): \(person.label) to \(to)\(need.map { ", for \($0)" } ?? "").", .good)
            guard !draft else {
                page.line("It is not sent yet: porchlight referral send \(made.short)")
                return
            }
            let lines = try Self.readers(team.text ?? "", peer?["code"].text, about: person.id, me, desk)
            for line in lines { page.line(line) }
        }
    }

    /// Who of the receiving side will see it, and who of the team will not, in words.
    private static func readers(
        _ team: String, _ peer: String?, about person: RecordID, _ me: String, _ desk: Desk
    ) throws -> [String] {
        let found = try desk.readers(of: team, peer, about: person)
        let seeing = found.seeing.filter { $0 != me }
        var lines = [
            seeing.isEmpty
                ? "Nobody receives what is sent to \(team) alone, as far as this laptop's directory says: name a peer, or "
                    + "tell an administrator."
                : "\(list(seeing)) will see it after the next sync of this laptop and of theirs."
        ]
        let others = found.others.filter { $0 != me }
        if !others.isEmpty {
            lines.append(
                "\(list(others)) of \(team) will not see it by that: a peer sees what names them (--to-peer), and what is "
                    + "about somebody on their caseload.")
        }
        return lines
    }

    /// The first of some staff codes, and how many more there are.
    private static func list(_ codes: [String]) -> String {
        let more = codes.count > 8 ? " and \(codes.count - 8) more" : ""
        return codes.prefix(8).joined(separator: ", ") + more
    }
}
