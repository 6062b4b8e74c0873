import PeerSupport
import SyncModel
import SyncStore
import Testing

/// Administrators ask and decide about quarantine from their laptops, and nobody else does.
@Suite("Administration from a laptop")
struct AdministrationTests: CaseloadSuite {
    let caseload: Caseload

    init() throws {
        caseload = try Caseload()
        // Two changes that a peer may not write.
        for goal in ["run", "swim"] {
            peer.write("participant", person, [RegisterWrite("goals", [.text(goal), .none, .none])])
        }
        try peer.sync()
    }

    private func ask(_ request: QuarantineRequest, _ laptop: TestLaptop) throws -> QuarantineOutcome {
        let device = try #require(try agency.store.device(token: laptop.token))
        return try agency.store.quarantine(request, from: device, now: agency.now, using: &agency.dice)
    }

    private func list(_ device: String? = nil, after: Int64 = 0) throws -> [QuarantinedChange] {
        guard
            case .list(let changes, more: false) = try ask(.list(device: device, after: after), office).reply
        else { return [] }
        return changes
    }

    private func audit() throws -> [AuditEntry] {
        var entries: [AuditEntry] = []
        try agency.store.audit { entries.append($0) }
        return entries
    }

    private func code(_ body: () throws -> Void) -> SyncError.Code? {
        do {
            try body()
            return nil
        } catch { return (error as? SyncError)?.code }
    }

    @Test func `an administrator lists, of one laptop, from a number on, and nobody's words`() throws {
        let all = try list()
        #expect(try all == agency.store.quarantine() && all.count == 2)
        #expect(try list(peer.device) == all && list(office.device).isEmpty)
        #expect(try list(after: all[0].id) == [all[1]] && list(after: all[1].id).isEmpty)
        #expect(try audit().allSatisfy { $0.kind != "show" })
    }

    @Test func `who reads a change's words is noted`() throws {
        let id = try list()[0].id
        guard case .content(let content) = try ask(.show(id), office).reply else {
            Issue.record("no content")
            return
        }
        #expect(content.registers.map(\.write) == [RegisterWrite("goals", [.text("run"), .none, .none])])
        let entry = try #require(try audit().last)
        #expect(entry.kind == "show" && entry.staff == "AD01" && entry.device == peer.device)
        #expect(entry.counts == #"{"change":\#(id)}"#)
        // At the server itself nobody says who they are; that somebody read is noted all the same.
        _ = try agency.store.quarantined(id, now: agency.now)
        let other = try #require(try audit().last)
        #expect(other.number == entry.number + 1 && other.kind == "show" && other.staff == "")
        // What is not there was not read.
        #expect(code { _ = try ask(.show(999), office) } == .nothing)
        #expect(try audit().last == other)
    }

    @Test func `the laptop's owner decides, and those who wait hear of it`() throws {
        let ids = try list().map(\.id)
        let released = try ask(.release([ids[0]], reason: "agreed"), office)
        #expect(
            released.reply
                == .decided([DecidedChange(id: ids[0], device: peer.device, isConflict: false)]))
        #expect(released.touched.contains("all") && released.touched.contains("caseload:PS07"))
        let discarded = try ask(.discard([ids[1]], reason: "entered twice", alone: false), office)
        #expect(
            discarded.reply
                == .decided([DecidedChange(id: ids[1], device: peer.device, isConflict: false)]))
        #expect(discarded.touched.isEmpty)
        let noted = try audit().suffix(2)
        #expect(noted.map(\.kind) == ["release", "discard"] && noted.allSatisfy { $0.staff == "AD01" })
        #expect(try list().isEmpty)
        try peer.sync()
        try office.sync()
        #expect(
            peer.log.states[person]?.siblings(of: "goals").map(\.values) == [[.text("run"), .none, .none]])
        #expect(try agency.store.digest() == office.digest)
    }

    @Test func `whoever is no administrator sees nothing and changes nothing, and it is noted`() throws {
        let provider = try agency.enrol("PP01")
        let supervisor = try agency.enrol("SU01")
        for laptop in [provider, supervisor, peer] { try laptop.sync() }
        let ids = try list().map(\.id)
        let digest = try agency.store.digest()
        for laptop in [provider, supervisor, peer] {
            for request: QuarantineRequest in [
                .list(device: nil, after: 0), .list(device: laptop.device, after: 0), .show(ids[0]),
                .show(999),
                .release(ids, reason: "mine"), .discard(ids, reason: "mine", alone: false),
            ] {
                #expect(code { _ = try ask(request, laptop) } == .notPermitted, "\(laptop.staff) \(request)")
                let entry = try #require(try audit().last)
                #expect(entry.kind == "refusal" && entry.device == laptop.device)
                #expect(entry.staff == laptop.staff && entry.counts == #"{"quarantine":1}"#)
            }
        }
        #expect(try list().map(\.id) == ids)
        #expect(try agency.store.digest() == digest)
        #expect(try audit().allSatisfy { $0.kind != "show" })
    }

    @Test func `nor does a retired laptop of an administrator, also when it was let in before`() throws {
        let ids = try list().map(\.id)
        let device = try #require(try agency.store.device(token: office.token))
        try agency.store.retire(device: office.device, now: agency.now)
        for request: QuarantineRequest in [
            .list(device: nil, after: 0), .show(ids[0]), .release(ids, reason: "x"),
            .discard(ids, reason: "x", alone: false),
        ] {
            let code = code {
                _ = try agency.store.quarantine(
                    request, from: device, now: agency.now, using: &agency.dice)
            }
            #expect(code == .retired)
            #expect(try audit().last?.kind == "refusal")
        }
        #expect(try agency.store.quarantine().map(\.id) == ids)
    }

    @Test func `rules and reasons are those of the server's own command`() throws {
        let ids = try list().map(\.id)
        #expect(code { _ = try ask(.release(ids, reason: " "), office) } == .badValue)
        #expect(code { _ = try ask(.discard(ids, reason: "a\nb", alone: false), office) } == .badValue)
        #expect(code { _ = try ask(.release([999], reason: "x"), office) } == .nothing)
        _ = try ask(.discard([ids[0]], reason: "x", alone: false), office)
        #expect(code { _ = try ask(.release([ids[0]], reason: "x"), office) } == .nothing)
        #expect(try list().map(\.id) == [ids[1]])
    }
}
