import SyncModel

extension Round {
    func subscriptions(_ working: WorkingSet) throws -> [ScopeKey] {
        try working.subscriptions(of: speaker, domain)
    }

    /// Notes what the device receives.
    ///
    /// - Returns: whether it receives more than it ever did.
    func note(_ names: [ScopeKey], _ everHeld: Set<KeyNumber>) throws -> Bool {
        var hasGrown = false
        for name in names {
            let key = try number(name)
            guard !everHeld.contains(key) else { continue }
            guard mayWrite else { throw NeedsWriting() }
            try transaction.noteKey(key, heldBy: speaker.number)
            hasGrown = true
        }
        return hasGrown
    }

    func number(_ name: ScopeKey) throws -> KeyNumber {
        if let known = try transaction.knownKey(name) { return known }
        guard mayWrite else { throw NeedsWriting() }
        return try transaction.key(name)
    }
}

extension WorkingSet {
    /// Every key that a device receives now, by its owner's role and place, sorted.
    func subscriptions(of speaker: Speaker, _ domain: any Domain) throws -> [ScopeKey] {
        try subscriptions(of: speaker, as: transaction.role(of: speaker.staff, at: .max) ?? "", domain)
    }

    /// Every key that it would receive in a role, sorted.
    func subscriptions(of speaker: Speaker, as role: String, _ domain: any Domain) throws -> [ScopeKey] {
        let actor = Actor(staff: speaker.staff, role: role, device: speaker.code)
        let staff = try view(NaturalKey.id(table: domain.roleField.table, key: speaker.staff))
        return Set(domain.subscriptions(of: actor, staff: staff) + ["device:\(speaker.code)"]).sorted()
    }
}
