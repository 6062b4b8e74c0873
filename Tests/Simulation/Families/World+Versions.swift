import SyncModel
import SyncReplica

/// The family `versions`: a table and a register that only some laptops, or not the server, know yet.
extension World {
    func editUnpublished(_ device: SimulatedDevice) throws -> String {
        guard device.edition == .next else { return idle("its program does not know it") }
        guard let participant = try anybody(device) else { return idle("nobody to edit") }
        let plan =
            dice.chance(0.6)
            ? Planned(
                .write, "participant", participant,
                [RegisterWrite(SimulatedDomain.nextRegister.name, [.text(word())])])
            : Planned(
                .create, SimulatedDomain.planTable.name, newID(),
                [
                    RegisterWrite("what", [.reference(participant)]),
                    RegisterWrite("text", [.text(word())]),
                ])
        return try edit(device, [plan], standing: beganOld ? .unpublished : .honest)
    }
}
