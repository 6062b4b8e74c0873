import SyncModel
import SyncReplica

/// How an entry that was sent is set right: by the verb for what it is.
enum UndoAdvice {
    /// What to try; `nil` where there is no verb for it, or nothing is known of it here.
    static func sentence(_ replica: Replica) throws -> String? {
        guard let last = try replica.lastWritten(), let view = try replica.view(last.record) else {
            return nil
        }
        let id = view.id.short
        let code = try participant(of: view, replica)
        let isVoid = !view["voided_at"].isNone
        switch view.table.name {
        case "check_in" where !isVoid:
            return "`porchlight checkin add … --amends \(id)` corrects it; `porchlight checkin void \(id) "
                + "--reason \"…\"` says that it does not count"
        case "session" where !isVoid:
            return
                "`porchlight session void \(id) --reason \"…\"` says that it does not count, then record it anew; "
                + "`porchlight session attendance \(id) WHO --status …` corrects one person's attendance"
        case "attendance":
            guard let session = view["session"].reference?.short else { return nil }
            return "`porchlight session attendance \(session) \(code) --status …` corrects it"
        case "escalation" where !isVoid:
            return "`porchlight escalation void \(id) --reason \"…\"` says that it does not count"
        case "referral":
            return
                "`porchlight referral withdraw \(id)` asks to take it back; `porchlight referral show \(id)` "
                + "says which steps are possible"
        case "participant": return "`porchlight participant edit \(code)` writes it anew"
        case "enrollment":
            return
                "`porchlight enrollment phase \(code)` or `porchlight enrollment end \(code)` writes it anew"
        case "assignment": return "`porchlight assign \(code)` hands them over again"
        case "staff": return "`porchlight staff edit \(view["code"].text ?? id)` writes it anew"
        default: return isVoid ? "what is void stays so; enter it anew if it happened all the same" : nil
        }
    }

    /// How the participant is named on the command line.
    private static func participant(of view: RecordView, _ replica: Replica) throws -> String {
        guard view.table.name != "participant" else { return view.id.short }
        guard let id = view["participant"].reference else { return "" }
        return try replica.view(id)?["code"].text ?? id.short
    }
}
