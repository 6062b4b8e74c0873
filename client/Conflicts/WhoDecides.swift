import PeerSupport
import SyncModel
import SyncReplica

extension Desk {
    /// Whether the rules let whoever is at this desk decide something so. It is tried, and nothing is recorded. What is
    /// refused for another reason than the rules is not a matter of who.
    func isPermitted(_ body: (Edit) throws -> Void) throws -> Bool {
        var refusal: Refusal?
        do {
            try replica().rehearse { rehearsal in
                try rehearsal.edit(resolving: true) { edit in
                    defer { refusal = edit.refusal }
                    try body(edit)
                }
            }
        } catch is SyncError {}
        return refusal == nil
    }

    /// Who may decide about a register of a record, or whether two records are one person's, for the middle of a sentence.
    ///
    /// - Parameter register: `nil` for two records.
    func whoSettles(_ register: String?, of view: RecordView) -> String {
        // A step of a referral is its sides' own; what is none, the office writes.
        if view.table.name == "referral", register == "status" { return "a supervisor or an administrator" }
        return Permissions.standard.settling(register: register ?? "redirect", of: view)
    }
}

/// Who may decide a conflict, and for which side of it.
extension ConflictText {
    /// Who may decide what somebody else may not: of a referral also both its sides.
    func whoDecides() throws -> String {
        let me = try desk.enrolment().staff
        let view = conflict.view
        let office = desk.whoSettles(conflict.register, of: view)
        let sides =
            settlesReferral && view.conflicts.contains("status")
            ? ["from_staff", "to_peer"].compactMap { view[$0].text }.filter { $0 != me } : []
        return (sides + [office]).joined(separator: ", ")
    }

    /// Whether whoever is at this desk may decide for a side. Where a referral stands, whether a record is deleted,
    /// what a person's record says and whether two are one person's, is not everybody's to say; it is tried, and nothing is
    /// recorded.
    func isTheirs(_ side: ConflictSide) throws -> Bool {
        if conflict.register == nil, conflict.pair.count == 2 {
            return Role(rawValue: try desk.enrolment().role).map(Permissions.standard.mayMerge) ?? false
        }
        guard let register = conflict.register,
            settlesReferral || register == deletedRegister || conflict.kind == .late
        else { return true }
        return try desk.isPermitted { try $0.write(subject, [RegisterWrite(register, side.values)]) }
    }

    /// What to do about the letters that are on offer and not for whoever is at this desk.
    func refused(on page: inout Page) throws {
        for side in try sides() where try !isTheirs(side) {
            page.line("  \(side.letter)  is not yours to choose: ask \(try whoDecides())", .warning)
        }
    }
}
