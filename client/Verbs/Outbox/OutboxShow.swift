import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct OutboxShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "Show one entry of the outbox: what was written, why it was refused, what stands there now.",
        discussion: """
            Example: porchlight outbox show 12
            """)

    @Argument(help: "Its number, as `porchlight outbox` lists it.")
    var number: Int64

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        if try replica.status().isSealed { throw OutboxVerbErrors.retired }
        let entry = try replica.outboxEntry(number)
        var isRefused = false
        if case .quarantined = entry.outcome { isRefused = true }
        let together = isRefused ? try replica.withdrawable(number) : []
        let standing = try replica.standing(beside: entry)
        let others = together.map(\.number).filter { $0 != number }
        let json = ChangeTeller.json(entry).adding("together", .list(others.map { .integer($0) }))
            .adding("standing", .object(standing.map { $0.json(in: entry.table) }))
        try desk.show(json) { page in
            var teller = ChangeTeller(desk)
            page.line(try teller.title(entry.table, entry.record), .strong)
            page.pairs([
                ("written", Page.Cell(desk.time.text(of: floorSeconds(entry.writtenMicroseconds)))),
                ("state", OutboxList.state(entry)),
            ])
            if let refusal = entry.refusal, !isRefused { page.line("not taken: \(refusal.reason)") }
            if let why = entry.withdrawal?.reason, !why.isEmpty { page.line("withdrawn because: \(why)") }
            page.line()
            page.table(
                ["", "written", "stands there now"],
                try standing.flatMap { try $0.rows(in: entry, desk.time) { try teller.label($0) } })
            if !others.isEmpty {
                page.line()
                page.line("Entered together with \(OutboxGroups.words(others)): they go together.")
            }
            if isRefused {
                page.line()
                let refused = RefusedEntry(entry, in: replica)
                if let obstacle = refused.obstacle { page.line(obstacle) }
                if refused.isCorrectable {
                    page.line(
                        "porchlight outbox edit \(number) --set FIELD=VALUE   enters it anew, corrected",
                        .faint)
                }
                if refused.isDroppable {
                    page.line("porchlight outbox discard \(number)                 withdraws it", .faint)
                }
            }
        }
    }
}

/// One register that a change writes, and what stands there without it.
struct StandingRegister {
    let write: RegisterWrite
    /// The values that stand there, the shown one first, with who wrote them.
    let values: [(author: String, values: [Value])]

    func json(in table: String) -> JSON.Member {
        JSON.Member(
            key: write.register,
            value: .list(
                values.map { value in
                    [
                        "author": .text(value.author),
                        "writes": JSON([RegisterWrite(write.register, value.values)], in: table),
                    ]
                }))
    }

    /// A line for every field: what was written, and what stands there.
    func rows(
        in entry: OutboxEntry, _ time: LocalTime, _ reference: (RecordID) throws -> String
    ) throws -> [[Page.Cell]] {
        let fields = PeerSupportSchema.schema.table(entry.table)?.register(write.register)?.fields ?? []
        return try write.values.enumerated().compactMap { place, written in
            let field = place < fields.count ? fields[place] : nil
            func text(_ value: Value) throws -> String {
                if write.register == deletedRegister { return value == .integer(1) ? "deleted" : "kept" }
                return value.isNone
                    ? "(nothing)" : try Wording.text(value, field?.kind, time, reference: reference)
            }
            let there = try values.map { value in
                let now = place < value.values.count ? value.values[place] : .none
                return "\(try text(now)) (\(value.author))"
            }
            guard
                !written.isNone || !values.allSatisfy({ place >= $0.values.count || $0.values[place].isNone })
            else { return nil }
            return [
                Page.Cell(field.map { Wording.field($0.name) } ?? Wording.field(write.register)),
                Page.Cell(try text(written)),
                Page.Cell(there.isEmpty ? "(nothing)" : there.joined(separator: "; ")),
            ]
        }
    }
}

extension Replica {
    /// What stands in the registers that an entry writes, without the entry itself.
    func standing(beside entry: OutboxEntry) throws -> [StandingRegister] {
        // The entry itself is shown over what is confirmed, and hides what it had read; so without it.
        let state = try stateWithout(entry.dot, of: entry.record)
        let table = PeerSupportSchema.schema.table(entry.table)
        return entry.writes.map { write in
            let rank = table?.register(write.register)?.rank ?? .none
            let siblings = state?.siblings(of: write.register, rank: rank) ?? []
            return StandingRegister(
                write: write, values: siblings.map { (author: $0.change.author, values: $0.values) })
        }
    }
}
