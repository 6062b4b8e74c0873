public import SyncModel

extension Draft {
    /// Judges a step of a referral by what the writer had read: is there such a step, and is it theirs.
    ///
    /// Two steps taken apart from one state are both valid, and become a conflict for a person to settle. Whoever stands
    /// on a side of the referral may settle it for any step that stands there: it was taken by whose it is. The office and
    /// a supervisor put the referral where it belongs, and may do so again when the decision is contested or taken back:
    /// what is no step at all, they write as a correction. A step stays whose it is.
    func transition(_ lookup: (RecordID) throws -> RecordView?) rethrows -> Refusal? {
        guard table.name == "referral", written("status") != nil,
            let word = after("status").text, let to = ReferralState(rawValue: word)
        else { return nil }
        guard let before else {
            if isOffice || isUnread || ReferralMachine.initial.contains(to) { return nil }
            return Refusal(code: "transition", reason: "a new referral is new or sent")
        }
        let corrects = role == .administrator || role == .supervisor
        if corrects, isInConflict("status") { return nil }
        guard let from = before["status"].text.flatMap(ReferralState.init(rawValue:)) else {
            return isOffice ? nil : Refusal(code: "transition", reason: "the referral has no status yet")
        }
        // Where several steps stand the writer has read each, and goes on from any of them, or lets it stand.
        let standing = before.standing["status"] ?? []
        let states = [from] + standing.compactMap { $0.first?.text.flatMap(ReferralState.init(rawValue:)) }
        let stays = states.contains(to)
        let row =
            stays && !standing.isEmpty
            ? nil : states.lazy.compactMap { ReferralMachine.row(from: $0, to: to) }.first
        guard row != nil || stays else {
            if corrects { return nil }
            return Refusal(
                code: "transition", reason: "a referral that is \(from.plain) cannot become \(to.plain)")
        }
        if isOffice { return nil }
        let sides = try sides(of: before, lookup)
        if row.map({ sides.contains($0.side) }) ?? !sides.isEmpty {
            // Within one team the sender may stand on both sides; taking it on is another person's all the same.
            guard row?.step == .accept, before["from_staff"].text == writer else { return nil }
            return Refusal(code: "side", reason: "whoever sent a referral does not accept it themselves")
        }
        if stays, row == nil, !standing.isEmpty {
            return Refusal(
                code: "side", reason: "only those who sent this referral or receive it decide where it stands"
            )
        }
        return Refusal(
            code: "side",
            reason: row?.side == .initiator
                ? "only the side that sent the referral may do this"
                : "only the side that receives the referral may do this")
    }

    /// On which sides of the referral the writer stands. Whoever sent or suggested it, or works on the sending
    /// team without being a peer, is its initiator; the peer it names, or anybody on the receiving team, its
    /// recipient. A referral within one team has both.
    private func sides(
        of referral: RecordView, _ lookup: (RecordID) throws -> RecordView?
    ) rethrows -> Set<ReferralSide> {
        var sides = Set<ReferralSide>()
        let staff = try lookup(NaturalKey.id(table: "staff", key: writer))
        let teams = PeerSupportDomain.codes(staff, "team", "other_teams")
        if referral["from_staff"].text == writer || referral["suggested_by"].text == writer {
            sides.insert(.initiator)
        }
        if role != .peer, let team = referral["from_team"].text, teams.contains(team) {
            sides.insert(.initiator)
        }
        if referral["to_peer"].text == writer { sides.insert(.recipient) }
        if role == .peer || role == .supervisor {
            if let team = referral["to_team"].text, teams.contains(team) { sides.insert(.recipient) }
        }
        if role == .supervisor, try supervises(referral["to_peer"].text, lookup) {
            sides.insert(.recipient)
        }
        return sides
    }

    private func supervises(
        _ peer: String?, _ lookup: (RecordID) throws -> RecordView?
    ) rethrows -> Bool {
        guard let peer, let staff = try lookup(NaturalKey.id(table: "staff", key: peer)) else {
            return false
        }
        return staff["supervisor"].text == writer || staff["second_supervisor"].text == writer
    }
}

extension ReferralState {
    /// The state in words, for sentences.
    public var plain: String {
        switch self {
        case .visitSet: "first visit set"
        case .noShow: "no-show"
        case .visitCancelled: "visit cancelled"
        case .withdrawalAsked: "asked to be withdrawn"
        default: rawValue
        }
    }
}

extension Refusal {
    /// Whether it is about a step of a referral from where that stands: supervisors and administrators put a referral where
    /// it belongs, by whatever step.
    public var isOfStep: Bool { code == "transition" }

    /// Whether somebody else may write the same.
    public var isAboutWho: Bool { isOfStep || ["permission", "owner", "side"].contains(code) }
}
