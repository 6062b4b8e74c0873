public import SyncModel

extension PeerSupportDomain {
    /// Of a decision its kind, its id and the reason; of a wish for another look the decision and the reason.
    ///
    /// The values before and after stand in the decision itself. Here they would stay for ever, also after one of them
    /// was redacted. The audit log commits to them all the same: its entry has the hash of the change that is the
    /// decision, and under that hash lie the values as salted seals. Nobody can exchange them unnoticed, nobody learns
    /// them from the seals, and one that is redacted leaves its seal and so the hash as it was.
    public func auditNote(of change: Change) -> String? {
        guard change.table == "decision", let table = schema.table("decision") else { return nil }
        func field(_ name: String) -> String? {
            guard let place = table.place(of: name),
                let values = change.writes.first(where: { $0.register == place.register.name })?.values,
                place.index < values.count
            else { return nil }
            return values[place.index].text
        }
        let id = change.record.text
        if let kind = field("kind") { return "\(kind) \(id): \(field("reason") ?? "")" }
        // Whoever writes another's wish once more does not wish it.
        guard field("contested_by") == change.author else { return nil }
        return field("contest_reason").map { "contest \(id): \($0)" }
    }
}
