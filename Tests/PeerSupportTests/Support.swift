import PeerSupport
import SyncModel

/// Builds records as shown, changes as judged, and a directory to look staff up in.
enum Make {
    static let domain = PeerSupportDomain()
    static let device = Identifier(high: 1, low: 1)

    static func id(_ n: Int) -> RecordID { Identifier(high: 0, low: UInt64(n)) }

    /// Writes for some fields of a table, each register whole.
    static func writes(_ table: Table, _ fields: [String: Value]) -> [RegisterWrite] {
        table.registers.filter { register in register.fields.contains { fields[$0.name] != nil } }
            .map { RegisterWrite($0.name, $0.fields.map { fields[$0.name] ?? .none }) }
            .sorted { $0.register < $1.register }
    }

    static func live(_ n: UInt64, _ writes: [RegisterWrite], read context: Context = Context()) -> LiveChange
    {
        LiveChange(
            dot: Dot(device, n), author: "AD01", writes: writes, context: context,
            effective: EffectiveTime(microseconds: Int64(n)), deviceMicroseconds: 0)
    }

    /// A record as shown. An unknown table gives an empty view of a table without registers.
    static func view(
        _ name: String, _ fields: [String: Value], id: RecordID = Make.id(9), deleted: Bool = false
    ) -> RecordView {
        let table = PeerSupportSchema.schema.table(name) ?? Table(name, [])
        var changes = [live(1, writes(table, fields))]
        if deleted {
            changes.append(
                live(2, [RegisterWrite(deletedRegister, [.integer(1)])], read: Context([.init(device, 1)])))
        }
        return RecordView(id: id, state: RecordState(table: name, live: changes), table: table)
    }

    /// A view in which one register is in conflict.
    static func conflicted(
        _ name: String, _ fields: [String: Value], other: [String: Value]
    ) -> RecordView {
        let table = PeerSupportSchema.schema.table(name) ?? Table(name, [])
        let second = LiveChange(
            dot: Dot(Identifier(high: 2, low: 2), 1), author: "AD01", writes: writes(table, other),
            context: Context(), effective: EffectiveTime(microseconds: 9), deviceMicroseconds: 0)
        let state = RecordState(table: name, live: [live(1, writes(table, fields)), second])
        return RecordView(id: id(9), state: state, table: table)
    }

    static func staff(_ code: String, _ role: Role, team: String? = nil, supervisor: String? = nil)
        -> RecordView
    {
        view(
            "staff",
            [
                "code": .text(code), "name": .text(code), "role": .text(role.rawValue),
                "team": team.map(Value.text) ?? .none, "supervisor": supervisor.map(Value.text) ?? .none,
            ], id: NaturalKey.id(table: "staff", key: code))
    }

    static func judge(
        _ table: String, _ writes: [RegisterWrite], by author: String, _ role: String,
        before: RecordView? = nil, directory: [RecordView] = [], context: Context = Context(),
        record: RecordID = Make.id(9)
    ) -> Refusal? {
        let change = Change(
            dot: Dot(device, 2), epoch: 1, author: author, table: table, record: record, writes: writes,
            context: context, clock: ClockReading(wallMicroseconds: 0, boot: id(0), bootMicroseconds: 0))
        return domain.refusal(
            of: JudgedChange(
                change: change, actor: Actor(staff: author, role: role, device: "LT1"), before: before)
        ) { wanted in directory.first { $0.id == wanted } }
    }

    static func judge(
        _ table: String, _ fields: [String: Value], by author: String, _ role: Role,
        before: RecordView? = nil, directory: [RecordView] = [], record: RecordID = Make.id(9)
    ) -> Refusal? {
        let layout = PeerSupportSchema.schema.table(table) ?? Table(table, [])
        return judge(
            table, writes(layout, fields), by: author, role.rawValue, before: before, directory: directory,
            record: record)
    }

    /// A value that fits a field, naming `owner` where staff is named.
    static func value(_ field: Field, owner: String) -> Value {
        switch field.kind {
        case .text: .text(owner)
        case .code(let words): .text(words.first ?? "")
        case .integer(let bounds): .integer(bounds.lowerBound)
        case .real(let bounds): .real(bounds.lowerBound)
        case .flag: .integer(0)
        case .date: .integer(20_000)
        case .instant: .integer(1_700_000_000)
        case .reference: .reference(id(1))
        }
    }
}

/// The same numbers on every run.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 33
    }
}
