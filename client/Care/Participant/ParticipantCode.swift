import PeerSupport
import SyncModel
import SyncReplica

/// Codes for participants that are added in the field, where no list of all codes is at hand.
///
/// `P011-0001` is the first of laptop `LT-11`: a letter first, so that no spreadsheet takes it for a date or
/// a number, then the laptop, then a running number. The laptop's number ends at the hyphen, so no two laptops
/// ever choose the same, and codes sort by laptop and then by age.
enum ParticipantCode {
    /// How the codes of a laptop begin.
    static func prefix(device: String) -> String {
        if device.hasPrefix("LT-"), let number = Int(device.dropFirst(3)), "LT-\(number)" == device,
            number >= 0
        {
            return "P\(padded(number, 3))-"
        }
        return "P-\(device)-"
    }

    /// The code with a running number.
    static func code(_ number: Int, device: String) -> String { prefix(device: device) + padded(number, 4) }

    /// The running number of a code of this laptop; `nil` for any other code.
    static func number(of code: String, device: String) -> Int? {
        let prefix = prefix(device: device)
        guard code.hasPrefix(prefix) else { return nil }
        let digits = code.dropFirst(prefix.count)
        guard digits.utf8.count >= 4, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(digits)
    }

    /// The id of the participant of a code. An import makes the same, so that both mean one person.
    static func record(_ code: String) -> RecordID { NaturalKey.id(table: "participant", key: code) }

    /// The next code that this laptop never used. Those of participants who have left it since are still in
    /// its own log, so they are not given out again.
    static func next(in replica: Replica, device: String) throws -> String {
        let prefix = prefix(device: device)
        let here = try replica.find(Query("participant", where: [.prefix("code", prefix)]))
        var number =
            here.compactMap { $0["code"].text.flatMap { Self.number(of: $0, device: device) } }.max() ?? 0
        repeat {
            number += 1
        } while try !replica.history(record(code(number, device: device))).isEmpty
        return code(number, device: device)
    }

    /// A code that somebody chose.
    ///
    /// - Throws: ``SyncError`` `badValue` when it is taken here, or is none.
    static func chosen(_ typed: String, in replica: Replica) throws -> String {
        let code = typed.trimmed.uppercased()
        let isFit = code.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isFit, code.utf8.count >= 2, code.utf8.first.map({ (65...90).contains($0) }) == true else {
            throw SyncError(
                .badValue, "a code begins with a letter and has letters, digits and hyphens only",
                means: "nothing was recorded",
                advice: "leave --code out, and this laptop chooses the next free one")
        }
        let taken = try replica.count(Query("participant", where: [.equals("code", .text(code))])) > 0
        guard !taken, try replica.history(record(code)).isEmpty else {
            throw SyncError(
                .badValue, "the code \(code) is taken", means: "nothing was recorded",
                advice: "leave --code out, and this laptop chooses the next free one")
        }
        return code
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
