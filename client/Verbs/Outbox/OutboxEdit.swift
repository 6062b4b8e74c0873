import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct OutboxEdit: Verb {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Enter anew, corrected, what the server did not take.",
        discussion: """
            It becomes a new entry with what you say with --set, and otherwise as it was; the refused one is withdrawn. \
            What was entered together is entered anew together. Every rule holds as for any entry: what your role may \
            not write is refused here too, and so is what was written on a record that has left this laptop; then nothing is \
            changed.

            An empty value clears a field, or, of what is new, leaves it out. Fields are named as `porchlight outbox show` names them, or as the tables do.

            Example: porchlight outbox edit 12 --set "phone=555 0134"
            """)

    @Argument(help: "Its number, as `porchlight outbox` lists it.")
    var number: Int64

    @Option(help: ArgumentHelp("What should stand there; once for each field.", valueName: "field=value"))
    var set: [String] = []

    @Option(help: "Why, for the audit log; without anybody's name.")
    var reason: String = ""

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if set.isEmpty { throw ValidationError("say at least one --set FIELD=VALUE") }
    }

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        if try replica.status().isSealed { throw OutboxVerbErrors.retired }
        let entry = try replica.outboxEntry(number)
        let shown = try replica.view(entry.record)
        let values = try FieldReading(desk, entry.table, of: entry.record).values(of: set) { field in
            [entry.value(of: field), shown?[field]].compactMap { $0 }
        }
        let correction: Correction
        do {
            correction = try replica.correct(number, reason: reason) { refused, shown in
                let writes = corrected(refused, values, shown)
                guard writes != refused.writes else { throw OutboxVerbErrors.unchanged }
                return writes
            }
        } catch let error as SyncError
            where error.code == .unknownRecord && replica.hasLeft(number)
        {
            throw OutboxVerbErrors.left(number)
        }
        let waiting = try replica.outbox()
        let made = waiting.filter { correction.receipt.changes.contains($0.dot) }
        desk.show([
            "entries": .list(made.map { ChangeTeller.json($0) }),
            "withdrawn": .list(correction.withdrawn.map { ChangeTeller.json($0) }),
        ]) { page in
            var teller = ChangeTeller(desk)
            for one in made {
                let said = (try? teller.summary(one.table, one.record, one.writes)) ?? one.record.short
                page.line("Entered anew, as no. \(one.number): \(said)", .good)
            }
            let numbers = correction.withdrawn.map(\.number)
            page.line("withdrawn: no. \(OutboxGroups.words(numbers))")
            if numbers.count > 1 {
                page.line("They were entered together or build upon each other, so they go together.")
            }
            page.line("`porchlight sync` sends it.", .faint)
        }
    }

    /// The refused writes with the values that were typed. Of a register that was not written, the rest is as it stands.
    private func corrected(
        _ refused: OutboxEntry, _ values: [String: Value], _ shown: RecordView?
    ) -> [RegisterWrite] {
        guard let table = PeerSupportSchema.schema.table(refused.table) else { return refused.writes }
        var writes = refused.writes.filter { $0.register == deletedRegister }
        for register in table.registers {
            let before = refused.writes.first { $0.register == register.name }?.values
            guard before != nil || register.fields.contains(where: { values[$0.name] != nil }) else {
                continue
            }
            let written = register.fields.enumerated().map { place, field -> Value in
                if let value = values[field.name] { return value }
                if let before { return place < before.count ? before[place] : .none }
                return shown?[field.name] ?? .none
            }
            // What is new has nothing there to clear; who may not write it may leave it out.
            let isNeeded = register.fields.contains { !$0.isOptional }
            if refused.creates, !isNeeded, written.allSatisfy(\.isNone) { continue }
            writes.append(RegisterWrite(register.name, written))
        }
        return writes.sorted { $0.register < $1.register }
    }
}

extension OutboxEntry {
    /// What the entry says of a field; `nil` if nothing.
    fileprivate func value(of field: String) -> Value? {
        guard let (register, index) = PeerSupportSchema.schema.table(table)?.place(of: field),
            let values = writes.first(where: { $0.register == register.name })?.values, index < values.count
        else { return nil }
        return values[index]
    }
}
