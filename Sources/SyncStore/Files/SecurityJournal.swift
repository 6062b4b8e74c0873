import Foundation

/// One security decision, as it is kept.
struct SecurityEntry: Codable, Hashable, Sendable {
    /// What was decided.
    enum Kind: String, Codable, Sendable {
        /// A laptop was given a token: `device`, `number`, `staff`, `token`, and the `code` that was used up.
        case enrolled
        /// A laptop was retired: `device`, `token`.
        case retired
        /// A staff member has a role: `staff`, `role`, `since`.
        case role
        /// A server began without knowing what was decided since its backup, or this file was not that server's: `number` and
        /// `token` are an entry of its audit log and the chain's hash there. Of a backup without that entry this file does
        /// not know what was decided since.
        case gap
    }

    var at: String
    var kind: Kind
    var staff: String?
    var device: String?
    var number: Int64?
    /// The token's hash, in hexadecimal. Codes are given out anew when there is no journal; tokens never are.
    var token: String?
    /// The enrolment code's hash, in hexadecimal.
    var code: String?
    var role: String?
    /// Since when, microseconds since 1970.
    var since: Int64?

    /// The same decision, whenever it was noted.
    var decision: SecurityEntry {
        var decision = self
        decision.at = ""
        decision.code = nil
        return decision
    }
}

/// The security decisions of a server, in a file that a restore does not overwrite: who was given a token, which
/// laptops were retired, and who held which role.
struct SecurityJournal: Sendable {
    private let journal: Journal<SecurityEntry>

    init(_ place: StorePlace) {
        let reached = place.reached
        journal = Journal(path: place.security) { try reached(.securityLine) }
    }

    /// All of them, oldest first.
    func entries() throws -> [SecurityEntry] { try journal.entries() }

    /// Whether it does not end with a whole line: it was cut, or the machine broke off while one was added.
    func isTorn() throws -> Bool { try journal.isTorn() }

    /// Adds those decisions that are not among others.
    func append(_ decisions: [SecurityEntry], unlessAmong noted: [SecurityEntry]) throws {
        let known = Set(noted.map(\.decision))
        try append(decisions.filter { !known.contains($0.decision) })
    }

    /// Adds decisions, and returns when they are on the disk.
    func append(_ entries: [SecurityEntry]) throws { try journal.append(entries) }
}

/// A role that a staff member was seen to hold since a time, microseconds.
struct NotedRole: Sendable {
    let staff: String
    let since: Int64
    let role: String

    func entry(_ now: Int64) -> SecurityEntry {
        SecurityEntry(at: journalTime(now), kind: .role, staff: staff, role: role, since: since)
    }
}
