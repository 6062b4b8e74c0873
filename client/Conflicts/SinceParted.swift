import PeerSupport
import SyncModel
import SyncReplica

/// What was written on a record by people who did not know that another one, which had been merged into it, stands for
/// itself again: whose it is they alone can say.
struct SinceParted {
    /// The record that it was written on.
    let kept: RecordView
    /// The other one.
    let old: RecordID
    /// The changes, the oldest first.
    let written: [LiveChange]

    /// Of all merges that somebody took back.
    ///
    /// - Parameters:
    ///   - staff: who took them back: they are told.
    ///   - chains: every decision that is here.
    static func all(by staff: String, in replica: Replica, _ chains: DecisionChains) throws -> [SinceParted] {
        var seen: Set<RecordID> = []
        let ends = chains.all.reversed().filter { decision in
            decision.by == staff && decision.saysOne == false && !chains.isClosed(decision)
        }
        return try ends.flatMap(chains.merges(endedBy:)).compactMap { merge in
            guard let into = merge.other, let kept = try replica.view(into),
                let state = try replica.state(into), seen.insert(into).inserted
            else { return nil }
            let written = Self.unread(state, since: merge.at * 1_000_000)
            return written.isEmpty ? nil : SinceParted(kept: kept, old: merge.subject, written: written)
        }
    }

    /// Changes of a record that have not read the mark of its parting, and that the mark has not read.
    private static func unread(_ state: RecordState, since merged: Int64) -> [LiveChange] {
        let marks = state.siblings(of: "redirect").filter { $0.values.allSatisfy(\.isNone) }.map(\.change)
        guard !marks.isEmpty else { return [] }
        return state.live.filter { change in
            (change.effective?.microseconds ?? .max) >= merged
                && !marks.contains { $0.dot == change.dot || $0.covers(change) || change.covers($0) }
        }
        .sorted {
            ($0.effective?.microseconds ?? .max, $0.dot) < ($1.effective?.microseconds ?? .max, $1.dot)
        }
    }

    /// Who wrote what, when, and how it is put right.
    func write(to page: inout Page, _ teller: inout ChangeTeller, _ time: LocalTime) throws {
        page.line(
            "\(try teller.title(kept.table.name, kept.id)): written by somebody who did not know that "
                + "\(try teller.known(old)) is another person.", .strong)
        for change in written {
            let at = change.effective?.microseconds ?? change.deviceMicroseconds
            page.line(
                "  \(change.author) \(time.ago(floorSeconds(at))): "
                    + (try teller.contents(kept.table.name, change.writes)))
        }
        page.line(
            "  Ask them whose it is. To put it right: porchlight participant edit \(kept.id.short), "
                + "and the other by its own id, \(old.short). Then: porchlight notices --seen")
    }

    /// For programs.
    var json: JSON {
        [
            "record": .text(kept.id.text), "other": .text(old.text),
            "written": .list(
                written.map { change in
                    [
                        "author": .text(change.author),
                        "at": .moment(change.effective?.microseconds ?? change.deviceMicroseconds),
                        "writes": JSON(change.writes, in: kept.table.name),
                    ]
                }),
        ]
    }
}
