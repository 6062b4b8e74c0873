import SyncModel
import SyncReplica

/// The family `forbidden`: a program that somebody tampered with writes what nobody with that role may write.
extension World {
    func forbiddenEdit(_ device: SimulatedDevice) throws -> String {
        guard let participant = try anybody(device) else { return idle("nobody to edit") }
        var plan: [Planned] = []
        switch device.enrolment.role {
        case "peer":
            plan =
                dice.chance(0.5)
                ? [
                    Planned(
                        .write, "participant", participant,
                        [RegisterWrite("focus", [.text(word()), .none, .none])])
                ] : [foreignCheckIn(participant)]
        case "nurse": plan = [foreignCheckIn(participant)]
        case "supervisor":
            plan = [
                Planned(
                    .write, "participant", participant, [RegisterWrite(deletedRegister, [.integer(1)])])
            ]
        default: return idle("the office may write everything")
        }
        // What is entered together stands or falls together.
        if dice.chance(0.4), let other = try anybody(device), plan[0].record != other {
            plan.append(Planned(.write, "participant", other, writesOfSomebody()))
        }
        return try edit(device, plan, standing: .forbidden)
    }

    /// A check-in in another one's name.
    private func foreignCheckIn(_ participant: RecordID) -> Planned {
        counter += 1
        return Planned(
            .create, "check_in", newID(),
            [
                RegisterWrite("what", [.reference(participant), .text("AD01"), .text("check_in"), .none]),
                RegisterWrite("time", [.integer(1_770_000_000 + Int64(counter)), .none, .integer(30)]),
            ])
    }
}
