import SyncModel
import SyncReplica

/// The family `twoProcesses`: in the middle of one process's sync another one edits, and may try to sync too. The
/// lease lets it only when the first has not said anything for too long.
extension World {
    /// When the second process may act: before the first request leaves, before a later one does, and when the server
    /// has answered.
    static let besideMoments = [
        "second process before the sending", "second process between pages",
        "second process after the answer",
    ]

    func syncBeside(_ device: SimulatedDevice) async throws -> String {
        let second = try device.secondProcess()
        let chosen: Interlude.Moment = dice.chance(0.5) ? .sending : .answered
        let exchange = dice.pick([1, 1, 2, 3]) ?? 1
        var story: [String] = []
        var begun = 0
        let outcome = try await trySync(
            device,
            Interlude { moment in
                if moment == .sending { begun += 1 }
                guard moment == chosen, begun == exchange else { return }
                story.append(self.noteBeside(moment, exchange))
                if self.dice.chance(0.8) {
                    story.append("the second \(try self.editSomebody(device, in: second))")
                }
                guard self.dice.chance(0.5) else { return }
                let isSlow = self.dice.chance(0.5)
                if isSlow { self.time.pass(seconds: Int(Limits.leaseSeconds) + 1) }
                story.append("the second \(try await self.syncSecond(device, second, mayTakeOver: isSlow))")
            })
        guard !story.isEmpty else { return idle("\(outcome); it is over before the second comes") }
        return (story + [outcome]).joined(separator: "; ")
    }

    /// Counts when the second process acts, and tells it.
    private func noteBeside(_ moment: Interlude.Moment, _ exchange: Int) -> String {
        guard moment == .sending else {
            tally.note(Self.besideMoments[2])
            return "when the server has answered request \(exchange)"
        }
        tally.note(Self.besideMoments[exchange == 1 ? 0 : 1])
        return "before request \(exchange) leaves"
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
