import SyncModel
import SyncReplica
import Synchronization
import Testing

@testable import porchlight

@Suite struct SyncTests {
    @Test func `reports in one line`() throws {
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0) })
        try desk.enrolled().addParticipant("P0001", "Ann")
        #expect(desk.run("sync") == 0)
        #expect(desk.out.text == "sent 1, received 0, no clashes, none held back · 500 B up, 1.2 kB down\n")
        #expect(desk.err.text.isEmpty)
        #expect(desk.run("status") == 0)
        #expect(desk.out.text.hasSuffix("nothing waits · last sync today 09:30\n"))
    }

    @Test func `offline it says how many wait, and ends with 75`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        try replica.addParticipant("P0001", "Ann")
        try replica.addParticipant("P0002", "Bea")
        #expect(desk.run("sync") == 75)
        #expect(
            desk.err.text
                == "error: no connection to sync.example.org could be made\n"
                + "       2 changes are kept here and will be sent by the next sync\n"
                + "try:   sync again when there is a network\n")
        #expect(desk.out.text.isEmpty)
        #expect(try replica.status().waiting == 2)
    }

    @Test func `an administrator hears of what waits in quarantine, and nobody else asks`() throws {
        let waits = Switch(false)
        let server = PlayedServer(
            answer: { PlayedServer.takes($0) },
            administration: { _ in
                let changes = zip(["check_in", "escalation", "escalation"], Int64(7)...).map { table, id in
                    QuarantinedChange(
                        id: id, together: id, device: "LT-3", staff: "PS07", table: table,
                        refusal: Refusal(code: "retired", reason: "It came too late."),
                        receivedAt: (TestDesk.now - 86_400 * (10 - id)) * 1_000_000, effective: nil)
                }
                return .list(waits.isOn ? changes : [], more: false)
            })
        let desk = try TestDesk(server: server)
        try desk.enrolled(role: "administrator")
        #expect(desk.run("sync") == 0 && desk.err.text.isEmpty, "\(desk.err.text)")
        #expect(desk.hear(["sync", "--json"]).out.contains(#""in_quarantine":0"#))
        waits.turn(true)
        let said = desk.hear(["sync"])
        #expect(said.code == 0)
        #expect(
            said.err.contains(
                "3 changes wait in quarantine and count for nobody, 2 of escalations, the oldest since"),
            "\(said.err)")
        #expect(said.err.contains("`porchlight quarantine list`"))
        #expect(desk.hear(["sync", "--json"]).out.contains(#""in_quarantine":3"#))

        let peers = try TestDesk(server: server)
        try peers.enrolled(role: "peer")
        #expect(peers.run("sync") == 0 && peers.err.text.isEmpty, "\(peers.err.text)")
        #expect(peers.hear(["sync", "--json"]).out.contains(#""in_quarantine":null"#))
    }

    /// What is asked for beside the sync may fail: the sync did not.
    @Test func `where the server does not say what is in quarantine the sync is as good`() throws {
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0) })
        try desk.enrolled(role: "administrator")
        #expect(desk.run("sync") == 0 && desk.err.text.isEmpty, "\(desk.err.text)")
        #expect(desk.hear(["sync", "--json"]).out.contains(#""in_quarantine":null"#))
    }

    @Test func `points at what was not taken`() throws {
        let refusal = Refusal(code: "permission", reason: "your role may not do this")
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0, as: .quarantined(refusal)) })
        try desk.enrolled().addParticipant("P0001", "Ann")
        #expect(desk.run("sync") == 0)
        #expect(desk.out.text.contains("1 held back"))
        #expect(desk.err.text.contains("porchlight outbox"))
        #expect(desk.run("outbox") == 0)
        #expect(desk.out.text.contains("not taken: your role may not do this"))
    }

    @Test func `tells somebody whose clock is off`() throws {
        let ahead = TestDesk.now - 7_200
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0, serverSeconds: ahead) })
        try desk.enrolled()
        #expect(desk.run("sync") == 0)
        #expect(desk.err.text == "this laptop's clock is 2 hours fast: please set it\n")
    }

    @Test func `draws no bar for little, and a bar for much`() {
        #expect(ProgressBar.line(done: 100, of: 200, width: 80) == nil)
        #expect(
            ProgressBar.line(done: 25_000, of: 100_000, width: 80)
                == "[##########..............................] 25 %  25000 of 100000")
        #expect(ProgressBar.line(done: 9_000, of: 9_000, width: 40) == "[##########] 100 %  9000 of 9000")
    }

    @Test func `says bytes as people do`() {
        #expect(SyncWords.bytes(0) == "0 B")
        #expect(SyncWords.bytes(999) == "999 B")
        #expect(SyncWords.bytes(1_999) == "1.9 kB")
        #expect(SyncWords.bytes(12_345_678) == "12.3 MB")
    }

    @Test func `says what is open from before, and why records have gone`() async throws {
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0) })
        let replica = try desk.enrolled()
        var report = try await replica.sync(with: desk.server)
        let status = try replica.status()
        let traffic = Traffic(up: 1, down: 1)
        var open = StillOpen(records: 0, toDecide: 0)
        func line() -> String { SyncWords.line(report, traffic, open) }
        #expect(line().contains("received 0, no clashes, none held back"))
        #expect(SyncWords.notes(report, status, open).isEmpty)
        open = StillOpen(records: 2, toDecide: 3)
        #expect(line().contains("received 0, 3 things to decide, none"))
        #expect(
            SyncWords.notes(report, status, open).first
                == "3 things wait for a decision: `porchlight conflicts` lists what they are about")
        #expect(
            SyncWords.json(report, traffic, open).text.contains(
                #""clashes":0,"clashes_open":2,"to_decide":3"#))
        report.conflicts = 1
        #expect(line().contains("received 0, 1 new clash (3 things to decide), none"))
        open = StillOpen(records: 0, toDecide: 0)
        #expect(line().contains("received 0, 1 new clash, none"))
        report.conflicts = 0
        report.left = 3
        let notes = SyncWords.notes(report, status, open)
        #expect(notes.count == 1)
        #expect(notes[0].hasPrefix("3 records are no longer on this laptop: "))
        #expect(notes[0].contains("a referral or an escalation that is over"))
        #expect(!notes[0].contains("restored"))
        let since = SyncWords.notes(report, status, open, wasRestored: true)
        #expect(since.count == 1 && since[0].contains("since the server was restored it may not know yet"))
        report.left = 0
        report.reidentified = true
        let copied = SyncWords.notes(report, status, open)
        #expect(copied.count == 1 && copied[0].contains("never sent is not in it"), "\(copied)")
        #expect(!copied[0].contains("nothing is lost"))
        report.reidentified = false
        report.healed = true
        let gave = SyncWords.notes(report, status, open)
        #expect(gave.count == 1 && gave[0].contains("it took what it had lost"), "\(gave)")
        let none = SyncWords.notes(report, status, open, gaveBack: false)
        #expect(none.count == 1 && none[0].contains("had nothing to give back"), "\(none)")
    }

    @Test func `whether something was given back is said of the last restore`() {
        func restored(_ offered: Int, _ reissued: Int, _ brought: Int) -> ReplicaEvent {
            ReplicaEvent(
                at: 1,
                kind: .serverRestored(
                    from: 1, to: 2, offered: offered, reissued: reissued, brought: brought))
        }
        #expect(!Happened.gaveBack([]))
        let since = [restored(0, 0, 0), ReplicaEvent(at: 2, kind: .sealed)]
        #expect(!Happened.gaveBack([restored(1, 1, 1)] + since))
        for one in [restored(1, 0, 0), restored(0, 1, 0), restored(0, 0, 1)] {
            #expect(Happened.gaveBack([restored(0, 0, 0), one]))
        }
    }

    @Test func `a reason that ends with a full stop has one`() {
        #expect(ChangeTeller.sentence(.quarantined(Refusal(code: "x", reason: "No."))) == "not taken: No.")
        #expect(ChangeTeller.sentence(.quarantined(Refusal(code: "x", reason: "no"))) == "not taken: no.")
    }

    @Test func `explains only what the network did`() {
        let local = SyncError(.diskFull, "the disk is full", means: "not recorded")
        #expect(SyncWords.explained(local, waiting: 3) == local)
        #expect(
            SyncWords.explained(PlayedServer.offline, waiting: 1).means.hasPrefix("1 change is kept here"))
        #expect(SyncWords.explained(PlayedServer.offline, waiting: 0).means.contains("nothing was waiting"))
    }
}

@Suite struct WatchTests {
    /// Ends the loop after so many rounds, as Ctrl-C does.
    private static func server(rounds: Int, _ answer: @escaping PlayedServer.Answer) -> PlayedServer {
        let count = Mutex(0)
        return PlayedServer { request in
            let round = count.withLock {
                $0 += 1
                return $0
            }
            if round > rounds { throw CancellationError() }
            return try await answer(request)
        }
    }

    private func watch(_ desk: TestDesk, _ replica: Replica) async -> (events: [Watch.Event], pauses: [Int64])
    {
        let events = Mutex<[Watch.Event]>([])
        let pauses = Mutex<[Int64]>([])
        let loop = Watch.Loop(
            replica: replica, link: desk.server, sleep: { seconds in pauses.withLock { $0.append(seconds) } },
            told: { event in events.withLock { $0.append(event) } })
        await #expect(throws: CancellationError.self) { try await loop.run() }
        return (events.withLock { $0 }, pauses.withLock { $0 })
    }

    @Test func `waits longer after every failure, and not for ever`() async throws {
        let desk = try TestDesk(server: Self.server(rounds: 10) { _ in throw PlayedServer.offline })
        let (events, pauses) = await watch(desk, try desk.enrolled())
        #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        #expect(events.count == 10)
    }

    @Test func `gives up where trying again cannot help`() async throws {
        let upgrade = SyncError(.upgrade, "the server speaks another version")
        let desk = try TestDesk(server: PlayedServer { _ in throw upgrade })
        let loop = Watch.Loop(
            replica: try desk.enrolled(), link: desk.server, sleep: { _ in }, told: { _ in })
        let error = await #expect(throws: SyncError.self) { try await loop.run() }
        #expect(error?.code == .upgrade)
        #expect(desk.server.asked == 1)
    }

    @Test func `sends at once, then lets the server hold the line`() async throws {
        let waits = Mutex<[UInt32]>([])
        let desk = try TestDesk(
            server: Self.server(rounds: 1) { request in
                waits.withLock { $0.append(request.hello.waitSeconds) }
                return PlayedServer.takes(request)
            })
        let replica = try desk.enrolled()
        try replica.addParticipant("P0001", "Ann")
        let (events, _) = await watch(desk, replica)
        #expect(waits.withLock { $0 } == [0])
        #expect(events.count == 1)
        guard case .moved(let report, let traffic, _, _) = try #require(events.first) else {
            Issue.record("nothing was told of what was sent")
            return
        }
        #expect(report.sent == 1)
        #expect(traffic == Traffic(up: 500, down: 1_200))
    }

    @Test func `ends well when it is stopped`() throws {
        let desk = try TestDesk(server: Self.server(rounds: 0) { PlayedServer.takes($0) })
        try desk.enrolled()
        #expect(desk.run("sync", "--watch") == 0)
        #expect(desk.err.text.isEmpty)
    }
}
