import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct StatusTests {
    @Test func `says in one line that nothing waits`() throws {
        let desk = try TestDesk()
        try desk.enrolled()
        #expect(desk.run("status") == 0)
        #expect(desk.out.text == "nothing waits · never synced\n")
        #expect(desk.server.asked == 0)
    }

    @Test func `counts what waits`() throws {
        let desk = try TestDesk()
        try desk.enrolled().addParticipant("P0001", "Ann")
        #expect(desk.run("status") == 0)
        #expect(desk.out.text == "1 change waits · never synced\n")
    }

    @Test func `says what needs attention`() throws {
        var status = try TestDesk().enrolled().status()
        status.waiting = 3
        status.lastSyncMicroseconds = (TestDesk.now - 86_400) * 1_000_000
        status.quarantined = 2
        status.skewMicroseconds = -3 * 86_400 * 1_000_000
        let time = LocalTime.utc(now: TestDesk.now)
        #expect(
            Status.line(status, Status.attention(status, toDecide: 4), time)
                == "3 changes wait · last sync yesterday 14:30 · 4 things to decide (porchlight conflicts)"
                + " · 2 changes were not taken (porchlight outbox)"
                + " · this laptop's clock is 3 days slow: please set it")
    }

    @Test(arguments: [
        (Int64(0), "0 minutes slow"), (29, "0 minutes fast"), (30, "1 minute fast"),
        (7_140, "1 hour 59 minutes fast"), (10_740, "2 hours 59 minutes fast"), (-10_800, "3 hours slow"),
        (86_369, "23 hours 59 minutes fast"), (86_370, "1 day fast"), (-257_460, "3 days slow"),
        (262_800, "3 days 1 hour fast"),
    ])
    func `says how far a clock is off, and not an hour less`(seconds: Int64, words: String) {
        #expect(Status.span(seconds * 1_000_000) == words)
        #expect(Status.span(.min).hasSuffix(" slow") && Status.span(.max).hasSuffix(" fast"))
    }

    @Test func `has a stable shape for programs`() throws {
        let desk = try TestDesk()
        try desk.enrolled()
        #expect(desk.run("status", "--json") == 0)
        #expect(
            desk.out.text
                == #"{"waiting":0,"oldest_waiting":null,"last_sync":null,"last_failure":null,"quarantined":0,"#
                + #""withdrawing":0,"conflicts":0,"clock_off":false,"clock_ahead_seconds":null,"retired":false,"#
                + #""device":"LT-11","staff":"SV01","role":"supervisor","agency":"Harbor","#
                + #""time_zone":"America/New_York","server":"https://sync.example.org","keys":[],"double_codes":[],"notices":0,"to_decide":0}"#
                + "\n")
        #expect(!desk.out.text.contains("secret"))
    }

    @Test func `prints a fingerprint that changes with the confirmed records`() throws {
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0) })
        let replica = try desk.enrolled()
        #expect(desk.run("status", "--digest") == 0)
        let before = desk.out.text
        #expect(before.split(separator: "\n").count == 1)
        try replica.addParticipant("P0001", "Ann")
        #expect(desk.run("sync", "--json") == 0)
        #expect(try replica.digest() + "\n" != before)
    }

    @Test(arguments: ["status", "outbox", "undo", "doctor", "conflicts", "sync"])
    func `without a replica every verb says how to get one`(_ verb: String) throws {
        let desk = try TestDesk()
        #expect(desk.run(verb) == 65)
        let means =
            ["status", "outbox", "conflicts"].contains(verb)
            ? "this command only looks, and nothing was changed" : "nothing was recorded"
        #expect(
            desk.err.text
                == "error: there is no replica here yet\n       \(means)\n"
                + "try:   enrol this laptop first: `porchlight enroll`\n")
        #expect(desk.out.text.isEmpty)
    }
}
