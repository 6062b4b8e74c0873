import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

/// What is said of a session itself.
struct SessionOptions: ParsableArguments {
    @Option(help: "The curriculum's number; none for a walk or a cooking class.")
    var number: Int?

    @Option(help: "The number that this session makes up for.")
    var makeUpOf: Int?

    @Option(help: "When it began: \"yesterday 10:05\", \"last friday 3pm\", \"2026-03-02 14:30\".")
    var at: String?

    @Option(help: "How long it took.")
    var minutes: Int?

    @Option(help: "walk, cooking_class, …; otherwise curriculum.")
    var activity: String = "curriculum"

    @Option(help: "group or individual; otherwise by how many are named.")
    var format: String?

    @Option(help: "Code of the site; otherwise your own.")
    var site: String?

    @Option(help: "phone, video, in_person; or residence, office, clinic, community.")
    var mode: String = "in_person"

    @Option(help: "What we did.")
    var did: String?

    @Option(help: "What was changed for this group.")
    var adaptation: String?

    @Option(help: "The staff code of the peer, if not you.")
    var peer: String?

    func validate() throws {
        if let minutes, !(0...1440).contains(minutes) {
            throw ValidationError("--minutes must lie between 0 and 1440")
        }
        if let number, let makeUpOf, number != makeUpOf {
            throw ValidationError("a make-up has the number it makes up for: leave --number out")
        }
        for number in [number, makeUpOf].compactMap({ $0 }) where Curriculum.standard.phase(of: number) == nil
        {
            throw ValidationError("the curriculum has sessions 1 to \(Curriculum.standard.count)")
        }
    }
}

/// A session, ready to be written.
struct SessionDraft {
    let peer: String
    let start: Int64
    let day: CivilDate
    let number: Int?
    let writes: [RegisterWrite]

    init(_ options: SessionOptions, _ sheet: SessionSheet, at desk: Desk, yes: Bool) throws {
        let me = try desk.enrolment().staff
        let time = desk.time
        var start = try desk.happened(options.at, with: sheet.lines.map(\.person), yes: yes).instant
        if options.at == nil, let minutes = options.minutes { start -= Int64(minutes) * 60 }
        self.start = start
        day = time.date(of: start)
        peer = try options.peer.map(desk.staffCode) ?? me
        number = options.makeUpOf ?? options.number
        let site = try options.site.map { try desk.named($0, in: "site")["code"] } ?? desk.myself()?["site"]
        guard let site, !site.isNone else {
            throw SyncError(
                .badValue, "a session needs a site", means: "nothing was recorded",
                advice: "add --site with the site's code; `porchlight site list` shows them")
        }
        let format = sheet.lines.count == 1 ? "individual" : "group"
        let place = try Place(options.mode)
        let isCurriculum = number != nil
        writes = try Writes(
            "session",
            [
                "peer": .text(peer),
                "activity": try .word(options.activity, of: Words.activities, called: "activity"),
                "program": isCurriculum ? .text("PGLB") : nil,
                "number": .number(number),
                "phase": number.flatMap { Curriculum.standard.phase(of: $0) }.map { .text($0.rawValue) },
                "format": try .word(options.format ?? format, of: Words.formats, called: "format"),
                "makes_up": .number(options.makeUpOf),
                "start_at": .integer(start),
                "end_at": options.minutes.map { .integer(start + Int64($0) * 60) },
                "minutes": .number(options.minutes),
                "site": site, "mode": .text(place.mode), "place_note": place.note.map { .text($0) },
                "did": .typed(options.did), "adaptation": .typed(options.adaptation),
            ]
        ).registers
    }
}
