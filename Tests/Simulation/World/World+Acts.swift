import Foundation
import PeerSupport
import SyncModel
import SyncReplica

extension World {
    /// Does one act, and says in the trace what came of it.
    func perform(_ number: Int, _ act: Act) async throws {
        dice.start(from: act.seed)
        isIdle = false
        time.pass(seconds: dice.below(3_600))
        // The office's own laptop is where staff are moved.
        let device = act.kind == .moveStaff ? devices[0] : devices[act.device % devices.count]
        let line = act.kind.isAboutLaptop ? "\(number). \(device.owner) " : "\(number). "
        let isSynced = device.isSealed && [.sync, .crash].contains(act.kind)
        guard !device.isGone || isSynced || !act.kind.isAboutLaptop else {
            trace.add("\(line)is gone")
            return
        }
        var outcome: String
        do {
            outcome = try await come(of: act, device)
        } catch let crash as Crash {
            outcome = try opened(after: crash)
        } catch {
            trace.add("\(line)\(act.kind.words): \(error)")
            throw error
        }
        if act.kind != .crash { device.crashPoint.disarm(but: Step.rare) }
        // A laptop that was to break off has done so only where its point was hit, in this act or a later one.
        if act.kind.isFault, act.kind != .crash, !isIdle { tally.note(act.kind.rawValue) }
        trace.add("\(line)\(act.kind.words): \(outcome)")
    }

    /// Whoever broke off goes on, be it one who only had a part in the act.
    private func opened(after crash: Crash) throws -> String {
        figures.steps[crash.step.rawValue, default: 0] += 1
        tally.note(Act.Kind.crash.rawValue)
        guard let laptop = (devices + spares).first(where: { $0.name == crash.laptop }) else {
            throw Broken("world", "no laptop \(crash.laptop) can have broken off")
        }
        try recover(laptop)
        try noteHealing(laptop, crash.step)
        try checkMoment(laptop)
        return "\(laptop.owner) breaks off \(crash.step.words), and is opened again"
    }

    private func come(of act: Act, _ device: SimulatedDevice) async throws -> String {
        switch act.kind {
        case .admit: return try admit(device)
        case .checkIn: return try checkIn(device)
        case .edit: return try editSomebody(device)
        case .editNote: return try editNote(device)
        case .look: return try look(device)
        case .staleEdit: return try editWhatWasLookedAt(device)
        case .resolve: return try resolve(device)
        case .delete: return try delete(device)
        case .bring: return try bringBack(device)
        case .undo: return try undo(device)
        case .sync: return try await trySync(device)
        case .handOver: return try handOver(device)
        case .moveHome: return try moveHome(device)
        case .moveStaff: return try moveStaff(device)
        case .crash: return try await crash(device)
        case .serverCrash: return try await crashServer(device)
        case .administer: return try await administer()
        case .restoreServer: return try await restoreServer()
        case .restoreBoth: return try await restoreBoth(device)
        case .decide: return try decide()
        case .withdraw: return try withdraw(device)
        case .correct: return try correct(device)
        case .forbidden: return try forbiddenEdit(device)
        case .unpublished: return try editUnpublished(device)
        case .beside: return try await syncBeside(device)
        case .vanish: return try await vanish(device)
        default: return try befall(act, device)
        }
    }

    // MARK: Work

    func admission(_ site: String, _ team: String, _ peer: String?) -> [Planned] {
        let participant = newID()
        var plan = [
            Planned(
                .create, "participant", participant,
                [
                    RegisterWrite("identity", [.text("P\(word())")]),
                    RegisterWrite("name", [.text(word()), .none]),
                    RegisterWrite("home", [.text(site), .text(team), .none]),
                ])
        ]
        if let peer { plan.append(assignment(participant, peer)) }
        return plan
    }

    func assignment(_ participant: RecordID, _ peer: String) -> Planned {
        counter += 1
        return Planned(
            .create, "assignment", newID(),
            [
                RegisterWrite("what", [.reference(participant), .text(peer), .text("own"), .none]),
                RegisterWrite("period", [.integer(20_000 + Int64(counter)), .none]),
            ])
    }

    private func admit(_ device: SimulatedDevice) throws -> String {
        let peers = ["PS07", "PS09"]
        let staff = device.enrolment.staff
        let peer: String? =
            peers.contains(staff) ? staff : device.enrolment.role == "nurse" ? nil : dice.pick(peers)
        let plan = admission(dice.pick(["S1", "S2"]) ?? "S1", dice.pick(["ACT1", "ACT2"]) ?? "ACT1", peer)
        return try edit(device, plan)
    }

    private func checkIn(_ device: SimulatedDevice) throws -> String {
        guard let participant = try anybody(device) else { return "nobody to visit" }
        counter += 1
        return try edit(
            device,
            [
                Planned(
                    .create, "check_in", newID(),
                    [
                        RegisterWrite(
                            "what",
                            [
                                .reference(participant), .text(device.enrolment.staff), .text("check_in"),
                                .none,
                            ]),
                        RegisterWrite(
                            "time", [.integer(1_770_000_000 + Int64(counter)), .none, .integer(30)]),
                        RegisterWrite("note", [.text(word()), .none, .none, .none]),
                    ])
            ])
    }

    func anybody(_ device: SimulatedDevice) throws -> RecordID? {
        dice.pick(try device.replica.find(Query("participant")).map(\.id).sorted())
    }

    /// One or two registers of a participant, in one change.
    func writesOfSomebody() -> [RegisterWrite] {
        var writes: [RegisterWrite] = []
        if dice.chance(0.6) { writes.append(RegisterWrite("contact", [.text(word()), .none])) }
        if dice.chance(0.5) || writes.isEmpty {
            writes.append(RegisterWrite("name", [.text(word()), .none]))
        }
        if dice.chance(0.2) {
            counter += 1
            writes.append(RegisterWrite("consent", [.text("yes"), .integer(20_000 + Int64(counter))]))
        }
        return writes
    }

    func editSomebody(_ device: SimulatedDevice, in process: Replica? = nil) throws -> String {
        guard let participant = try anybody(device) else { return "nobody to edit" }
        var plan = [Planned(.write, "participant", participant, writesOfSomebody())]
        if dice.chance(0.2), let other = try anybody(device), other != participant {
            plan.append(Planned(.write, "participant", other, writesOfSomebody()))
        }
        return try edit(device, plan, in: process)
    }

    private func editNote(_ device: SimulatedDevice) throws -> String {
        let notes = try device.replica.find(Query("check_in")).map(\.id).sorted()
        guard let note = dice.pick(notes) else { return "no note to edit" }
        return try edit(
            device,
            [
                Planned(
                    .write, "check_in", note, [RegisterWrite("note", [.text(word()), .none, .none, .none])])
            ])
    }

    private func look(_ device: SimulatedDevice) throws -> String {
        guard let participant = try anybody(device), let token = try device.replica.token(for: participant)
        else { return "nobody to look at" }
        device.looked.append((token, try shownMet(device, participant)))
        return "it is \(naming.name(participant))"
    }

    private func editWhatWasLookedAt(_ device: SimulatedDevice) throws -> String {
        guard !device.looked.isEmpty else { return "nobody was looked at" }
        let looked = device.looked.remove(at: dice.below(device.looked.count))
        return try edit(
            device, [Planned(.write, "participant", looked.token.record, writesOfSomebody())],
            looked: looked)
    }

    private func resolve(_ device: SimulatedDevice) throws -> String {
        let conflicted = try device.replica.conflicted().sorted { $0.id < $1.id }
        guard let view = dice.pick(conflicted), let register = dice.pick(view.conflicts),
            let token = try device.replica.token(for: view.id)
        else { return "no conflict to settle" }
        let siblings = try device.replica.siblings(view.id, of: register)
        let values = register == deletedRegister ? [.integer(0)] : dice.pick(siblings)?.values ?? []
        let looked = (token: token, met: try shownMet(device, view.id))
        return try edit(
            device, [Planned(.write, view.table.name, view.id, [RegisterWrite(register, values)])],
            looked: looked, resolving: true)
    }

    private func delete(_ device: SimulatedDevice) throws -> String {
        let table = dice.pick(["participant", "check_in", "assignment"]) ?? "check_in"
        guard let record = dice.pick(try device.replica.find(Query(table)).map(\.id).sorted()) else {
            return "nothing to delete"
        }
        return try edit(
            device, [Planned(.write, table, record, [RegisterWrite(deletedRegister, [.integer(1)])])])
    }

    /// Somebody takes a deletion back.
    private func bringBack(_ device: SimulatedDevice) throws -> String {
        let deleted = oracle.writes.filter { $0.writes == [RegisterWrite(deletedRegister, [.integer(1)])] }
        guard let one = dice.pick(deleted) else { return "nothing was deleted" }
        return try edit(
            device, [Planned(.write, one.table, one.record, [RegisterWrite(deletedRegister, [.integer(0)])])])
    }

    // MARK: Scope

    private func handOver(_ device: SimulatedDevice) throws -> String {
        let open = try device.replica.find(Query("assignment", where: [.isNone("to_date")]))
            .sorted { $0.id < $1.id }
        guard let old = dice.pick(open), let participant = old["participant"].reference,
            let from = old["from_date"].integer
        else { return idle("no assignment to hand over") }
        counter += 1
        let until = Int64(30_000 + counter)
        let close = Planned(
            .write, "assignment", old.id, [RegisterWrite("period", [.integer(from), .integer(until)])])
        let next = old["peer"].text == "PS07" ? "PS09" : "PS07"
        let isPeer = device.enrolment.role == "peer"
        let plan =
            isPeer
            ? [close]
            : dice.chance(0.3) ? [assignment(participant, next)] : [close, assignment(participant, next)]
        return try edit(device, plan)
    }

    private func moveHome(_ device: SimulatedDevice) throws -> String {
        guard let participant = try anybody(device) else { return idle("nobody to move") }
        let home: [Value] = [
            .text(dice.pick(["S1", "S2"]) ?? "S1"), .text(dice.pick(["ACT1", "ACT2"]) ?? "ACT1"),
            .text(word()),
        ]
        return try edit(device, [Planned(.write, "participant", participant, [RegisterWrite("home", home)])])
    }

    private func moveStaff(_ office: SimulatedDevice) throws -> String {
        let code = dice.pick(["NU01", "SU01"]) ?? "NU01"
        let place: [Value] = [
            .text(dice.pick(["S1", "S2"]) ?? "S1"), .text(dice.pick(["ACT1", "ACT2"]) ?? "ACT1"),
            .text(word()),
        ]
        let plan = [Planned(.write, "staff", Self.staff(code), [RegisterWrite("place", place)])]
        return "\(code) is moved, \(try edit(office, plan))"
    }
}
