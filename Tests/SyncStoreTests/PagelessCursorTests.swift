import Foundation
import SyncModel
import SyncStore
import Testing

/// A cursor that came with an answer without a page: it says where the log stood, and stands for no record.
@Suite("Cursors without a page")
struct PagelessCursorTests {
    /// Closes the store, has its database as it was when it was copied aside, and opens it.
    private func putBackByHand(_ agency: TestAgency) throws {
        try agency.store.close()
        try agency.putBack()
        try agency.open()
    }

    private func copyAside(_ agency: TestAgency) throws {
        try agency.store.close()
        try agency.copyAside()
        try agency.open()
    }

    /// What was brought back lies in an old incarnation, and no page has been given yet: without a cursor of its own the
    /// answer would leave nothing behind by which the next request shows the loss.
    @Test func `a server put back by hand while it is healed learns of it from who had healed it`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        try agency.backup()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        try agency.restore()
        #expect(try agency.store.figures().epoch == 2)
        try copyAside(agency)
        // Offers everything again, as a laptop does that hears of a new epoch.
        (office.log.epoch, office.log.cursor, office.log.heard, office.log.acknowledged) = (2, [], 0, 0)
        let reply = try office.send(office.request(page: 0)).reply
        #expect(reply.welcome.verdict == .ok && reply.records.isEmpty)
        #expect(reply.welcome.taken == UInt64(office.log.entries.count))
        try office.apply(reply)
        try putBackByHand(agency)
        let next = try office.send(office.request(page: 0)).reply.welcome
        #expect(next.verdict == .rewind(expected: office.log.acknowledged + 1) && next.epoch == 3)
    }

    /// The server's log then ends where the laptop's cursor says that it had ended, with the same entries.
    @Test func `a server put back by hand, and sent once more what it had lost, learns of it`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        try copyAside(agency)
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        let request = office.request()
        try office.apply(office.send(request).reply)
        let log = try agency.number("SELECT log FROM agency")
        agency.pass(60)
        try putBackByHand(agency)
        #expect(try office.send(request).reply.welcome.verdict == .ok)
        #expect(try agency.number("SELECT log FROM agency") == log)
        #expect(
            try office.send(office.request()).reply.welcome.verdict
                == .rewind(expected: office.log.acknowledged + 1))
    }

    /// An older backup in a new folder, without the journals: it does not know the epoch that its laptops are in.
    @Test(arguments: [true, false])
    func `a server put back to before an epoch that its laptops know learns of it`(journal: Bool) throws {
        let agency = try TestAgency()
        let (office, peer) = (try agency.direct(), try agency.enrol("PS07"))
        try peer.sync()
        try agency.backup()
        let early = try Data(contentsOf: URL(fileURLWithPath: agency.file("server.epochs")))
        try agency.restore()
        for laptop in [office, peer] {
            (laptop.log.epoch, laptop.log.cursor, laptop.log.heard) = (2, [], 0)
            try laptop.sync()
        }
        let dee = agency.id()
        peer.write("participant", dee, TestAgency.participant("P1"))
        try peer.sync()
        try office.sync()
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.file("server.epochs"))
        if journal { try early.write(to: URL(fileURLWithPath: agency.file("server.epochs"))) }
        try FileManager.default.removeItem(atPath: agency.path)
        try FileManager.default.copyItem(atPath: agency.file("backup"), toPath: agency.path)
        try agency.open()
        #expect(try agency.store.figures().epoch == 1)
        let welcome = try office.send(office.request()).reply.welcome
        #expect(welcome.verdict == .rewind(expected: office.log.acknowledged + 1) && welcome.epoch == 3)
        #expect(try agency.store.figures().epoch == 3)
        #expect(try agency.audit().last == "epoch")
        // Nobody begins another: the others hear of this one.
        #expect(try peer.send(peer.request()).reply.welcome.epoch == 3)
    }

    @Test func `whoever has one is given everything`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let fresh = try agency.enrol("AD01")
        let first = try fresh.send(fresh.request(page: 0)).reply
        #expect(first.records.isEmpty && !first.end.cursor.isEmpty)
        try fresh.apply(first)
        try fresh.sync()
        #expect(try fresh.digest == agency.store.digest())
    }
}
