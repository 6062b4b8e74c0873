import SyncModel
import SyncReplica
import SyncStore

/// What administrators do at the server: laptops are given out and retired, and what was refused is decided.
extension World {
    static let released = "change released"
    static let discarded = "change discarded"

    /// Somebody gets a second laptop, which is retired again or kept in a drawer.
    func administer() async throws -> String {
        let code = dice.pick(Self.people.map(\.code)) ?? "PS07"
        var story: [String] = []
        let laptop = try persist(&story) { try enrol(code) }
        spares.append(laptop)
        story.append("\(code) gets \(laptop.name), which syncs: \(try await trySync(laptop))")
        guard dice.chance(0.6) else { return (story + ["it lies in a drawer"]).joined(separator: "; ") }
        try persist(&story) { try office.retire(laptop.enrolment.device) }
        retired.insert(laptop.enrolment.device)
        story.append("it is retired, and syncs: \(try await trySync(laptop))")
        return story.joined(separator: "; ")
    }

    /// An administrator releases or discards something that was refused, with all that was entered together with it.
    func decide() throws -> String {
        guard let one = dice.pick(try office.store.quarantine()) else {
            return idle("nothing is in quarantine")
        }
        let group = try office.store.quarantined(one.id, now: time.look()).group
        let names = try group.map { try writeInQuarantine($0) }
        let what = names.map { "#\($0)" }.joined(separator: " and ") + " (refused: \(one.refusal.code))"
        let decision = QuarantineDecision(staff: "AD01", reason: "looked into")
        var story: [String] = []
        if dice.chance(0.3) {
            try settle(group, &story) {
                _ = try $0.discard([one.id], decision, alone: true, now: time.look())
            }
            for name in names { oracle.discard(name) }
            tally.note(Self.discarded)
            return (story + ["\(what) is discarded"]).joined(separator: "; ")
        }
        let chance = SplitMix64(dice.next())
        var foreseen = chance
        let incarnation = Identifier.version4(using: &foreseen)
        do {
            try settle(group, &story) {
                var chance = chance
                _ = try $0.release([one.id], decision, now: time.look(), using: &chance)
            }
        } catch let error as SyncError where error.code == .badValue {
            return (story + ["\(what) cannot be released: \(error.what)"]).joined(separator: "; ")
        }
        for name in names {
            story.append("#\(oracle.release(name, under: incarnation)) says #\(name) once more")
        }
        tally.note(Self.released)
        return (["\(what) is released"] + story).joined(separator: "; ")
    }

    /// Decides, and where the server breaks off over it, looks whether it was done before asking once more.
    private func settle(
        _ group: [Int64], _ story: inout [String], _ body: (Store) throws -> Void
    ) throws {
        while true {
            do { return try office.ask(body) } catch let crash as ServerCrash {
                story.append("the server breaks off \(crash.step.words), and is started again")
                try decideInPart(group)
                let left = Set(try office.store.quarantine().map(\.id))
                if left.isDisjoint(with: group) { return }
                guard left.isSuperset(of: group) else {
                    throw Broken("decided", "what was entered together was decided in part")
                }
            }
        }
    }

    /// Which write a change in the server's history is.
    private func writeInQuarantine(_ position: Int64) throws -> Int {
        let (record, wall) = try ServerView.change(at: position, in: office.path)
        guard let id = oracle.find(record, wall: wall) else {
            throw Broken("nothing invented", "the server refused a change that nobody made")
        }
        return id
    }
}
