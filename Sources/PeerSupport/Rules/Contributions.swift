public import SyncModel

extension PeerSupportDomain {
    /// What a record adds to its own scope and that of others.
    ///
    /// A deleted record still says where it lies itself, so that its deletion reaches those who hold it; it
    /// no longer says anything of others.
    public func contributions(of record: RecordView) -> [ScopeContribution] {
        let own = location(of: record)
        return record.deletion == .deleted ? own : own + effects(of: record)
    }

    /// Where the record itself lies.
    private func location(of record: RecordView) -> [ScopeContribution] {
        switch record.table.name {
        case "site", "team", "staff":
            return [.key(target: record.id, key: Scope.directory)]
        case "participant":
            // A record that was merged into another goes where that one goes, with all that follows it: whoever
            // works with the person is to see both histories.
            let leading = record["merged_into"].reference.map {
                [ScopeContribution.inherit(target: record.id, parent: $0)]
            }
            return keys(record, ["site": Scope.site, "team": Scope.team]) + (leading ?? [])
        case "assignment", "enrollment", "check_in", "attendance":
            return inherited(record)
        case "escalation":
            // Whoever is told must hear of it, whichever team the participant is in. Whoever raised it is answerable for
            // it until it is taken up or voided: they go on seeing that it is open, though not whom it is about, when
            // the participant was handed over meanwhile. What is answered then is no longer theirs to read.
            let isOpen = record["acknowledged_at"].isNone && record["voided_at"].isNone
            let raiser: [String: (String) -> ScopeKey] = isOpen ? ["seen_by": Scope.person] : [:]
            return inherited(record) + keys(record, ["told_whom": Scope.person]) + keys(record, raiser)
        case "session":
            return keys(record, ["site": Scope.site, "peer": Scope.caseload])
        case "referral":
            return inherited(record) + keys(record, ["to_team": Scope.team, "to_peer": Scope.caseload])
        case "consult":
            // Asking about somebody outside one's caseload is what a consult is for, so both ends hold it.
            return inherited(record) + keys(record, ["from_team": Scope.team, "peer": Scope.caseload])
        case "supervision":
            return keys(record, ["site": Scope.site, "peer": Scope.caseload])
        case "decision":
            return record["subject"].reference.map { [.inherit(target: record.id, parent: $0)] } ?? []
        case "notice":
            return keys(record, ["to_staff": Scope.person])
        default:
            return []
        }
    }

    /// What the record means for the scope of others.
    private func effects(of record: RecordView) -> [ScopeContribution] {
        switch record.table.name {
        case "assignment":
            guard record["to_date"].isNone, let participant = record["participant"].reference,
                let peer = record["peer"].text, !peer.isEmpty
            else { return [] }
            return [.key(target: participant, key: Scope.caseload(peer))]
        case "attendance":
            guard let session = record["session"].reference,
                let participant = record["participant"].reference
            else { return [] }
            return [.inherit(target: session, parent: participant)]
        case "escalation":
            return toldMaySee(record)
        case "referral":
            return recipientMaySee(record)
        default:
            return []
        }
    }

    /// Whoever is asked to take somebody on must see whom. From the moment a referral is sent until it ends,
    /// the peer it names holds the participant; one that names only a team is seen by the team's own.
    private func recipientMaySee(_ referral: RecordView) -> [ScopeContribution] {
        guard let participant = referral["participant"].reference,
            let peer = referral["to_peer"].text, !peer.isEmpty,
            let state = referral["status"].text.flatMap(ReferralState.init(rawValue:)), state != .new,
            !state.isFinal
        else { return [] }
        return [.key(target: participant, key: Scope.caseload(peer))]
    }

    /// Whoever is told something must see of whom, until somebody has taken it up or it was voided.
    private func toldMaySee(_ escalation: RecordView) -> [ScopeContribution] {
        guard escalation["acknowledged_at"].isNone, escalation["voided_at"].isNone,
            let whom = escalation["told_whom"].text, !whom.isEmpty,
            let participant = escalation["participant"].reference
        else { return [] }
        return [.key(target: participant, key: Scope.person(whom))]
    }

    private func inherited(_ record: RecordView) -> [ScopeContribution] {
        record["participant"].reference.map { [.inherit(target: record.id, parent: $0)] } ?? []
    }

    /// The keys that a record's own fields name, in the order of the keys.
    private func keys(
        _ record: RecordView, _ fields: [String: (String) -> ScopeKey]
    ) -> [ScopeContribution] {
        fields.compactMap { field, key in
            record[field].text.flatMap { $0.isEmpty ? nil : key($0) }
        }
        .sorted()
        .map { .key(target: record.id, key: $0) }
    }
}
