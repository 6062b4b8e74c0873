import PeerSupport
import SyncModel
import SyncReplica

/// What a decision about many at once does to one of them.
extension ConflictText {
    /// What a choice alters, for the end of a line, and whether it does.
    func effect(of choice: Deciding.Choice, _ teller: inout ChangeTeller) throws -> (
        words: String, changes: Bool
    ) {
        guard case .side(let side) = choice else { return ("", true) }
        switch conflict.kind {
        case .duplicate:
            let others = try sides().filter { $0.letter != side.letter }.compactMap { $0.record?.id }
            let names = try others.map { "\(try teller.label($0)) is merged into it" }
            return names.isEmpty ? ("", true) : (" (\(names.joined(separator: ", ")))", true)
        case .amendments, .ring: return ("", true)
        case .clock:
            let stays = try clockLeft()
            return (" (it stays so)" + (stays.map { "; \($0)" } ?? ""), false)
        case .contested where conflict.sides.isEmpty:
            return side.state == "decided" ? (" (it stays so)", false) : ("", true)
        case .void where conflict.correction != nil:
            let counts = conflict.correction.flatMap { CheckIn($0)?.counts } ?? false
            let stays = (side.record != nil) == counts
            return (stays ? " (it stays so)" : counts ? " (the correction counts now)" : "", !stays)
        case .values, .transition, .late:
            let lost = try notKept(side, &teller)
            return side.isShown ? (" (it is shown already)\(lost)", false) : (lost, true)
        case .deletion, .void, .fork, .contested:
            if side.isShown { return (" (it is shown already)", false) }
            let shown = try sides().first(where: \.isShown).map { try words($0, &teller) } ?? ""
            let other = shown.isEmpty ? "" : " (in the place of: \(shown))"
            return (other + (opens(side) ? "; which stays, it or its correction, is asked then" : ""), true)
        }
    }

    /// `; not kept: phone 555 0134 (PS09), shown so far`: the values that do not stay, and whose they are.
    private func notKept(_ side: ConflictSide, _ teller: inout ChangeTeller) throws -> String {
        let others = try sides().filter { $0.letter != side.letter }
        let said = try others.map { one in
            let whose = one.credit.isEmpty ? "" : " (\(one.credit))"
            return TextWidth.cut(try words(one, &teller), to: 120) + whose
                + (one.isShown ? ", which is shown so far" : "")
        }
        return said.isEmpty ? "" : "; not kept: \(said.joined(separator: " | "))"
    }

    /// Whether a check-in counts again by it of which a correction counts.
    private func opens(_ side: ConflictSide) -> Bool {
        conflict.register == "void" && conflict.view.table.name == "check_in"
            && side.values.allSatisfy(\.isNone) && isCorrected
    }
}
