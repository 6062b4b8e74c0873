import SyncModel
import SyncReplica

/// The family `gone`: laptops that are lost, drowned or stolen, with work that was never sent.
extension World {
    func vanish(_ device: SimulatedDevice) async throws -> String {
        guard device !== devices[0], present.count > 3 else { return idle("but it is found again") }
        guard dice.chance(0.4) else {
            device.isGone = true
            return "nobody retires it"
        }
        try office.retire(device.enrolment.device)
        retired.insert(device.enrolment.device)
        guard dice.chance(0.6) else {
            device.isGone = true
            return "the office retires it"
        }
        return "the office retires it, and somebody syncs it once more; \(try await trySync(device))"
    }

    /// A retired laptop has heard of it: it is sealed, and shows nothing any more.
    @discardableResult
    func noteSealed(_ device: SimulatedDevice) throws -> String {
        guard retired.contains(device.enrolment.device) else {
            throw Broken("sync", "\(device.owner) is told that it was retired, and nobody did")
        }
        guard try device.replica.status().isSealed, (try? device.replica.find(Query("participant"))) == nil
        else { throw Broken("scope", "\(device.owner) was retired, and still shows its records") }
        device.isGone = true
        device.isSealed = true
        return "it is sealed"
    }
}
