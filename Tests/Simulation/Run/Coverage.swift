import SyncReplica
import SyncStore

extension Campaign.Summary {
    /// Families, faults and crash points that these runs should have come to, and never did.
    ///
    /// - Parameter pool: the faults that there could have been.
    package func unreached(of pool: Faults) -> [String] {
        var missing: [String] = []
        func expect(_ what: String, _ names: [String], _ counts: [String: Int]) {
            missing += names.filter { counts[$0, default: 0] == 0 }.map { "\(what) \($0)" }
        }
        expect("family", pool.families.map(\.name), figures.families)
        let kinds = Act.Kind.allCases.filter { $0.isFault && Act.kinds(under: pool).contains($0) }
        expect("fault", kinds.map(\.rawValue), figures.faults)
        expect("fault", Self.moments(under: pool), figures.faults)
        if pool.contains(.crash) {
            expect("laptop's crash point", Step.reachable(under: pool).map(\.rawValue), figures.steps)
            expect(
                "server's crash point", StoreStep.reachable(under: pool).map(\.rawValue), figures.serverSteps)
        }
        return missing
    }

    /// What is counted besides acts: what the link does, and what two faults come to together.
    private static func moments(under pool: Faults) -> [String] {
        var names: [String] = []
        if pool.contains(.loss) {
            names += [
                "request lost", "request cut", "answer lost", "answer cut", "request twice",
                "old request first",
            ]
        }
        if pool.contains(.late) { names.append("request held up") }
        if pool.quarantines { names += [World.released, World.discarded] }
        if pool.restoresServer {
            names += [Office.foundOut, Office.overtakenOnce, Office.overtakenTwice]
            if pool.contains(.crash) { names += [World.brokeOffHealing, Office.brokeOffHealing] }
        }
        if pool.contains(.undeclaredRestore) { names += [World.putBackByHand, Office.foundOutByHand] }
        if pool.contains(.lostEpochs) { names.append(World.lostEpochs) }
        if pool.contains(.twoProcesses) { names += World.besideMoments }
        return names
    }
}
