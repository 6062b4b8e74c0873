import SyncModel

/// Promise 9: whatever a laptop's clocks say, an entry counts as made when it was made.
extension World {
    /// What is timed by the boot clock is timed exactly, whatever the wall clock says. What is timed by the wall clock,
    /// because the laptop was restarted in between, is timed as exactly as that clock ran: it may be ten years off, as
    /// long as nobody set it anew.
    ///
    /// Not after a restore of the server, which is told the times that it had given; nor where requests are held up,
    /// whose reading of the clock is hours old when they come.
    func checkTimes(_ server: ServerView) throws {
        guard !isRestored, !faults.contains(.late) else { return }
        let timed = server.taken.compactMap { change -> Timed? in
            guard let time = change.effective,
                let id = oracle.find(change.record, wall: change.wall, under: change.dot.incarnation),
                oracle.writes[id].at > 0
            else { return nil }
            return Timed(id: id, at: oracle.writes[id].at, time: time, receivedAt: change.receivedAt)
        }
        // A guess may lie as late as the moment of arrival, and pushes what comes after it.
        let isGuessed = timed.contains { !isSteady($0) }
        let slack = 60_000_000 + (timed.map(drift).max() ?? 0)
        // A process that is so slow that another takes the sync over has read its clock before.
        let late = faults.contains(.twoProcesses) ? (Limits.leaseSeconds + 1) * 1_000_000 : 0
        let offsets = office.offsets
        for one in timed where isSteady(one) {
            let latest = isGuessed ? one.receivedAt : one.at + offsets.upperBound + late
            let time = one.time.microseconds
            if time < one.at + offsets.lowerBound - slack || time > latest + slack {
                throw Broken(
                    "time",
                    "\(story(one.id)) counts as made \((time - one.at) / 1_000_000) s after it really was")
            }
        }
    }

    private struct Timed {
        let id: Int
        let at: Int64
        let time: EffectiveTime
        let receivedAt: Int64
    }

    /// By how much a wall clock that runs a thousandth fast or slow can be out at arrival, microseconds.
    private func drift(_ one: Timed) -> Int64 {
        one.time.isEstimated ? max(0, one.receivedAt - office.offsets.lowerBound - one.at) / 1_000 : 0
    }

    /// Whether what it was timed by only ran between writing and arrival. Of a copied laptop nobody knows here which of
    /// its clocks it was.
    private func isSteady(_ one: Timed) -> Bool {
        guard one.time.isEstimated else { return true }
        guard copies == 0,
            let clock = devices.first(where: { $0.owner == oracle.writes[one.id].device })?.clock
        else { return false }
        return clock.isSteady(from: one.at, to: one.receivedAt - office.offsets.lowerBound)
    }
}
