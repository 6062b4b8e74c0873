import Testing

@testable import SyncHTTP

@Suite struct ListenersTests {
    @Test func `wakes whoever listens to a touched key, and nobody else`() {
        let listeners = Hall()
        let caseload = listeners.open()
        let team = listeners.open()
        #expect(!listeners.listen(caseload, to: ["caseload:PS07", "directory"]))
        #expect(!listeners.listen(team, to: ["team:ACT1"]))
        #expect(listeners.waiting == 2)
        #expect(listeners.touch(["caseload:PS07", "site:S1"]) == [caseload])
        #expect(listeners.waiting == 1)
    }

    @Test func `the key all hears everything`() {
        let listeners = Hall()
        let administrator = listeners.open()
        #expect(!listeners.listen(administrator, to: ["all"]))
        #expect(listeners.touch(["device:LT-3"]) == [administrator])
    }

    @Test func `nothing touched wakes nobody`() {
        let listeners = Hall()
        let administrator = listeners.open()
        #expect(!listeners.listen(administrator, to: ["all"]))
        #expect(listeners.touch([]).isEmpty)
    }

    @Test func `what is committed between the question and the wait is not missed`() {
        let listeners = Hall()
        let ticket = listeners.open()
        #expect(listeners.touch(["site:S1"]).isEmpty)
        #expect(listeners.listen(ticket, to: ["site:S1"]))
        // It asked again and still heard nothing: now it waits.
        #expect(!listeners.listen(ticket, to: ["site:S1"]))
    }

    @Test func `what was missed under other keys keeps nobody from waiting`() {
        let listeners = Hall()
        let ticket = listeners.open()
        _ = listeners.touch(["site:S2"])
        #expect(!listeners.listen(ticket, to: ["site:S1"]))
    }

    @Test func `is woken once`() {
        let listeners = Hall()
        let ticket = listeners.open()
        #expect(!listeners.listen(ticket, to: ["all"]))
        #expect(listeners.touch(["site:S1"]) == [ticket])
        #expect(listeners.touch(["site:S1"]).isEmpty)
    }

    @Test func `a closed place is forgotten`() {
        let listeners = Hall()
        let ticket = listeners.open()
        #expect(!listeners.listen(ticket, to: ["all"]))
        listeners.close(ticket)
        #expect(listeners.touch(["site:S1"]).isEmpty)
        #expect(listeners.waiting == 0)
    }
}

/// The same, as an object: an expectation cannot call what changes a value.
private final class Hall {
    private var listeners = Listeners()

    var waiting: Int { listeners.waiting }

    func open() -> Listeners.Ticket { listeners.open() }

    func listen(_ ticket: Listeners.Ticket, to keys: [String]) -> Bool { listeners.listen(ticket, to: keys) }

    func touch(_ keys: Set<String>) -> [Listeners.Ticket] { listeners.touch(keys) }

    func close(_ ticket: Listeners.Ticket) { listeners.close(ticket) }
}
