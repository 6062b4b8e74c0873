import SyncModel
import SyncReplica

/// The family `twoProcesses`: while one process of a laptop waits for the server, another one edits, and may
/// try to sync too. The lease lets it only when the first has not said anything for too long.
extension World {
    func syncBeside(_ device: SimulatedDevice) async throws -> String {
        let second = try device.secondProcess()
        var story: [String] = []
        var isFirst = true
        let outcome = try await trySync(
            device,
            Interlude {
                guard isFirst else { return }
                isFirst = false
                if self.dice.chance(0.8) {
                    story.append("the second \(try self.editSomebody(device, in: second))")
                }
                guard self.dice.chance(0.5) else { return }
                let isSlow = self.dice.chance(0.5)
                if isSlow { self.time.pass(seconds: Int(Limits.leaseSeconds) + 1) }
                story.append("the second \(try await self.syncSecond(device, second, mayTakeOver: isSlow))")
            })
        return (story + [outcome]).joined(separator: "; ")
    }

    private func syncSecond(
        _ device: SimulatedDevice, _ second: Replica, mayTakeOver: Bool
    ) async throws -> String {
        do {
            try stealLease(device)
            let report = try await sync(device, in: second)
            guard mayTakeOver else {
                throw Broken("lease", "two processes of \(device.owner) synced at once")
            }
            return "takes the sync over, \(Self.text(report))"
        } catch let error as SyncError
            where error.code == .retired && retired.contains(device.enrolment.device)
        {
            return "hears that the laptop was retired"
        } catch let error as SyncError {
            guard [.offline, .stalled, .cutShort, .syncing].contains(error.code) else {
                throw Broken("sync", "\(device.owner): \(error)")
            }
            return "cannot sync, \(error.what)"
        }
    }
}
