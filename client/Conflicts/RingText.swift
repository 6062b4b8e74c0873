import PeerSupport
import SyncModel
import SyncReplica

/// Participants who were merged in a circle: who led whom to whom, and the way out at each of the places.
struct RingText {
    /// One of the merges.
    struct Merge {
        let old: RecordView
        let into: RecordView
        let by: String?
        /// Seconds since 1970.
        let at: Int64?
        let reason: String?
    }

    /// From the record under which the person is shown, once round.
    let merges: [Merge]

    init(from root: RecordView, in replica: Replica) throws {
        var found: [Merge] = []
        var current = root
        repeat {
            guard let next = try current["merged_into"].reference.flatMap({ try replica.view($0) }) else {
                break
            }
            let decision = try OpenConflicts.decisions(in: replica, about: [current.id]).last {
                $0.kind == .merge && $0.other == next.id
            }
            found.append(
                Merge(
                    old: current, into: next, by: current["merged_by"].text,
                    at: current["merged_at"].integer, reason: decision?.reason))
            current = next
        } while current.id != root.id && !found.contains { $0.old.id == current.id }
        merges = found
    }

    /// The names of all of them.
    var names: String { merges.map { Wording.label(of: $0.old) }.joined(separator: ", ") }

    /// Each merge, and the one command that takes it back.
    func write(to page: inout Page, _ time: LocalTime) {
        for merge in merges {
            let name = Wording.label(of: merge.old)
            let how = [merge.by.map { " by \($0)" }, merge.at.map { " \(time.ago($0))" }].compactMap { $0 }
            page.line(
                "  \(name) was merged into \(Wording.label(of: merge.into))\(how.joined())"
                    + (merge.reason.map { ": \($0)" } ?? ""))
            page.line(
                "    take that back: porchlight participant unmerge \(merge.old.id.short) --reason \"…\"",
                .faint)
            page.line("    then the others lead to \(name), under which the person is shown", .faint)
        }
        page.line("  If they are several people, take back each merge that is wrong.", .faint)
    }

    /// For programs.
    var json: JSON {
        .list(
            merges.map { merge in
                [
                    "old": .text(merge.old.id.text), "into": .text(merge.into.id.text),
                    "by": .optional(merge.by), "at": .moment(merge.at.map { $0 * 1_000_000 }),
                    "reason": .optional(merge.reason),
                ]
            })
    }
}
