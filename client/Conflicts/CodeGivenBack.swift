import PeerSupport
import SyncModel
import SyncReplica

/// A code that a decision would give back to somebody while somebody else has it by now: then it would name neither.
extension Desk {
    /// Whoever else has a code that a participant does not have as things stand; `nil` where nobody has.
    func otherHolder(of values: [Value], in register: String?, than person: RecordID) throws -> RecordView? {
        let replica = try replica()
        guard register == "identity", let code = values.first?.text, let view = try replica.view(person),
            view.table.name == "participant", view["code"].text != code
        else { return nil }
        let people = try Merged(in: replica)
        return try replica.find(ParticipantCode.holders(of: code)).first { !people.areOne($0.id, person) }
    }

    /// Why a participant cannot have a code back; `nil` where they can.
    func objection(to values: [Value], in register: String?, of person: RecordID) throws -> SyncError? {
        guard let holder = try otherHolder(of: values, in: register, than: person) else { return nil }
        let code = values.first?.text ?? ""
        return SyncError(
            .badValue, "the code \(code) is that of \(Wording.name(of: holder)) by now",
            means: "nothing was decided, and both keep the codes that they have",
            advice: "if it is not theirs, give them another one first: porchlight participant renumber "
                + "\(holder.id.short) --reason \"…\"")
    }
}

extension ConflictText {
    /// What is beside a letter in the list that cannot be chosen as things stand; empty where it can.
    func objectionMark(_ side: ConflictSide) throws -> String {
        if let holder = try desk.otherHolder(of: side.values, in: conflict.register, than: subject) {
            return " (\(Wording.name(of: holder)) has it by now)"
        }
        // Of codes that was all there is to object to.
        let isPossible = try Deciding(desk: desk, text: self, reason: "").objection(to: side) == nil
        return isPossible ? "" : " (not as they are merged now)"
    }

    /// Why some values cannot be put there as things stand, whoever decides; `nil` where they can.
    func objection(to values: [Value]) throws -> SyncError? {
        try desk.objection(to: values, in: conflict.register, of: subject)
    }
}
