import ArgumentParser
import Glibc
import PeerSupport
import SyncModel
import SyncReplica
import SyncTransport

struct Enroll: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Connect this laptop to the agency's server, one time.",
        discussion: """
            The administrator gives out the address and a code that works once. The first sync follows.

            A laptop that is enrolled, and whose token the server does not know any more because it was restored \
            without it, is enrolled with --again: it keeps everything that was recorded on it, sent or not, and the \
            sync that follows brings it to the server. The code has to be for the same person. The laptop may \
            be called by another code from then on. Where the server has only moved, --again with its new address is \
            enough: a server that knows the laptop needs no code.

            Examples: porchlight enroll --server https://sync.example.org --code CODE
                      porchlight enroll --again --server https://sync.example.org --code CODE
                      porchlight enroll --again --server https://new.example.org
            """)

    @Option(help: ArgumentHelp("The server's address.", valueName: "url"))
    var server: String

    @Option(
        help:
            "The code, as the administrator gave it; not needed with --again where the server knows the laptop."
    )
    var code: String?

    @Option(
        name: [.customLong("ca-file"), .customLong("ca")],
        help: ArgumentHelp(
            "The file with the certificate of the authority to trust, if the administrator gave one.",
            valueName: "file"))
    var caFile: String?

    @Flag(
        name: [.customLong("plain-http"), .customLong("allow-http")],
        help: "Allow http:// to this computer itself, for trying things out.")
    var plainHTTP = false

    @Option(help: ArgumentHelp("What to call this laptop; its host name otherwise.", valueName: "laptop"))
    var name: String?

    @Flag(help: "Enroll a laptop once more that the server does not know any more, with all that is on it.")
    var again = false

    @Flag(name: .customLong("no-sync"), help: "Do not sync yet.")
    var noSync = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if !again, code == nil { throw ValidationError("say --code, as the administrator gave it") }
    }

    func run(at desk: Desk) throws {
        if again {
            let (replica, enrolment) = try enrolledAgain(at: desk)
            return try finish(replica, enrolment, desk)
        }
        let place = ReplicaPlace(path: desk.path)
        // The code works once, so everything that can go wrong here is looked at before it is used.
        try place.refuseExisting(desk.world)
        try place.prepare()
        let caFile = try caFile.map { try Self.readable($0) }
        let options = HTTPPeer.Options(server: server, caFile: caFile, allowPlainHTTP: plainHTTP)
        let link = try desk.world.link(options)
        let enrolment = try enrolment(by: link, caFile)
        let replica = try place.make(enrolment, desk.world)
        try desk.adopt(replica)
        try finish(replica, enrolment, desk)
    }

    /// Trades the code for what a laptop needs.
    ///
    /// - Parameter known: what the laptop is that is enrolled again; a code for anybody else is not used.
    func enrolment(by link: any ServerLink, _ caFile: String?, again known: Enrolment? = nil) throws
        -> Enrolment
    {
        guard let code else { throw Self.needsCode }
        let request = EnrolRequest(
            code: code.trimmed, deviceName: TextWidth.cut(name?.trimmed ?? Self.hostName(), to: 60),
            staff: known?.staff ?? "", agency: known?.agency ?? "")
        let reply = try Waiting.on { try await link.enrol(request) }
        return Enrolment(
            device: reply.device, token: reply.token, staff: reply.staff, role: reply.role,
            agency: reply.agency, timeZone: reply.timeZone, server: server, caFile: caFile,
            allowPlainHTTP: plainHTTP)
    }

    /// Tells who this laptop is now, and syncs for the first time.
    private func finish(_ replica: Replica, _ enrolment: Enrolment, _ desk: Desk) throws {
        let json: JSON = [
            "device": .text(enrolment.device), "staff": .text(enrolment.staff), "role": .text(enrolment.role),
            "agency": .text(enrolment.agency), "time_zone": .text(enrolment.timeZone),
            "server": .text(enrolment.server), "replica": .text(desk.path),
        ]
        let words =
            "this laptop is now \(enrolment.device) of \(enrolment.agency), for "
            + "\(enrolment.staff) (\(enrolment.role.spaced))"
        guard !noSync else {
            desk.show(json.adding("sync", .null)) { page in
                page.line(words, .good)
                page.line("next: porchlight sync")
            }
            return
        }
        if !common.json { desk.show(.null) { $0.line(words, .good) } }
        let link = try desk.link()
        do {
            let new = NewNotices(before: replica)
            let report = try Sync.once(replica, link, desk)
            let status = try replica.status()
            let everything = status.isSealed ? nil : try OpenConflicts(in: replica)
            let open = StillOpen(records: status.conflicts, toDecide: everything?.all.count ?? 0)
            let news = new.count(in: replica, everything)
            let sync = SyncWords.json(report, link.traffic, open).adding(
                "new_notices", .optional(news.map { Int64($0) }))
            desk.show(json.adding("sync", sync)) { page in
                page.line(SyncWords.line(report, link.traffic, open))
            }
            try Sync.note(report, status, open, replica, desk)
            if let note = SyncWords.news(news ?? 0) { desk.note(note) }
        } catch {
            // Enrolled it is, whatever became of the sync: a program has to learn that too.
            if common.json { desk.show(json.adding("sync", .null)) { _ in } }
            throw error
        }
    }

    private static let needsCode = SyncError(
        .unauthorized, "the server does not know this laptop, so it needs a code",
        means: "nothing was changed; everything that is on this laptop is kept",
        advice: "ask an administrator for a code, and give it with --code")

    static func readable(_ path: String) throws -> String {
        guard access(path, R_OK) == 0, let whole = realpath(path, nil) else {
            throw SyncError(
                .badValue, "the authority's certificate file cannot be read",
                means: "nothing was sent, and the code can still be used",
                advice: "check the path after --ca-file")
        }
        defer { free(whole) }
        return String(cString: whole)
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "laptop" }
        let octets = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return octets.isEmpty ? "laptop" : String(decoding: octets, as: UTF8.self)
    }
}
