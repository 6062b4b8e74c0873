import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

/// `porchlight staff …`
struct StaffVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "The directory of staff; administrators write it.",
        subcommands: [StaffAdd.self, StaffEdit.self, StaffList.self])
}

/// `porchlight site …`
struct SiteVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "The directory of sites; administrators write it.",
        subcommands: [SiteAdd.self, SiteList.self])
}

/// `porchlight team …`
struct TeamVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team", abstract: "The directory of teams; administrators write it.",
        subcommands: [TeamAdd.self, TeamList.self])
}

/// What the entries of the directory have in common: they are named by a code, everywhere and for good.
struct DirectoryEntry {
    let table: String
    let code: String

    /// A new entry.
    ///
    /// - Throws: ``SyncError`` `badValue` when the code is none, or taken.
    init(_ typed: String, new table: String, in replica: Replica) throws {
        self.table = table
        code = typed.trimmed
        let isFit = code.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                || byte == 95
        }
        guard isFit, !code.isEmpty else {
            throw SyncError(
                .badValue, "a code has letters, digits and hyphens only", means: "nothing was recorded",
                advice: "something like PS07, S1 or ACT1")
        }
        guard try replica.view(id) == nil else {
            throw SyncError(
                .badValue, "there is a \(Wording.table(table)) with the code \(code) already",
                means: "nothing was recorded", advice: "choose another code")
        }
    }

    var id: RecordID { NaturalKey.id(table: table, key: code) }

    /// Records it and reads it back.
    func add(_ writes: Writes, at desk: Desk) throws {
        let replica = try desk.replica()
        try replica.edit { edit in try edit.create(table, id: id, writes.registers) }
        guard let view = try replica.view(id) else { return }
        try Self.show("Added", view, at: desk)
    }

    /// Reads an entry back.
    static func show(_ what: String, _ view: RecordView, at desk: Desk) throws {
        let registers = view.table.registers.compactMap { register in
            view.values(of: register.name).map { RegisterWrite(register.name, $0) }
        }
        let time = desk.time
        try desk.show(JSON(view)) { page in
            page.line("\(what): \(Wording.table(view.table.name)) \(Wording.label(of: view))", .good)
            let fields = try Wording.fields(registers, in: view.table.name, time)
            page.pairs(fields.map { ($0.label, Page.Cell($0.text)) })
        }
    }

    /// Lists a table of the directory by its codes.
    static func list(_ table: String, as plural: String, _ columns: [String], at desk: Desk) throws {
        let found = try desk.replica().find(Query(table, order: [Query.Order("code")]))
        let time = desk.time
        try desk.show(.object([JSON.Member(key: plural, value: .list(found.map { JSON($0) }))])) { page in
            guard !found.isEmpty else {
                page.line("None on this laptop yet; a sync brings them.")
                return
            }
            page.table(
                columns.map { Wording.field($0) },
                try found.map { view in
                    try columns.map { column in
                        let kind = view.table.place(of: column).map { $0.register.fields[$0.index].kind }
                        return Page.Cell(try Wording.text(view[column], kind, time))
                    }
                })
        }
    }
}
