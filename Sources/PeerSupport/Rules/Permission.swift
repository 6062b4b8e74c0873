public import SyncModel

/// One cell of the permission table.
public struct Permission: Hashable, Sendable {
    /// How far a right reaches.
    public enum Reach: Hashable, Sendable {
        /// Not at all.
        case none
        /// To records whose owner is the writer.
        case own
        /// To every record.
        case any
    }

    /// For a record that the change creates.
    public let create: Reach
    /// For a record that exists.
    public let edit: Reach

    /// No right at all.
    static let nothing = Permission(create: .none, edit: .none)

    init(create: Reach, edit: Reach) {
        self.create = create
        self.edit = edit
    }

    /// Reads a cell: `CE`, `c`, `cE`, `-`; `nil` for anything else.
    init?(cell: Substring) {
        var create = Reach.none
        var edit = Reach.none
        for letter in cell {
            switch letter {
            case "C": create = .any
            case "c": create = .own
            case "E": edit = .any
            case "e": edit = .own
            case "-": break
            default: return nil
            }
        }
        self.init(create: create, edit: edit)
    }
}

/// The permission table, read once.
public struct Permissions: Sendable {
    /// A register of a table.
    struct Key: Hashable {
        let table: String
        let register: String
    }

    private let rows: [Key: [Role: Permission]]

    /// The table as it stands in ``PermissionTable``.
    public static let standard = Permissions(text: PermissionTable.text)

    /// Reads a table. A line that cannot be read gives no rights, so a slip closes and never opens.
    init(text: String) {
        var rows: [Key: [Role: Permission]] = [:]
        for line in text.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: " ")
            guard cells.count == PermissionTable.roles.count + 2 else { continue }
            var row: [Role: Permission] = [:]
            for (role, cell) in zip(PermissionTable.roles, cells.dropFirst(2)) {
                row[role] = Permission(cell: cell) ?? .nothing
            }
            rows[Key(table: String(cells[0]), register: String(cells[1]))] = row
        }
        self.rows = rows
    }

    /// What a role may do with a register.
    public func of(_ role: Role, table: String, register: String) -> Permission {
        rows[Key(table: table, register: register)]?[role] ?? .nothing
    }

    /// Whether a role may say of two participants' records that they are one person's, or that they are not.
    public func mayMerge(_ role: Role) -> Bool {
        of(role, table: "participant", register: "redirect").edit == .any
    }

    /// The roles that may write a register whoever owns the record, in the order of the table's columns.
    func unbound(_ table: String, _ register: String, creating: Bool) -> [Role] {
        PermissionTable.roles.filter { role in
            let cell = of(role, table: table, register: register)
            return (creating ? cell.create : cell.edit) == .any
        }
    }

    /// Who may settle what stands against itself in a register of somebody else's record, for the middle of a sentence: a
    /// supervisor or an administrator. What is written once, and what is signed, only an administrator settles.
    public func settling(register: String, of view: RecordView) -> String {
        let roles = unbound(view.table.name, register, creating: false).filter { $0 != .sync }
        return isClosed(register, of: view) || roles.isEmpty
            ? Labels.either([.administrator]) : Labels.either(roles)
    }

    /// Who may settle what stands against itself in a register because the record is theirs, by staff code; `nil` where its
    /// owner may not, or has none.
    public func owner(settling register: String, of view: RecordView) -> String? {
        let mayOwn = PermissionTable.roles.contains { role in
            of(role, table: view.table.name, register: register).edit == .own
        }
        guard mayOwn, !isClosed(register, of: view) else { return nil }
        return PermissionTable.owners[view.table.name].flatMap { view[$0].text }
    }

    /// Whether somebody may settle what stands against itself in a register.
    public func maySettle(_ register: String, of view: RecordView, role: Role, staff: String) -> Bool {
        guard !isClosed(register, of: view) else { return role == .administrator }
        return switch of(role, table: view.table.name, register: register).edit {
        case .any: true
        case .own: owner(settling: register, of: view) == staff
        case .none: false
        }
    }

    /// Whether what a register says is written once, or signed. Then what is shown may be let stand by whoever may write it,
    /// and only an administrator puts something else there.
    public func isClosed(_ register: String, of view: RecordView) -> Bool {
        view.table.register(register)?.isFixed == true
            || !view["signed_at"].isNone && Draft.signed.contains(register)
    }

    /// Every register the table speaks of, as `table.register`, sorted.
    var named: [String] { rows.keys.map { "\($0.table).\($0.register)" }.sorted() }
}
