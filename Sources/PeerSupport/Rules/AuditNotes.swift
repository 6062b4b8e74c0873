public import SyncModel

extension PeerSupportDomain {
    /// Of a decision its kind, its id and the reason; of a wish for another look the decision and the reason.
    ///
    /// The values before and after stand in the decision itself. Here they would stay for ever, also after one of them
    /// was redacted.
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
        return field("contest_reason").map { "contest \(id): \($0)" }
    }
}
