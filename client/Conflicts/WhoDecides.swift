import PeerSupport
import SyncModel
import SyncReplica

extension Desk {
    /// Whether the rules let whoever is at this desk decide something so. It is tried, and nothing is recorded.
    func isPermitted(_ body: (Edit) throws -> Void) throws -> Bool {
        do {
            try replica().rehearse { try $0.edit(resolving: true, body) }
        } catch let error as SyncError {
            // What is refused for another reason says what to do about it.
            return !error.advice.isEmpty
        }
        return true
    }
}

/// Who may decide a conflict, and for which side of it.
extension ConflictText {
    /// Who may decide what somebody else may not: of a referral also both its sides.
    func whoDecides() throws -> String {
        let me = try desk.enrolment().staff
        let view = conflict.view
        guard settlesReferral else {
            return Permissions.standard.settling(register: conflict.register ?? "redirect", of: view)
        }
        let sides =
            view.conflicts.contains("status")
            ? ["from_staff", "to_peer"].compactMap { view[$0].text }.filter { $0 != me } : []
        return (sides + ["a supervisor or an administrator"]).joined(separator: ", ")
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
