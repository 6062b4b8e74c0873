import PeerSupport
import SyncModel

/// Who came to a session and who did not, from lists of codes: `P0142,P0188`.
struct SessionSheet {
    /// One participant's line.
    struct Line {
        let person: Participant
        let status: String
        var weight: (amount: Double, unit: String)?
        var minutesActive: Int?
    }

    private(set) var lines: [Line] = []

    /// Adds those of one status.
    ///
    /// - Throws: ``SyncError`` `badValue` for somebody who is there already.
    mutating func add(_ list: [String], as status: String, find: (String) throws -> Participant) throws {
        for typed in Self.split(list) {
            let person = try find(typed)
            guard !lines.contains(where: { $0.person.id == person.id }) else {
                throw SyncError(
                    .badValue, "\(person.code) stands on the list twice", means: "nothing was recorded",
                    advice: "name everybody once: as present, excused, no-show or cancelled")
            }
            lines.append(Line(person: person, status: status))
        }
    }

    /// Adds weights, `P0142=81.5kg`. A weight without its unit is refused: pounds and kilograms differ by half.
    mutating func weigh(_ list: [String], find: (String) throws -> Participant) throws {
        for entry in Self.split(list) {
            let (place, text) = try place(of: entry, find)
            let unit = Words.weightUnits.first { text.lowercased().hasSuffix($0) }
            guard let unit, let amount = Double(text.dropLast(unit.count).filter { $0 != " " }),
                amount.isFinite
            else {
                throw Self.unreadable(entry, "81.5kg or 180lb")
            }
            lines[place].weight = (amount, unit)
        }
    }

    /// Adds minutes of activity since the last session, `P0142=90`.
    mutating func move(_ list: [String], find: (String) throws -> Participant) throws {
        for entry in Self.split(list) {
            let (place, text) = try place(of: entry, find)
            guard let minutes = Int(text), minutes >= 0 else { throw Self.unreadable(entry, "90") }
            lines[place].minutesActive = minutes
        }
    }

    private func place(of entry: String, _ find: (String) throws -> Participant) throws -> (Int, String) {
        let parts = entry.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { throw Self.unreadable(entry, "a value") }
        let person = try find(String(parts[0]))
        guard let place = lines.firstIndex(where: { $0.person.id == person.id }) else {
            throw SyncError(
                .badValue, "\(person.code) is not on the list of this session", means: "nothing was recorded",
                advice: "name them with --present, --excused, --no-show or --cancelled too")
        }
        return (place, String(parts[1]).trimmed)
    }

    private static func unreadable(_ entry: String, _ example: String) -> SyncError {
        SyncError(
            .badValue, "\"\(TextWidth.cut(entry, to: 40))\" cannot be read", means: "nothing was recorded",
            advice: "write the code, an equals sign and \(example)")
    }

    /// Codes may be typed in one list with commas, or the option repeated.
    static func split(_ list: [String]) -> [String] {
        list.flatMap { $0.split(separator: ",") }.map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// The codes of one status.
    func codes(_ status: String) -> [String] { lines.filter { $0.status == status }.map(\.person.code) }
}

extension SessionSheet.Line {
    /// The attendance to write.
    func writes(session: RecordID, peer: String, day: CivilDate, number: Int?) throws -> [RegisterWrite] {
        try Writes(
            "attendance",
            [
                "session": .reference(session), "participant": .reference(person.id), "peer": .text(peer),
                "date": .day(day), "number": .number(number), "status": .text(status),
                "weight": weight.map { .real($0.amount) }, "weight_unit": weight.map { .text($0.unit) },
                "minutes_active": .number(minutesActive),
            ]
        ).registers
    }

    /// What to write over an attendance that is there: the status, and what else was said.
    func corrections(over view: RecordView) throws -> [RegisterWrite] {
        try Writes(
            "attendance", over: view,
            [
                "status": .text(status),
                "weight": weight.map { .real($0.amount) }, "weight_unit": weight.map { .text($0.unit) },
                "weight_absent": weight == nil ? nil : Value.none,
                "minutes_active": .number(minutesActive),
                "minutes_absent": minutesActive == nil ? nil : Value.none,
            ]
        ).registers
    }
}
