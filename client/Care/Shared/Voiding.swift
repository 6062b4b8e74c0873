import PeerSupport
import SyncModel
import SyncReplica

/// Says of a fact that it does not count, and why. Nothing is erased.
enum Voiding {
    /// A void mark by whoever uses this laptop, now.
    static func mark(_ reason: String, at desk: Desk) throws -> [RegisterWrite] {
        guard let reason = Value.typed(reason)?.text else {
            throw SyncError(
                .badValue, "the reason is empty", means: "nothing was recorded",
                advice: "say why it should not count: --reason \"recorded for the wrong person\"")
        }
        let values = VoidMark.values(at: desk.time.now, by: try desk.enrolment().staff, reason: reason)
        return [RegisterWrite("void", values)]
    }

    /// What somebody is told who voids what is void.
    static func already(_ what: String, show: String) -> SyncError {
        SyncError(.nothing, "this \(what) is void already", means: "nothing was changed", advice: show)
    }

    /// `VOID: recorded for the wrong person (PS07, today, Mon 2 Mar 2026, at 09:30)`; `nil` for what counts.
    static func sentence(_ view: RecordView, _ time: LocalTime) -> String? {
        guard let at = view["voided_at"].integer else { return nil }
        return "VOID: \(view["void_reason"].text ?? "") (\(view["voided_by"].text ?? ""), \(time.said(at)))"
    }
}
