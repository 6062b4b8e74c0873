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

    /// The next code that this laptop never used. Those of participants who have left it since are still in
    /// its own log, so they are not given out again; nor are those that somebody had and has no more.
    static func next(in replica: Replica, device: String) throws -> String {
        let prefix = prefix(device: device)
        let here = try replica.find(Query("participant", where: [.prefix("code", prefix)]))
            .compactMap { $0["code"].text }
        let used = try here + given(by: replica) + EarlierCodes(in: replica).all
        let numbers = used.compactMap { number(of: $0, device: device) }
        return code((numbers.max() ?? 0) + 1, device: device)
    }

    /// The codes that were ever given out on this laptop, those of participants who have left it included.
    private static func given(by replica: Replica) throws -> [String] {
        try replica.made(in: "participant").compactMap { writes in
            writes.first { $0.register == "identity" }?.values.first?.text
        }
    }

    /// A code that somebody chose.
    ///
    /// It can only be compared with what is known here: two laptops that are offline can give one code to two
    /// people. Then there are two records, and ``DoubleCodes`` says so.
    ///
    /// - Parameters:
    ///   - person: whose it is to be, where they are here already: a code that they had before is theirs.
    ///   - evenGiven: whether it may be one that was given out on this laptop and that nobody has any more.
    ///   - advice: how to come by another one.
    /// - Throws: ``SyncError`` `badValue` when it is taken here, or is none.
    static func chosen(
        _ typed: String, for person: RecordID? = nil, in replica: Replica, evenGiven: Bool = false,
        advice: String = withoutCode
    ) throws -> String {
        let code = typed.trimmed.uppercased()
        let isFit = code.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isFit, code.utf8.count >= 2, code.utf8.first.map({ (65...90).contains($0) }) == true else {
            throw SyncError(
                .badValue, "a code begins with a letter and has letters, digits and hyphens only",
                means: "nothing was recorded", advice: advice)
        }
        try refuse(code, foundIn: replica.find(holders(of: code)), advice: advice)
        let people = try Merged(in: replica)
        let isTheirs =
            try evenGiven || person.map { try EarlierCodes(in: replica).had($0, code, people) } ?? false
        guard try isTheirs || !given(by: replica).contains(code) else { throw taken(code, advice: advice) }
        return code
    }

    /// That somebody else than some person had a code before: who, and until when; `nil` where nobody had, or they did.
    static func earlier(_ code: String, than person: RecordID?, at desk: Desk) throws -> String? {
        let replica = try desk.replica()
        guard
            let holder = try EarlierCodes(in: replica).other(than: person, of: code, Merged(in: replica))
        else { return nil }
        let name = try replica.view(holder.person).map { Wording.name(of: $0) } ?? "somebody who is not here"
        return "the code \(code) was that of \(name) until \(desk.time.ago(holder.until))"
    }

    /// A code that somebody chose for a person who is here, and that was nobody else's before.
    ///
    /// - Throws: ``SyncError`` `badValue` when it is taken here, was somebody else's, or is none.
    static func chosen(
        _ typed: String, anewFor person: RecordID?, at desk: Desk, advice: String
    ) throws -> String {
        // Whose it was says more than that it was given out here.
        let plain = typed.trimmed.uppercased()
        let replica = try desk.replica()
        if try replica.find(holders(of: plain)).isEmpty,
            let said = try earlier(plain, than: person, at: desk)
        {
            throw SyncError(
                .badValue, said, means: "it stands for them in older papers; nothing was recorded",
                advice: advice)
        }
        return try chosen(typed, for: person, in: replica, advice: advice)
    }

    /// How whoever adds somebody comes by a code that is free.
    static let withoutCode = "leave --code out, and this laptop chooses the next free one"

    /// Whoever has a code on this laptop, in whatever case it was imported.
    static func holders(of typed: String) -> Query {
        let spellings = Set([typed, typed.uppercased()]).sorted().map { Value.text($0) }
        return Query("participant", where: [.oneOf("code", spellings)])
    }

    /// Throws if somebody has the code.
    static func refuse(_ code: String, foundIn holders: [RecordView], advice: String = withoutCode) throws {
        if let holder = holders.first { throw taken(code, by: Wording.name(of: holder), advice: advice) }
    }

    private static func taken(_ code: String, by name: String? = nil, advice: String) -> SyncError {
        SyncError(
            .badValue, "the code \(code) is taken",
            means: (name.map { "on this laptop it is the code of \($0); " }
                ?? "it was given out on this laptop before; ") + "nothing was recorded",
            advice: advice)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
