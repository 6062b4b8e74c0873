import PeerSupport
import SyncModel
import SyncReplica

/// Takes a referral one step on, the same way for every step.
struct ReferralProgress {
    let step: ReferralStep
    let note: String?
    /// More to write along with the step: the visit, the outcome.
    var more: KeyValuePairs<String, Value?> = [:]

    /// Takes the step and reads back where the referral stands.
    func take(_ typed: String, at desk: Desk) throws {
        let view = try desk.record(typed, in: "referral")
        guard let before = Referral(view) else {
            throw SyncError(.badValue, "this referral is not whole", means: "nothing was recorded")
        }
        guard !before.isApart else { throw Self.apart(before) }
        guard let row = ReferralMachine.row(step), row.from.contains(before.status) else {
            throw Self.illegal(step, from: before.status)
        }
        if step == .noShow, let visit = before.visitAt, visit > desk.time.now + 300 {
            throw SyncError(
                .badValue, "the visit is \(desk.time.said(visit)), which lies ahead",
                means: "nothing was recorded",
                advice: "if it is called off: porchlight referral schedule \(view.id.short) --cancel")
        }
        var writes = try Writes(
            "referral", over: view,
            [
                "status": .text(row.to.rawValue), "decline_reason": Value.none,
                "status_note": .some(.typed(note) ?? Value.none),
                "status_by": .text(try desk.enrolment().staff), "status_at": .integer(desk.time.now),
            ])
        for (field, value) in more { writes.set(field, value) }
        let replica = try desk.replica()
        try replica.edit { edit in try edit.write(view.id, writes.registers) }
        guard let after = try replica.view(view.id), let referral = Referral(after) else { return }
        let people = People(replica)
        let time = desk.time
        try desk.show(people.json(after)) { page in
            page.line(
                "Referral \(referral.id.short), \(try people.name(referral.participant)): \(referral.status.plain).",
                .good)
            if let reason = referral.declineReason { page.line("Reason: \(reason.rawValue.spaced)") }
            if let visit = referral.visitAt, referral.status == .visitSet {
                page.line("Visit \(time.said(visit))\(referral.visitPlace.map { ", \($0)" } ?? "").")
            }
            for line in said(after) { page.line(line) }
            if let note = referral.note { page.line("Note: \(note)") }
            if let advice = try Self.caseload(referral, people, desk) { page.line(advice, .warning) }
            page.line(Self.follows(referral.status), .faint)
        }
    }

    /// What was written along with the step, read back.
    private func said(_ view: RecordView) -> [String] {
        switch step {
        case .see where view["warm_handoff"] == .integer(1):
            let present = view["handoff_present"].text
            return ["Warm hand-off\(present.map { ", with \($0)" } ?? "")."]
        case .close:
            let told = view["loop_closed_at"].isNone ? "was not told yet" : "was told"
            return ["Outcome: \(view["outcome"].text ?? "")", "Whoever sent it \(told)."]
        default: return []
        }
    }

    /// A referral that is over takes the participant along, unless somebody has taken them on; a peer who goes on
    /// with them is told how. `nil` where there is nothing to say.
    private static func caseload(_ referral: Referral, _ people: People, _ desk: Desk) throws -> String? {
        let me = try desk.enrolment().staff
        guard [.accepted, .seen, .receiving, .closed].contains(referral.status), referral.toPeer == me else {
            return nil
        }
        let mine = try desk.replica().find(
            Query.openAssignments([
                .equals("participant", .reference(referral.participant)), .equals("peer", .text(me)),
            ]))
        guard mine.isEmpty, let person = try people.participant(referral.participant) else { return nil }
        let code = try people.isDouble(person.code) ? person.id.short : person.code
        return "Not on your caseload: when the referral is over they leave this laptop. To go on with them: "
            + "porchlight assign \(code) --to \(me)"
    }

    /// Whatever step is shown, another one stands beside it: none follows before somebody has decided.
    private static func apart(_ referral: Referral) -> SyncError {
        SyncError(
            .inConflict,
            "people who did not know of each other took this referral two steps that exclude each other; "
                + "\(referral.status.plain) is the one that is shown",
            means: "nothing was recorded, and both are kept",
            advice: "say first which of them stays: porchlight conflicts show \(referral.conflictName)")
    }

    /// Why a step cannot be taken, with those that can and who may take them.
    static func illegal(_ step: ReferralStep, from state: ReferralState) -> SyncError {
        SyncError(
            .badValue, "a referral that is \(state.plain) cannot be \(step.done)",
            means: "nothing was recorded", advice: follows(state))
    }

    /// `Possible now: by the receiving side accept, decline; by the sending side withdraw.`
    static func follows(_ state: ReferralState) -> String {
        let sides: [(ReferralSide, String)] = [
            (.recipient, "the receiving side"), (.initiator, "the side that sent it"),
        ]
        let parts = sides.compactMap { side, name -> String? in
            let steps = ReferralMachine.steps(from: state).filter { ReferralMachine.row($0)?.side == side }
            let verbs = steps.compactMap(\.verb)
            return verbs.isEmpty ? nil : "by \(name): \(verbs.joined(separator: ", "))"
        }
        return parts.isEmpty
            ? "nothing can follow; send a new referral if one is needed"
            : "possible now \(parts.joined(separator: "; "))"
    }
}

extension ReferralStep {
    /// The command that takes the step; `nil` where there is none.
    var verb: String? {
        switch self {
        case .send: "send"
        case .accept: "accept"
        case .decline: "decline"
        case .askToWithdraw: "withdraw"
        case .schedule: "schedule"
        case .noShow: "no-show"
        case .cancelVisit: "schedule --cancel"
        case .see: "seen"
        case .receive: "receiving"
        case .confirmWithdrawal: "withdraw --confirm"
        case .close: "close"
        }
    }

    /// What was done to the referral, for the end of a sentence.
    var done: String {
        switch self {
        case .send: "sent"
        case .accept: "accepted"
        case .decline: "declined"
        case .askToWithdraw: "withdrawn"
        case .schedule: "given a visit"
        case .noShow: "noted as a no-show"
        case .cancelVisit: "cleared of its visit"
        case .see: "noted as seen"
        case .receive: "noted as receiving"
        case .confirmWithdrawal: "confirmed as withdrawn"
        case .close: "closed"
        }
    }
}
