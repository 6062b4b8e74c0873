import PeerSupport
import Synchronization
import SyncModel

/// Peer support as one side of a run knows it: of the schema as it is or of the next one, and on a laptop
/// that somebody tampered with, without a rule.
struct SimulatedDomain: Domain {
    /// Whether everything may be written; a laptop's program asks it first, the server's word counts.
    final class Laxity: Sendable {
        private let isOn: Mutex<Bool>

        init(_ isOn: Bool = false) { self.isOn = Mutex(isOn) }

        var now: Bool { isOn.withLock { $0 } }

        func during<Result>(_ body: () throws -> Result) rethrows -> Result {
            isOn.withLock { $0 = true }
            defer { isOn.withLock { $0 = false } }
            return try body()
        }
    }

    /// Which schema it knows.
    enum Edition: Int, Sendable { case current, next }

    let edition: Edition
    var laxity = Laxity()
    /// A defect: peers receive a whole site.
    var isWide = false

    init(_ edition: Edition, _ laxity: Laxity = Laxity(), isWide: Bool = false) {
        self.edition = edition
        self.laxity = laxity
        self.isWide = isWide
    }

    /// A table and a register that are not published yet.
    static let planTable = Table(
        "care_plan",
        [
            Register("what", [Field("participant", .reference(table: "participant"))], isFixed: true),
            Register("text", [Field("text", .text(limit: 200))]),
        ])
    static let nextRegister = Register("pronouns", [Field("pronouns", .text(limit: 40), optional: true)])

    private static let next: Schema = {
        let known = PeerSupportDomain().schema
        return Schema(
            version: known.version + 1,
            tables: known.tables.map { table in
                table.name == "participant" ? Table(table.name, table.registers + [nextRegister]) : table
            } + [planTable])
    }()

    private var base: PeerSupportDomain { PeerSupportDomain() }

    var schema: Schema { edition == .next ? Self.next : base.schema }
    var roleField: (table: String, field: String) { base.roleField }

    func contributions(of record: RecordView) -> [ScopeContribution] {
        guard record.table.name == Self.planTable.name else { return base.contributions(of: record) }
        return record["participant"].reference.map { [.inherit(target: record.id, parent: $0)] } ?? []
    }

    func subscriptions(of actor: Actor, staff: RecordView?) -> [ScopeKey] {
        let keys = base.subscriptions(of: actor, staff: staff)
        return isWide && actor.role == "peer" ? (keys + [Scope.site("S1")]).sorted() : keys
    }

    /// What is new may be written by everybody; of the rest the rules are as ever.
    func refusal(of judged: JudgedChange, lookup: (RecordID) throws -> RecordView?) rethrows -> Refusal? {
        if laxity.now || judged.change.table == Self.planTable.name { return nil }
        var rest = judged.change
        rest.writes.removeAll { $0.register == Self.nextRegister.name }
        guard !rest.writes.isEmpty else { return nil }
        return try base.refusal(
            of: JudgedChange(change: rest, actor: judged.actor, before: judged.before), lookup: lookup)
    }
}
