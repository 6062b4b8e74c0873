import PeerSupport
import SyncModel
import SyncReplica

extension ConflictText {
    /// The conflict for programs.
    func json() throws -> JSON {
        let view = conflict.view
        let pair = conflict.kind == .duplicate ? try PairText(self) : nil
        let credit = try base.map(credit)
        var teller = ChangeTeller(desk)
        return [
            "id": .text(id), "kind": .text(conflict.kind.rawValue), "record": .text(view.id.text),
            "table": .text(view.table.name), "participant": .optional(conflict.participant?.text),
            "other": .optional(other?.text), "register": .optional(conflict.register),
            "decision": .optional(conflict.decision?.id.text), "severity": .text(severity),
            "values": .list(try sides().map { try json($0, pair) }),
            "merges": try ring()?.json ?? .null,
            "title": .text(try title(&teller)), "means": .text(kind), "said": try saidJSON(),
            "ask": try isForNobodyHere() ? .text(whoDecides()) : .null,
            "beside": .optional(try voidedBeside()),
            "advice": .list(try clockLines().map { .text($0) }),
            "base_read": .text(baseRead.rawValue),
            "base": base.map { base in
                [
                    "author": .text(credit?.author ?? base.author), "decided_by": .optional(credit?.decider),
                    "effective": .moment(base.effective?.microseconds),
                    "writes": JSON([RegisterWrite(base.register, base.values)], in: view.table.name),
                ]
            } ?? .null,
        ]
    }

    private var severity: String {
        switch conflict.severity {
        case .newestWins: "newest_wins"
        case .ask: "ask"
        case .grave: "grave"
        }
    }

    private func json(_ side: ConflictSide, _ pair: PairText?) throws -> JSON {
        var teller = ChangeTeller(desk)
        let record = choosesCheckIns ? side.record : nil
        let writes =
            record.map(Self.writes)
            ?? conflict.register.flatMap { side.values.isEmpty ? nil : [RegisterWrite($0, side.values)] }
            ?? []
        return [
            "letter": .text(side.letter),
            "shown": .flag(side.state == "shown"), "state": .text(side.state),
            "author": .text(side.author), "decided_by": .optional(side.decider),
            "effective": .moment(side.effective),
            "estimated": .flag(side.change?.effective?.isEstimated ?? false),
            "written": .moment(side.change?.deviceMicroseconds),
            "corrected": .flag(side.change?.isCorrected ?? false),
            "device": .optional(device(side)),
            "received": .moment(received(side)),
            "record": .optional(side.record?.id.text),
            "writes": JSON(writes, in: conflict.view.table.name),
            "person": pair?.json(side.letter) ?? .null,
            "text": .text(try words(side, &teller)), "possible": .flag(try objection(to: side) == nil),
            "permitted": .flag(try isTheirs(side)),
        ]
    }
}
