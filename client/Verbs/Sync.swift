import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica
import SyncTransport

struct Sync: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Send what waits to the office, and fetch what is new.",
        discussion: """
            What was recorded stays on this laptop until the server has it, so a sync may be broken off at any time.
            With --watch it goes on until it is stopped, and hears of news as they come.

            Example: porchlight sync
            """)

    @Flag(help: "Go on syncing until Ctrl-C.")
    var watch = false

    @Flag(help: "Sync one time; this is what happens without --watch too.")
    var once = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if watch && once { throw ValidationError("--watch and --once contradict each other") }
    }

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let link = try desk.link()
        if watch {
            try Watch(replica: replica, link: link, desk: desk).run()
            return
        }
        let new = NewNotices(before: replica)
        let report = try Self.once(replica, link, desk)
        let status = try replica.status()
        let everything = status.isSealed ? nil : try OpenConflicts(in: replica)
        let open = StillOpen(records: status.conflicts, toDecide: everything?.all.count ?? 0)
        let traffic = link.traffic
        let json = SyncWords.json(report, traffic, open)
        let held = HeldBack(at: desk)
        let news = new.count(in: replica, everything)
        desk.show(
            json.adding("in_quarantine", held.map { .count($0.count) } ?? .null)
                .adding("new_notices", news.map { .count($0) } ?? .null)
        ) { page in
            page.line(SyncWords.line(report, traffic, open))
        }
        try Self.note(report, status, open, replica, desk)
        if let note = SyncWords.news(news ?? 0) { desk.note(note) }
        if let note = held?.note(desk.time) { desk.note(note) }
    }

    /// Says what somebody has to know of a sync.
    static func note(
        _ report: SyncReport, _ status: ReplicaStatus, _ open: StillOpen, _ replica: Replica, _ desk: Desk
    ) throws {
        let events = try replica.events()
        let wasRestored = Happened.restoration(events, before: desk.time.now) != nil
        let notes = SyncWords.notes(
            report, status, open, wasRestored: wasRestored, gaveBack: Happened.gaveBack(events))
        for note in notes { desk.note(note) }
    }

    /// One sync, with a progress bar where somebody sees it.
    ///
    /// - Throws: ``SyncError`` that says how many changes wait.
    static func once(_ replica: Replica, _ link: any ServerLink, _ desk: Desk) throws -> SyncReport {
        let bar = ProgressBar(on: desk.screen)
        var options = SyncOptions()
        if desk.screen.showsProgress, !desk.common.json { options.progress = { bar.show($0) } }
        do {
            let settled = options
            let report = try Waiting.on {
                let report = try await replica.sync(with: link, options: settled)
                await Origins.fetch(replica, link)
                return report
            }
            bar.clear()
            return report
        } catch let error as SyncError {
            bar.clear()
            throw SyncWords.explained(error, waiting: try replica.status().waiting)
        } catch {
            bar.clear()
            throw error
        }
    }
}

extension SyncReport {
    /// Whether anything is other than it was before.
    var hasMoved: Bool {
        sent > 0 || received > 0 || left > 0 || !quarantined.isEmpty || withdrawn > 0 || overtaken > 0
    }
}

extension Desk {
    /// The way to this laptop's server.
    func link() throws -> any ServerLink {
        let enrolment = try enrolment()
        return try world.link(
            HTTPPeer.Options(
                server: enrolment.server, caFile: enrolment.caFile,
                allowPlainHTTP: enrolment.allowPlainHTTP, token: enrolment.token))
    }
}
