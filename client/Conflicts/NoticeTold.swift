import PeerSupport
import SyncModel
import SyncReplica

extension NoticeList.Told {
    /// In plain words, with the one command to contest what stands; none where that is asked already.
    func write(to page: inout Page, _ teller: inout ChangeTeller, _ time: LocalTime) throws {
        guard let table else { return gone(on: &page, time) }
        guard let decision else { return parted(on: &page, try teller.title(table, notice.subject), time) }
        var title = try title(table, &teller)
        let what = what(decision, table)
        // What is decided of a record that was merged names the field itself.
        if let register = decision.register, !ConflictFinder.isClockTopic(register),
            register != deletedRegister, !what.contains("whose record"), !isOfAnother(decision),
            !decision.isPlainCorrection
        {
            title += ": \(Wording.field(register))"
        }
        page.line("\(title): \(what)", .strong)
        page.line("  \(decision.by) \(time.ago(decision.at)): \(decision.reason)")
        if let counting = entryThatCounts(decision, table) {
            let label = try decision.isPlainCorrection ? teller.checkIn(counting) : teller.label(counting)
            page.line("  The entry that counts: \(label)")
        } else if let other {
            page.line(
                other.isHere
                    ? "  The other record: \(try teller.label(other.id))"
                    : "  The other record is not on this laptop\(decision.kind == .unmerge ? " any more" : "")."
            )
        }
        let said = try said(&teller)
        if let decided = said.decided { page.line("  Decided: \(decided)") }
        if let shown = said.shown { page.line("  Shown now: \(shown)") }
        if let asking {
            page.line("  It is being asked again: porchlight conflicts show \(asking.name)")
        } else {
            if let newer {
                page.line(
                    "  \(newer.by) \(how.words) \(time.ago(newer.at)): \(newer.reason)")
            }
            if let way { page.line("  \(way)") }
        }
    }

    /// What was decided, and what is shown now where somebody has written or decided since; `nil` of what is not about a value,
    /// and of a record that is not here.
    func said(_ teller: inout ChangeTeller) throws -> (decided: String?, shown: String?) {
        guard let table, let decision, let register = decision.register, !decision.isPlainCorrection,
            let after = decision.valuesAfter.first?.values
        else { return (nil, nil) }
        let decided = try teller.contents(table, [RegisterWrite(register, after)])
        guard let now, now != after else { return (decided, nil) }
        return (decided, try teller.contents(table, [RegisterWrite(register, now)]))
    }

    /// What the record is called; of an attendance also whose it is, and at which session.
    func title(_ table: String, _ teller: inout ChangeTeller) throws -> String {
        let title = try teller.title(table, notice.subject)
        guard table == "attendance", let row = try teller.view(notice.subject).flatMap({ Attendance($0) })
        else { return title }
        return try "\(title) of \(teller.known(row.participant)), session "
            + "\(row.number.map { "\($0) " } ?? "")on \(row.date.text)"
    }

    /// The record has left this laptop: that something was decided, and nobody's words.
    private func gone(on page: inout Page, _ time: LocalTime) {
        let isWhose = notice.register == "redirect"
        page.line(
            "\(isWhose ? "Whether two records are one person's" : "Something you wrote, or were told of,") was decided "
                + "\(time.ago(notice.at)).", .strong)
        page.line(
            "  The record\(isWhose ? " that you worked with" : "") is not on this laptop any more. "
                + "\(whomToAsk)")
    }

    /// The short id is all that an administrator needs to find the decision.
    private var whomToAsk: String { "Ask your administrator about decision \(notice.decision.short)." }

    /// The record is here and the decision is not: it lies with the other of two records, which is not here.
    private func parted(on page: inout Page, _ title: String, _ time: LocalTime) {
        let when = time.ago(notice.at)
        guard notice.register == "redirect" else {
            page.line("\(title): something was decided \(when).", .strong)
            page.line("  The decision is not on this laptop. \(whomToAsk)")
            return
        }
        page.line("\(title): whether another record is the same person's was decided \(when).", .strong)
        page.line(
            isOne
                ? "  The other record is not on this laptop. \(whomToAsk)"
                : "  They do not count as one person's here: the other record is not on this laptop, or not any more. "
                    + "Whether more is to be decided about it is not known here. \(whomToAsk)")
    }

    func json(_ desk: Desk) throws -> JSON {
        var teller = ChangeTeller(desk)
        func words(_ values: [Value]?) throws -> String? {
            guard let table, let register = decision?.register, let values else { return nil }
            return try teller.contents(table, [RegisterWrite(register, values)])
        }
        let after = decision?.valuesAfter.first?.values
        let said = table.flatMap { table in decision.map { what($0, table) } }
        return [
            "notice": .text(notice.id.text), "decision": .text(notice.decision.text),
            "record": .text(notice.subject.text), "at": .moment(notice.at * 1_000_000),
            "seen": .flag(notice.seenAt != nil), "here": .flag(table != nil),
            "decided_by": .optional(decision?.by), "reason": .optional(decision?.reason),
            "register": .optional(notice.register), "asked_again": .optional(asking?.name),
            "decided_anew": .optional(newer?.id.text), "table": .optional(table),
            "other": .optional(other?.id.text), "text": .optional(said),
            "decided": .optional(try words(after)),
            "shown": .optional(try words(now)), "since": .optional(newer.map { _ in how.rawValue }),
            "way": .optional(way),
        ]
    }
}
