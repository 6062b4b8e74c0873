import PeerSupport
import SyncModel
import SyncReplica

/// From which laptop the values of a conflict came, and which entry left a void mark.
extension ConflictText {
    /// `written on LT-11, reached the server 2026-03-02 09:31`; what of it is not known on this laptop, it says.
    func origin(_ side: ConflictSide) -> String? {
        guard let change = side.change else { return nil }
        let reached = received(side).map { "reached the server \(desk.time.text(of: floorSeconds($0)))" }
        let arrival = change.effective == nil ? "not at the server yet" : reached
        return switch (device(side), arrival) {
        case (let laptop?, let arrival?): "written on \(laptop), \(arrival)"
        case (let laptop?, nil):
            "written on \(laptop); when it reached the server is not known on this laptop"
        case (nil, let arrival?): "on which laptop is not known on this one; \(arrival)"
        case (nil, nil): "on which laptop, and when it reached the server, is not known on this one"
        }
    }

    /// The same in the list, where it stands behind the moment at which it was written: `at the server 09:31`. Empty too of what
    /// has not got there, or where that is not known here.
    func atServer(_ side: ConflictSide) -> String {
        guard let effective = side.change?.effective, let received = received(side) else { return "" }
        let (written, reached) = (floorSeconds(effective.microseconds), floorSeconds(received))
        let text = desk.time.text(of: reached)
        let isSameDay = desk.time.date(of: written) == desk.time.date(of: reached)
        return "at the server \(isSameDay ? String(text.suffix(5)) : text)"
    }

    /// When what a side says reached the server, microseconds since 1970; `nil` where that is not known here.
    func received(_ side: ConflictSide) -> Int64? {
        guard let dot = side.change?.dot else { return nil }
        return places(of: side).lazy.compactMap { id in
            (try? desk.replica().conflictNotes(of: id))?.origin(of: dot)?.receivedMicroseconds
        }.first
    }

    /// The records in which a side may have been written: what came late on the one that was merged, and what went against the
    /// deletion of a person perhaps about them.
    private func places(of side: ConflictSide) -> [RecordID] {
        let named = [side.record?.id, subject, conflict.view.id, conflict.other?.id].compactMap { $0 }
        let about = (try? lookups.writtenAbout()).flatMap { $0 }
        return named + [about].compactMap { $0 }
    }

    /// The laptop on which a side was written; `nil` where that is not known here.
    func device(_ side: ConflictSide) -> String? {
        guard let change = side.change else { return nil }
        return places(of: side).lazy.compactMap { device(of: change.dot, in: $0) }.first
    }

    /// The laptop on which a change of a record was written: as the server said of it, or of another of that laptop's
    /// changes; or this one. Otherwise `nil`.
    func device(of dot: Dot, in record: RecordID) -> String? {
        let replica = try? desk.replica()
        let known = [notes, record == conflict.view.id ? nil : try? replica?.conflictNotes(of: record)]
            .compactMap { $0 }
        if let device = known.compactMap({ $0.origin(of: dot)?.device }).first { return device }
        // What an administrator issued anew has one name, from whichever laptop it came.
        let same = known.flatMap(\.origins).first { origin in
            origin.dot.incarnation == dot.incarnation && origin.arrival == .sent && origin.device != nil
        }
        if let same { return same.device }
        let isOwn = (try? replica?.history(record))?.contains { $0.dot == dot && $0.outcome != nil } ?? false
        return isOwn ? try? desk.enrolment().device : nil
    }

    /// Where each value was written, a line each.
    func origins(on page: inout Page) throws {
        for side in try sides() {
            if let origin = origin(side) { page.line("  \(side.letter)  \(origin)", .faint) }
        }
    }

    /// What there is to decide on, beside the values: who is who, who merged whom, what a clock left.
    func details(on page: inout Page) throws {
        switch conflict.kind {
        case .duplicate: try PairText(self).write(to: &page, desk.time)
        case .ring: try ring()?.write(to: &page, desk.time)
        case .clock:
            try origins(on: &page)
            for line in try clockLines() { page.line("  \(line)") }
        case .contested where conflict.sides.isEmpty:
            if other != nil { try PairText(self).write(to: &page, desk.time) }
        default: try origins(on: &page)
        }
    }

    /// ` (check-in 4be1a0c2)` behind the void mark that a correction left: which correction; empty behind any other.
    func correction(behind side: ConflictSide) throws -> String {
        guard conflict.register == "void", conflict.view.table.name == "check_in",
            side.values.contains(where: { !$0.isNone })
        else { return "" }
        let replica = try desk.replica()
        let id = conflict.view.id
        let made = try replica.find(Query("check_in", where: [.equals("amends", .reference(id))])).map {
            view in
            Conflict.Side(
                change: try replica.state(view.id)?.siblings(of: "what").first?.change, values: [],
                record: view)
        }
        guard !made.isEmpty else { return "" }
        // What stands there, and what a decision that is open again had not kept.
        let standing = try replica.siblings(id, of: "void").map {
            Conflict.Side(change: $0.change, values: $0.values)
        }
        let marks =
            standing.filter { $0.values != side.values } + [
                Conflict.Side(change: side.change, values: side.values)
            ]
        let found = VoidedCorrections.corrections(
            leaving: marks, on: conflict.view, among: made,
            try OpenConflicts.decisions(in: replica, about: [id]))
        return found.last.flatMap { $0 }.map { " (check-in \($0.short))" } ?? ""
    }
}
