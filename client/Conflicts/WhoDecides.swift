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
    /// Who may decide what somebody else may not: of a referral also both its sides, and of what its owner may write,
    /// the owner.
    func whoDecides() throws -> String {
        let me = try desk.enrolment().staff
        let view = conflict.view
        // Which correction stays is said by void marks.
        let register = conflict.kind == .amendments ? "void" : conflict.register
        let office = desk.whoSettles(register, of: view)
        var sides = register.flatMap { Permissions.standard.owner(settling: $0, of: view) }.map { [$0] } ?? []
        if settlesReferral, view.conflicts.contains("status") {
            sides = ["from_staff", "to_peer"].compactMap { view[$0].text }
        }
        return (sides.filter { $0 != me } + [office]).joined(separator: ", ")
    }

    /// Whether whoever is at this desk may decide for a side. Where a referral stands, whether a record is deleted,
    /// and what came late, is not everybody's to say in every way, and of what is written once or signed what is shown may
    /// be kept; it is tried, and nothing is recorded. Of anything else the permission table says it.
    func isTheirs(_ side: ConflictSide) throws -> Bool {
        let enrolment = try desk.enrolment()
        guard let role = Role(rawValue: enrolment.role) else { return false }
        if conflict.kind == .fork || conflict.register == nil && conflict.pair.count == 2 {
            return Permissions.standard.mayMerge(role)
        }
        func maySettle(_ register: String, of view: RecordView) -> Bool {
            Permissions.standard.maySettle(register, of: view, role: role, staff: enrolment.staff)
        }
        // Whichever stays, the others are void by it.
        if choosesCheckIns {
            return ([conflict.view] + conflict.sides.compactMap(\.record)).allSatisfy {
                maySettle("void", of: $0)
            }
        }
        guard let register = conflict.register else { return true }
        let isTried =
            settlesReferral || register == deletedRegister || conflict.kind == .late
            || Permissions.standard.isClosed(register, of: conflict.view)
        guard isTried else {
            return conflict.view.table.register(register) == nil || maySettle(register, of: conflict.view)
        }
        return try desk.isPermitted { try $0.write(subject, [RegisterWrite(register, side.values)]) }
    }

    /// The letters that whoever is at this desk may choose.
    func theirLetters() throws -> [String] { try sides().filter { try isTheirs($0) }.map(\.letter) }

    /// Whether there are letters, and whoever is at this desk may choose none of them.
    func isForNobodyHere() throws -> Bool { try !sides().isEmpty && theirLetters().isEmpty }

    /// What to do about the letters that are on offer and not for whoever is at this desk.
    func refused(on page: inout Page) throws {
        for side in try sides() {
            if try !isTheirs(side) {
                page.line("  \(side.letter)  is not yours to choose: ask \(try whoDecides())", .warning)
            } else if let objection = try objection(to: side) {
                page.line(
                    "  \(side.letter)  cannot be chosen: \(objection.what); \(objection.advice)", .warning)
            }
        }
    }

    /// Why a letter cannot be chosen as things stand, whoever chooses; `nil` where it can.
    func objection(to side: ConflictSide) throws -> SyncError? {
        try objection(to: side.values) ?? Deciding(desk: desk, text: self, reason: "").objection(to: side)
    }

    /// The letters that can be chosen as things stand.
    var possible: [String] {
        ((try? sides().filter { try objection(to: $0) == nil }) ?? []).map(\.letter)
    }
}
