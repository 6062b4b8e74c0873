import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Resolve: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Decide a clash: choose which of the values stays.",
        discussion: """
            `porchlight conflicts` shows every clash with its record, the field in which they clash and a letter for each value. What was \
            written in the meantime is not closed by it: that becomes a clash again.

            Where one person deleted a record and another went on with it, A keeps it deleted and B keeps the record.

            Example: porchlight resolve P0142 contact --keep A
            """)

    @Argument(help: "The record: a participant's code or name, or the id that `conflicts` shows.") var record:
        String
    @Argument(help: "The field in which the values clash, as `conflicts` names it.") var register: String
    @Option(help: "The letter of the value that stays.") var keep: String
    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let view = try desk.anyRecord(record)
        // Taken before anybody is asked: what arrives while they think is not closed by their answer.
        guard let token = try replica.token(for: view.id) else { throw noClash(view) }
        let name = register.replacing(" ", with: "_")
        guard view.conflicts.contains(name) else { throw noClash(view) }
        let siblings = try replica.siblings(view.id, of: name)
        let values = try chosen(name, siblings)
        var teller = ChangeTeller(desk)
        let words =
            name == deletedRegister
            ? (values == [.integer(1)] ? "keep it deleted" : "keep the record")
            : "keep \(try teller.contents(view.table.name, [RegisterWrite(name, values)]))"
        let title = try teller.title(view.table.name, view.id)
        if desk.screen.isInteractive, !common.json {
            try desk.confirm(
                "\(title): \(words)?", yes: confirm.yes,
                doubt: SyncError(.nothing, "nothing was decided", means: "both values are kept"))
        }
        try replica.edit(token: token, resolving: true) { edit in
            try edit.write(view.id, [RegisterWrite(name, values)])
        }
        // A field may stand for several that belong together: what goes is said as a whole too.
        let replaced = name == deletedRegister ? [] : siblings.filter { $0.values != values }
        try desk.show([
            "record": .text(view.id.text), "register": .text(name),
            "writes": JSON([RegisterWrite(name, values)], in: view.table.name),
            "replaced": .list(
                replaced.map {
                    [
                        "author": .text($0.change.author),
                        "writes": JSON([RegisterWrite(name, $0.values)], in: view.table.name),
                    ]
                }),
        ]) { page in
            page.line("decided: \(title): \(words)")
            for sibling in replaced {
                let contents = try teller.contents(view.table.name, [RegisterWrite(name, sibling.values)])
                page.line("not kept: \(contents) (\(sibling.change.author)); `history` still has it", .faint)
            }
        }
    }

    /// The values that the letter stands for, in the order in which `conflicts` lists them.
    private func chosen(_ name: String, _ siblings: [Sibling]) throws -> [Value] {
        let place = keep.uppercased().unicodeScalars.first.map { Int($0.value) - 65 } ?? -1
        if name == deletedRegister, keep.unicodeScalars.count == 1, place == 0 || place == 1 {
            return [.integer(place == 0 ? 1 : 0)]
        }
        guard keep.unicodeScalars.count == 1, siblings.indices.contains(place) else {
            throw SyncError(
                .badValue, "there is no value \(TextWidth.cut(keep, to: 20)) in this clash",
                means: "nothing was decided, and all values are kept",
                advice: "`porchlight conflicts` shows the values with their letters")
        }
        return siblings[place].values
    }

    private func noClash(_ view: RecordView) -> SyncError {
        SyncError(
            .nothing, "\(TextWidth.cut(register, to: 40)) holds no clash in this record",
            means: view.conflicts.isEmpty
                ? "nothing in this record clashes"
                : "clashes are in: \(view.conflicts.joined(separator: ", "))",
            advice: "`porchlight conflicts` lists every clash")
    }
}
