import PeerSupport
import SyncModel
import SyncReplica

/// That one check-in corrects another, and whose word that is: the correction stands under the peer's name, whoever wrote it.
struct CheckInCorrection {
    let correction: RecordID
    let corrected: RecordID
    let by: String
    /// When, seconds since 1970.
    let at: Int64
    /// Why; `nil` where nobody said.
    let reason: String?

    /// Every one in which a check-in is the correction, or was corrected. None whose author is not known here.
    static func all(of view: RecordView, in replica: Replica) throws -> [CheckInCorrection] {
        let made = try replica.find(Query("check_in", where: [.equals("amends", .reference(view.id))]))
        return try ([view] + made).compactMap { try CheckInCorrection($0, in: replica) }
    }

    private init?(_ view: RecordView, in replica: Replica) throws {
        guard let old = view["amends"].reference,
            let change = try replica.siblings(view.id, of: "what").first?.change
        else { return nil }
        correction = view.id
        corrected = old
        by = change.author
        at = floorSeconds(change.effective?.microseconds ?? change.deviceMicroseconds)
        // A correction leaves a void mark with its reason, which somebody may have decided about since.
        let noted = try OpenConflicts.decisions(in: replica, about: [old]).first {
            $0.isPlainCorrection && $0.other == view.id
        }
        let void = try replica.view(old)?.values(of: "void") ?? []
        let marked = void.count == 3 && void[1].text == change.author ? void[2].text : nil
        reason = (noted?.reason ?? marked).flatMap { $0 == VoidedCorrections.reason ? nil : $0 }
    }

    /// `Corrected by AD01 today 09:31: I was there. The correction: porchlight checkin show 4be1a0c2`
    ///
    /// - Parameter shown: the one of the two that is on the page.
    func sentence(in shown: RecordID, _ time: LocalTime) -> String {
        let why = reason.map { ": \(TextWidth.cut($0, to: 200))" } ?? ""
        return shown == corrected
            ? "Corrected by \(by) \(time.ago(at))\(why). The correction: porchlight checkin show \(correction.short)"
            : "This correction was written by \(by) \(time.ago(at))\(why). What it corrects: porchlight checkin show "
                + corrected.short
    }

    /// For programs.
    var json: JSON {
        [
            "correction": .text(correction.text), "corrects": .text(corrected.text), "by": .text(by),
            "at": .moment(at * 1_000_000), "reason": .optional(reason),
        ]
    }
}

/// What is written beside a correction: that the old check-in is void; and where somebody else had recorded that, the decision
/// which tells them so.
struct CorrectionRecord {
    private let old: RecordID
    private let void: [RegisterWrite]
    private let decision: DecisionRecord?
    /// Who will have a notice, by staff code.
    let told: [String]

    init(of old: RecordView, reason: String, at desk: Desk) throws {
        self.old = old.id
        void = try Voiding.mark(reason, at: desk)
        let said = try Voiding.decision(void, of: old, correcting: true, at: desk)
        decision = said?.record
        told = said?.told ?? []
    }

    /// Writes it, in the edit that makes the correction.
    ///
    /// - Returns: the decision; `nil` of one's own.
    func write(to edit: Edit, made correction: RecordID) throws -> RecordID? {
        try edit.write(old, void)
        guard var decision else { return nil }
        decision.other = correction
        return try decision.write(to: edit, telling: told)
    }
}
