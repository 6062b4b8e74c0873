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

    /// What is decided by voiding an entry that somebody else recorded, and whom it tells; `nil` of one's own. It is a
    /// decision like any other: it is in the register, whoever recorded the entry can ask for another look, and it can be taken
    /// back.
    ///
    /// - Parameters:
    ///   - others: who recorded what is void with it.
    ///   - correcting: whether another entry takes its place. That one has no id yet: it is the other record of the decision.
    static func decision(
        _ mark: [RegisterWrite], of view: RecordView, with others: [String] = [], correcting: Bool = false,
        at desk: Desk
    ) throws -> (record: DecisionRecord, told: [String])? {
        guard let void = mark.first?.values, void.count == 3, let reason = void[2].text,
            let state = try desk.replica().state(view.id)
        else { return nil }
        let me = try desk.enrolment().staff
        let told = Set(try authors(of: view, in: desk.replica()) + others).subtracting([me, ""]).sorted()
        guard !told.isEmpty, try mayDecide(desk) else { return nil }
        let writer = try desk.replica().lastWriter(of: view.id) ?? ""
        let written = state.lastWriting.map { $0.effective?.microseconds ?? $0.deviceMicroseconds }
        let counts = DecidedValue(
            author: writer, effective: correcting ? written : nil, values: void.map { _ in Value.none })
        let record = DecisionRecord(
            kind: .resolve, subject: view.id, register: "void", by: me, at: desk.time.now, reason: reason,
            before: DecidedValue.text([counts]),
            after: DecidedValue.text([DecidedValue(author: me, effective: nil, values: void)]))
        return (record, told)
    }

    /// Who recorded an entry: everybody who wrote what stands in it, and whose it is. Staff codes, each as often as it occurs.
    static func authors(of view: RecordView, in replica: Replica) throws -> [String] {
        let written = try replica.state(view.id)?.live.map(\.author) ?? []
        return written + ["peer", "seen_by"].compactMap { view[$0].text }
    }

    /// Whether whoever uses this laptop may decide anything. A referrer may not, and voids what is theirs all the same.
    private static func mayDecide(_ desk: Desk) throws -> Bool {
        guard let role = Role(rawValue: try desk.enrolment().role) else { return false }
        return Permissions.standard.of(role, table: "decision", register: "what").create != .none
    }

    /// Refuses to void one of several entries about a visit of which is asked which one stays: another would count from then
    /// on without anybody having said so.
    static func refuseIfAsked(_ view: RecordView, in replica: Replica) throws {
        let open = try OpenConflicts.corrected(in: replica, OpenConflicts.chains(in: replica))
        let asked = open.first { conflict in
            conflict.kind == .amendments && conflict.sides.contains { $0.record?.id == view.id }
        }
        guard let asked else { return }
        throw SyncError(
            .inConflict, "which of several entries about this visit stays is not decided yet",
            means: "nothing was recorded, and all of them are kept",
            advice:
                "say which one stays, and the others are void: porchlight conflicts show \(asked.name); if the visit "
                + "should not count at all, void that one then")
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
