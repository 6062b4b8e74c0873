import PeerSupport
import SyncModel
import SyncStore
import Testing

/// Administrators take changes out of quarantine: released, or discarded.
@Suite("Releasing")
struct ReleaseTests: CaseloadSuite {
    let caseload: Caseload
    /// Unlike a peer, a primary provider sets goals.
    let provider: TestLaptop
    let why = QuarantineDecision(staff: "AD01", reason: "she was there, and asked to write it down")

    init() throws {
        caseload = try Caseload()
        provider = try caseload.agency.enrol("PP01")
        try provider.sync()
    }

    private func goals(_ text: String) -> [RegisterWrite] {
        [RegisterWrite("goals", [.text(text), .none, .none])]
    }

    private func goal(_ laptop: TestLaptop, _ record: RecordID? = nil) -> [Value] {
        laptop.log.states[record ?? person]?.siblings(of: "goals").compactMap { $0.values.first } ?? []
    }

    private func ids() throws -> [Int64] { try agency.store.quarantine().map(\.id) }

    @discardableResult
    private func release(_ ids: [Int64]) throws -> [DecidedChange] {
        try agency.store.release(ids, why, now: agency.now, using: &agency.dice)
    }

    /// Everybody agrees, and the store is as it was written.
    private func settled(_ laptops: [TestLaptop], sourceLocation: SourceLocation = #_sourceLocation) throws {
        for laptop in laptops { try laptop.sync() }
        try isWhole(sourceLocation: sourceLocation)
        for laptop in laptops {
            for (id, state) in laptop.log.states {
                #expect(state == office.log.states[id], sourceLocation: sourceLocation)
            }
        }
    }

    @Test func `what was refused for its role is released, and everybody in scope has it`() throws {
        let nurse = try agency.enrol("NU01")
        agency.pass(60)
        let written = agency.now
        let dot = peer.write("participant", person, goals("run"))
        try peer.sync()
        agency.pass(3600)
        let listed = try #require(try agency.store.quarantine().first)
        #expect(listed.device == peer.device && listed.staff == "PS07" && listed.table == "participant")
        #expect(listed.refusal.code == "permission" && listed.together == listed.id)
        let content = try agency.store.quarantined(listed.id, now: agency.now)
        #expect(content.record == person && content.recordExists && content.group == [listed.id])
        #expect(content.registers.map(\.write) == goals("run"))
        #expect(content.registers.map(\.standing) == [[]])

        let decided = try release([listed.id])
        #expect(decided.map(\.id) == [listed.id] && decided.map(\.device) == [peer.device])
        #expect(decided.map(\.isConflict) == [false])
        try settled([peer, nurse])
        #expect(peer.log.outcomes[dot] == .released)
        let live = try #require(office.log.states[person]?.siblings(of: "goals").first?.change)
        #expect(live.author == "PS07" && live.dot.incarnation != peer.log.incarnation)
        #expect(live.effective?.microseconds == written && live.deviceMicroseconds == written)
        #expect(goal(peer) == [.text("run")] && goal(nurse) == [.text("run")])
        #expect(try agency.store.quarantine().isEmpty && agency.store.figures().quarantined == 0)
        #expect(office.log.states[person]?.conflicts == [])
    }

    @Test func `a release is in the audit log, with who and why`() throws {
        peer.write("participant", person, goals("run"))
        peer.write("participant", person, goals("swim"))
        try peer.sync()
        let ids = try ids()
        try release([ids[0]])
        _ = try agency.store.discard([ids[1]], why, alone: false, now: agency.now)
        var entries: [AuditEntry] = []
        try agency.store.audit { entries.append($0) }
        #expect(entries.suffix(2).map(\.kind) == ["release", "discard"])
        for (entry, id) in zip(entries.suffix(2), ids) {
            #expect(entry.device == peer.device && entry.staff == "AD01" && entry.note == why.reason)
            #expect(entry.counts == #"{"change":\#(id),"changes":1}"#)
        }
        try settled([peer])
        try agency.store.close()
        try agency.alter("DROP TRIGGER audit_stands")
        try agency.alter("UPDATE audit SET note = 'for fun' WHERE kind = 'release'")
        #expect(code { _ = try Store.verify(at: agency.path) } == .damaged)
        try agency.open()
    }

    @Test func `what was written since is a conflict and no casualty`() throws {
        peer.write("participant", person, goals("run"))
        try peer.sync()
        agency.pass(60)
        provider.write("participant", person, goals("walk"))
        try provider.sync()
        let id = try #require(try ids().first)
        let standing = try agency.store.quarantined(id, now: agency.now).registers[0].standing
        #expect(standing.map(\.values) == [goals("walk")[0].values])
        #expect(standing.allSatisfy { $0.author == "PP01" && !$0.wasRead })
        #expect(try release([id]).map(\.isConflict) == [true])
        try settled([peer])
        #expect(goal(office) == [.text("walk"), .text("run")])
        #expect(office.log.states[person]?.conflicts == ["goals"])
    }

    @Test func `what its writer had read is replaced`() throws {
        provider.write("participant", person, goals("walk"))
        try provider.sync()
        try peer.sync()
        peer.write("participant", person, goals("run"))
        try peer.sync()
        let id = try #require(try ids().first)
        #expect(
            try agency.store.quarantined(id, now: agency.now).registers[0].standing.map(\.wasRead) == [true])
        #expect(try release([id]).map(\.isConflict) == [false])
        try settled([peer])
        #expect(goal(office) == [.text("run")])
    }

    @Test func `a later refused change follows the earlier one, released together or one by one`() throws {
        for isTogether in [true, false] {
            peer.write("participant", person, goals("run"))
            peer.write("participant", person, goals("swim"))
            try peer.sync()
            let ids = try ids()
            if isTogether {
                #expect(try release(ids.reversed()).map(\.id) == ids)
            } else {
                try release([ids[0]])
                #expect(
                    try agency.store.quarantined(ids[1], now: agency.now).registers[0].standing.map(\.wasRead)
                        == [true])
                try release([ids[1]])
            }
            try settled([peer])
            #expect(goal(office) == [.text("swim")] && office.log.states[person]?.conflicts == [])
        }
    }

    @Test func `what was entered together is released together`() throws {
        let together = agency.id()
        let visit = agency.id()
        let nobody = agency.id()
        let dots = [
            peer.write(
                "participant", nobody, TestAgency.participant("P9") + goals("run"), transaction: together),
            peer.write(
                "assignment", agency.id(), TestAgency.assignment(nobody, "PS07"), transaction: together),
            peer.write("check_in", visit, TestAgency.checkIn(nobody, "PS07"), transaction: together),
            peer.write("participant", nobody, goals("swim"), transaction: together),
        ]
        try peer.sync()
        let listed = try agency.store.quarantine()
        #expect(Set(listed.map(\.refusal.code)) == ["permission", "together"])
        #expect(Set(listed.map(\.together)) == [listed[0].id])
        #expect(try agency.store.quarantined(listed[2].id, now: agency.now).group == listed.map(\.id))
        #expect(try release([listed[2].id]).map(\.id) == listed.map(\.id))
        try settled([peer])
        for dot in dots { #expect(peer.log.outcomes[dot] == .released) }
        #expect(goal(peer, nobody) == [.text("swim")])
        #expect(peer.log.keys[visit]?.contains("caseload:PS07") == true)
        #expect(try agency.audit().suffix(2) == ["show", "release"])
    }

    @Test func `what waited for a released record comes with it`() throws {
        let nobody = agency.id()
        peer.write("participant", nobody, TestAgency.participant("P9", team: "") + goals("run"))
        let assignment = peer.write("assignment", agency.id(), TestAgency.assignment(nobody, "PS07"))
        try peer.sync()
        let ids = try ids()
        #expect(ids.count == 2)
        let early = failure { try release([ids[1]]) }
        #expect(early?.code == .badValue && early?.what.contains("(scope)") == true)
        #expect(try self.ids() == ids)
        try release([ids[0]])
        try settled([peer])
        #expect(peer.log.outcomes[assignment] == .applied)
        #expect(peer.log.keys[nobody]?.contains("caseload:PS07") == true)
        #expect(try self.ids().isEmpty)
    }

    @Test func `the work of a retired laptop reaches the others, and is its author's`() throws {
        let visit = agency.id()
        let alone = agency.id()
        peer.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
        peer.write("check_in", alone, TestAgency.checkIn(agency.id(), "PS07"))
        let stranger = agency.id()
        office.write("participant", stranger, TestAgency.participant("P2", site: "S2", team: ""))
        try office.sync()
        peer.write("participant", stranger, goals("run"))
        try agency.store.retire(device: peer.device, now: agency.now)
        _ = try peer.send(peer.request())
        let listed = try agency.store.quarantine()
        #expect(listed.map(\.refusal.code) == ["retired", "retired", "retired"])
        try release([listed[0].id])
        #expect(code { try release([listed[1].id]) } == .badValue, "it is about nobody who is known here")
        let spare = try agency.enrol("PS07")
        try settled([spare])
        #expect(spare.log.states[visit]?.live.first?.author == "PS07")
        #expect(office.log.states[alone] == nil && spare.log.states[alone] == nil)
        #expect(
            try agency.number(
                """
                SELECT count(*) FROM record JOIN device ON device.number = record.origin
                WHERE device.code = '\(peer.device)' AND record.id = x'\(hexadecimal(visit.bytes))'
                """) == 1)
        #expect(try agency.store.devices().first { $0.device == peer.device }?.waitingQuarantine == 2)
    }

    @Test func `what lies outside its writer's scope is released all the same`() throws {
        let stranger = agency.id()
        office.write("participant", stranger, TestAgency.participant("P2", site: "S2", team: ""))
        try office.sync()
        let visit = agency.id()
        peer.write("check_in", visit, TestAgency.checkIn(stranger, "PS07"))
        try peer.sync()
        #expect(try agency.store.quarantine().map(\.refusal.code) == ["scope"])
        try release(try ids())
        try settled([peer])
        #expect(office.log.states[visit] != nil)
        #expect(peer.log.states[stranger] == nil && peer.log.states[visit] == nil)
    }

    @Test func `what was discarded is no part of its record, and stays in the history`() throws {
        let dot = peer.write("participant", person, goals("run"))
        try peer.sync()
        let before = try agency.store.digest()
        let id = try #require(try ids().first)
        #expect(try agency.store.discard([id], why, alone: false, now: agency.now).map(\.id) == [id])
        try settled([peer])
        #expect(peer.log.outcomes[dot] == .withdrawn)
        #expect(try agency.store.digest() == before && ids().isEmpty)
        #expect(
            try agency.number("SELECT count(*) FROM change WHERE outcome = 4 AND code = 'permission'") == 1)
    }

    @Test func `what was discarded stays so when what it waited for comes`() throws {
        let nobody = agency.id()
        let early = peer.write("assignment", agency.id(), TestAgency.assignment(nobody, "PS07"))
        try peer.sync()
        #expect(try agency.store.quarantine().map(\.refusal.code) == ["scope"])
        _ = try agency.store.discard(try ids(), why, alone: true, now: agency.now)
        // Had it not been discarded, it would be taken now.
        peer.write("participant", nobody, TestAgency.participant("P9", team: ""))
        try settled([peer])
        #expect(peer.log.outcomes[early] == .withdrawn)
        #expect(office.log.keys[nobody]?.contains("caseload:PS07") == false)
    }

    @Test func `nothing is decided twice`() throws {
        peer.write("participant", person, goals("run"))
        peer.write("participant", person, goals("swim"))
        try peer.sync()
        let ids = try ids()
        try release([ids[0], ids[0]])
        _ = try agency.store.discard([ids[1]], why, alone: false, now: agency.now)
        let before = try agency.store.digest()
        #expect(failure { try release([ids[0]]) }?.what.contains("released before") == true)
        #expect(failure { try release([ids[1]]) }?.what.contains("discarded before") == true)
        #expect(code { _ = try agency.store.discard(ids, why, alone: true, now: agency.now) } == .nothing)
        #expect(code { _ = try agency.store.quarantined(ids[0], now: agency.now) } == .nothing)
        #expect(code { try release([9_999]) } == .nothing)
        #expect(try agency.store.digest() == before)
        try settled([peer])
    }

    @Test func `what nobody could read or vouch for cannot be released`() throws {
        let read = peer.state(person, "participant").context
        var future = read
        future.include(Dot(office.log.incarnation, 10_000))
        peer.write("participant", person, [RegisterWrite("contact", [.text("1")])])
        peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS09"), author: "PS09")
        peer.write("participant", person, goals("run"), context: future)
        peer.write("check_in", agency.id(), [RegisterWrite("note", [.text("x"), .none, .none, .none])])
        let good = peer.write("participant", person, goals("run"), context: read)
        try peer.sync()
        let ids = try ids()
        let before = try agency.store.digest()
        let reasons = ["schema", "author", "context", "incomplete"]
        for (id, reason) in zip(ids, reasons) {
            let failed = failure { try release([id]) }
            #expect(failed?.code == .badValue && failed?.what.contains("(\(reason))") == true, "\(reason)")
            #expect(code { try release([ids[4], id]) } == .badValue, "all of them, or none")
        }
        #expect(try self.ids() == ids && agency.store.digest() == before)
        #expect(peer.log.outcomes[good].map { "\($0)".contains("permission") } == true)
        _ = try agency.store.discard(Array(ids.prefix(4)), why, alone: true, now: agency.now)
        try release([ids[4]])
        try settled([peer])
        #expect(goal(office) == [.text("run")])
    }

    @Test func `only an administrator decides, and says why`() throws {
        peer.write("participant", person, goals("run"))
        try peer.sync()
        let ids = try ids()
        for (staff, reason, expected) in [
            ("PS07", "mine", SyncError.Code.notPermitted), ("XX99", "who", .notPermitted),
            ("AD01", " ", .badValue), ("AD01", "two\nlines", .badValue),
            ("AD01", String(repeating: "x", count: Limits.reasonBytes + 1), .badValue),
        ] {
            let decision = QuarantineDecision(staff: staff, reason: reason)
            #expect(
                code { _ = try agency.store.discard(ids, decision, alone: true, now: agency.now) } == expected
            )
            #expect(
                code {
                    _ = try agency.store.release(ids, decision, now: agency.now, using: &agency.dice)
                } == expected)
        }
        #expect(try self.ids() == ids)
    }

    @Test func `a released role counts, and stands through a restore`() throws {
        let staff = NaturalKey.id(table: "staff", key: "PS09")
        try agency.backup()
        let mine = try agency.enrol("SU01")
        try mine.sync()
        mine.write("staff", staff, [RegisterWrite("role", [.text("nurse")])])
        try mine.sync()
        try release(try ids())
        try settled([mine])
        #expect(office.log.states[staff]?.winner(of: "role") == [.text("nurse")])
        let other = try agency.enrol("PS09")
        #expect(try other.sync().last?.reply.welcome.keys.contains("team:ACT1") == true)
        #expect(try agency.lines("server.security").contains { $0.contains("nurse") && $0.contains("PS09") })
    }
}
