import SyncReplica
import SyncStore

extension Campaign.Summary: CustomStringConvertible {
    /// The figures, and what broke, as a person reads them.
    package var description: String {
        let quarantined = Self.list(figures.quarantined)
        var lines = [
            "\(figures.runs) runs, \(figures.edits) edits (\(figures.refusedEdits) more refused on the laptop)",
            "\(figures.syncs) syncs (\(figures.brokenSyncs) broke off), \(figures.exchanges) exchanges",
            "\(figures.changes) changes on the servers, \(figures.conflicts) conflicts, "
                + "quarantined: \(quarantined.isEmpty ? "none" : quarantined)",
            "\(figures.reidentified) fresh incarnations, \(figures.healed) restored servers found",
            "families: \(Self.list(figures.families))",
            "faults: \(Self.list(figures.faults))",
            "laptops broke off: "
                + Step.allCases.map { "\($0.rawValue) \(figures.steps[$0.rawValue] ?? 0)" }
                .joined(separator: ", "),
            "servers broke off: "
                + StoreStep.allCases.map { "\($0.rawValue) \(figures.serverSteps[$0.rawValue] ?? 0)" }
                .joined(separator: ", "),
        ]
        if let gaps {
            lines += gaps.map { "NEVER REACHED \($0)" }
            if gaps.isEmpty { lines.append("every family, fault and crash point was reached") }
        }
        for (check, seeds) in failures.sorted(by: { $0.key < $1.key }) {
            let first = seeds.prefix(5).map(String.init).joined(separator: ", ")
            lines.append("BROKEN \(check): \(seeds.count) of \(figures.runs) runs, first seeds \(first)")
        }
        if failures.isEmpty { lines += ["nothing broke"] + unfound }
        return lines.joined(separator: "\n")
    }

    /// That nothing broke says little of the checks where something was broken on purpose.
    private var unfound: [String] {
        guard let defect else { return [] }
        let row = defect.row
        return [
            "The defect \(defect.rawValue) was not found: in \(figures.runs == 1 ? "this seed" : "these seeds") it had no "
                + "chance, or was put right before a check looked. It does its harm only under \(row.faults.names), and "
                + "not in every seed: --faults \(row.faults.names) --runs 40 has more of them. It is to be found by the "
                + "check \(row.checks.joined(separator: " or "))."
        ]
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
