import PeerSupport
import SyncModel
import SyncReplica

/// What a clock that was off left in a record, and what can be done about it.
///
/// When an entry counts as written the server has put right. What the entry says of a time is the record's own: where the
/// program took it from that clock it is as wrong as the clock was, and where somebody typed it, it is what they typed.
extension ConflictText {
    /// A time within so many seconds of what the laptop's clock said was taken from it.
    private static let near: Int64 = 300

    /// What stands in the entry, and how it is put right, line by line. Empty for any other conflict.
    func clockLines() throws -> [String] {
        guard conflict.kind == .clock, let change = conflict.sides.first?.change else { return [] }
        let visit = startLines(change)
        let taken = try takenFromClock(change).map { label, text in
            "\(label) \(text) was taken from that clock, and stays so: --keep A does not change it."
        }
        let lines = visit + taken
        return lines.isEmpty ? ["Nothing that it says was taken from that clock."] : lines
    }

    /// What it says of a time and stays as it is, whichever way its clock is decided, with what puts it right, in one line; `nil`
    /// where nothing was taken from that clock.
    func clockLeft() throws -> String? {
        guard conflict.kind == .clock, let change = conflict.sides.first?.change else { return nil }
        var parts: [String] = []
        if let start = standingStart(change), let command = clockCommand {
            let said = desk.time.text(of: start)
            parts.append(
                isFromClock(change)
                    ? "its start, \(said), was taken from that clock and stays as far off; put it right: \(command)"
                    : "its start, \(said), stays as it was typed; if it is wrong: \(command)")
        }
        parts += try takenFromClock(change).map { label, text in
            "\(label) \(text) was taken from that clock and stays so"
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The command that puts the start of a check-in right; `nil` where there is none to put right.
    var clockCommand: String? {
        guard conflict.kind == .clock, let change = conflict.sides.first?.change,
            let start = standingStart(change)
        else { return nil }
        // In the zone of the agency, as --at reads it.
        let right = isFromClock(change) ? "\"\(desk.time.text(of: start + correction(change)))\"" : "\"…\""
        return "porchlight checkin amend \(conflict.view.id.short) --at \(right)"
    }

    private func startLines(_ change: LiveChange) -> [String] {
        guard let start = standingStart(change), let command = clockCommand else { return [] }
        let said = desk.time.text(of: start)
        let stays =
            isFromClock(change)
            ? "Its start, \(said), was taken from that clock and is as far off: --keep A leaves it so."
            : "Its start, \(said), was typed and stays as it was typed; a word like \"yesterday\" was reckoned from that "
                + "clock."
        return [stays, "  \(isFromClock(change) ? "put it right" : "if it is wrong"): \(command)"]
    }

    /// When a check-in began, where the change says so, that still stands, and the check-in counts.
    private func standingStart(_ change: LiveChange) -> Int64? {
        guard conflict.view.table.name == "check_in", conflict.view["voided_at"].isNone,
            let values = change.values(of: "time"), values == conflict.view.values(of: "time")
        else { return nil }
        return conflict.view["start_at"].integer
    }

    /// Without --at a check-in begins now, or has just ended.
    private func isFromClock(_ change: LiveChange) -> Bool {
        (change.values(of: "time") ?? []).prefix(2).compactMap(\.integer).contains { isNear($0, change) }
    }

    private func isNear(_ seconds: Int64, _ change: LiveChange) -> Bool {
        let difference = seconds.subtractingReportingOverflow(floorSeconds(change.deviceMicroseconds))
        return !difference.overflow && difference.partialValue.magnitude <= Self.near.magnitude
    }

    /// By how many seconds the server corrected when the change counts as written.
    private func correction(_ change: LiveChange) -> Int64 {
        let written = floorSeconds(change.deviceMicroseconds)
        return change.effective.map { floorSeconds($0.microseconds) - written } ?? 0
    }

    /// The other times and days of the change that are those of that clock, and still stand.
    private func takenFromClock(_ change: LiveChange) throws -> [(label: String, text: String)] {
        let view = conflict.view
        guard let effective = change.effective else { return [] }
        let said = desk.time.date(of: floorSeconds(change.deviceMicroseconds))
        let counted = desk.time.date(of: floorSeconds(effective.microseconds))
        return try change.writes.flatMap { write -> [(label: String, text: String)] in
            guard view.values(of: write.register) == write.values,
                !(view.table.name == "check_in" && write.register == "time")
            else { return [] }
            let fields = view.table.register(write.register)?.fields ?? []
            return try zip(fields, write.values).compactMap { field, value in
                let isTaken =
                    switch (field.kind, value) {
                    case (.instant, .integer(let seconds)): isNear(seconds, change)
                    case (.date, .integer(let days)): days == said.days && said != counted
                    default: false
                    }
                guard isTaken else { return nil }
                return (Wording.field(field.name), try Wording.text(value, field.kind, desk.time))
            }
        }
    }
}
