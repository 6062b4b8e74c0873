/// One record as people are shown it: of every register what is shown, laid out by the schema.
public struct RecordView: Hashable, Sendable {
    /// The record.
    public let id: RecordID
    /// Its table.
    public let table: Table
    /// For each register of the table, in order, the values that are shown; `nil` where nobody wrote it.
    public let registers: [[Value]?]
    /// Whether it is deleted.
    public let deletion: RecordState.Deletion
    /// The registers in conflict or contested, sorted by name.
    public let conflicts: [String]
    /// Of each register that holds several values all of them, the first one first.
    public let standing: [String: [[Value]]]

    /// Shows a state.
    public init(id: RecordID, state: RecordState, table: Table) {
        self.id = id
        self.table = table
        registers = table.registers.map { state.shown(of: $0, in: table) }
        deletion = state.deletion
        conflicts = state.open(in: table)
        var standing: [String: [[Value]]] = [:]
        for name in conflicts {
            guard let register = table.register(name), state.isInConflict(name) else { continue }
            standing[name] = state.siblings(of: name, rank: register.rank).map(\.values)
        }
        self.standing = standing
    }

    /// A field's value as it is shown; `.none` where nobody wrote it or the table has no such field.
    public subscript(field: String) -> Value {
        for (index, register) in table.registers.enumerated() {
            guard let place = register.fields.firstIndex(where: { $0.name == field }) else {
                continue
            }
            guard let values = registers[index], place < values.count else { return .none }
            return values[place]
        }
        return .none
    }

    /// A register's values as they are shown.
    public func values(of register: String) -> [Value]? {
        table.registers.firstIndex { $0.name == register }.flatMap { registers[$0] }
    }
}
