import PeerSupport
import SyncModel
import SyncReplica

/// What the ids in a list stand for, each looked up once.
final class People {
    private let replica: Replica
    private var known: [RecordID: Participant?] = [:]
    private var doubles: Set<String>?
    private var merged: Merged?

    init(_ replica: Replica) { self.replica = replica }

    /// The participant, under the record they are shown by; `nil` for one who is not on this laptop.
    func participant(_ id: RecordID) throws -> Participant? {
        if let found = known[id] { return found }
        let merged = try merges()
        let found = try (replica.view(merged.root(of: id)) ?? replica.view(id)).flatMap { Participant($0) }
        known[id] = .some(found)
        return found
    }

    /// Which records are one person's.
    func merges() throws -> Merged {
        if let merged { return merged }
        let found = try Merged(in: replica)
        merged = found
        return found
    }

    /// `P0142 Ana Lopez`; whoever shares their code with another, with their id.
    func name(_ id: RecordID) throws -> String {
        guard let person = try participant(id) else { return "somebody not on this laptop" }
        return try isDouble(person.code) ? "\(person.label) (\(id.short))" : person.label
    }

    /// Whether several people on this laptop have this code.
    func isDouble(_ code: String) throws -> Bool {
        if let doubles { return doubles.contains(code) }
        let found = Set(try DoubleCodes(in: replica).codes)
        doubles = found
        return found.contains(code)
    }

    /// Their code, for programs.
    func code(_ id: RecordID) throws -> JSON { .optional(try participant(id)?.code) }

    /// A record about a participant, with the participant's code beside its id.
    func json(_ view: RecordView) throws -> JSON {
        guard let id = view["participant"].reference else { return JSON(view) }
        return JSON(view).adding("participant_code", try code(id))
    }
}

extension Participant {
    /// `P0142 Ana Lopez`.
    var label: String { "\(code) \(fullName)" }
}

extension Desk {
    /// The directory's record of whoever uses this laptop; `nil` before the first sync.
    func myself() throws -> RecordView? {
        try replica().view(NaturalKey.id(table: "staff", key: try enrolment().staff))
    }

    /// Whether this laptop's user has a role.
    func isRole(_ role: Role) throws -> Bool { try enrolment().role == role.rawValue }

    /// Whether it is a supervisor's or an administrator's: they may take back what anybody decided.
    var isOffice: Bool { get throws { try isRole(.administrator) || isRole(.supervisor) } }

    /// A staff code as it is spelt in the directory. Before the first sync there is no directory, and it is taken as
    /// typed.
    ///
    /// - Throws: ``SyncError`` `unknownRecord` for one that is not there: what is written under a misspelt code
    ///   reaches nobody.
    func staffCode(_ typed: String) throws -> String {
        let code = typed.trimmed
        if try code == enrolment().staff || replica().count(Query("staff")) == 0 { return code }
        return try named(code, in: "staff")["code"].text ?? code
    }

    /// The records that were made or changed here and that no server has yet.
    func waiting(in table: String) throws -> Set<RecordID> {
        Set(try replica().find(Query(table, where: [.waiting])).map(\.id))
    }

    /// How complete what this laptop shows is.
    func completeness() throws -> String {
        let status = try replica().status()
        let waits =
            status.waiting == 0
            ? "" : "; \(Wording.count(status.waiting, "entry waits", "entries wait")) here"
        guard let sync = status.lastSyncMicroseconds else {
            return "Complete to: only what was recorded on this laptop, never synced\(waits)."
        }
        return
            "Complete to: last sync \(time.ago(floorSeconds(sync)))\(waits). Other laptops may not have synced."
    }
}
