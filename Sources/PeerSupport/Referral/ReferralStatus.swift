public import SyncModel

/// The values of a referral's status that somebody settles by hand: they only mean something together, and a status has
/// no use for what was said of another one.
public enum ReferralStatus {
    /// The values with what does not belong to the new status emptied.
    ///
    /// A step empties the reason of a refusal and the note by itself, and names whoever takes it. So does who settles by
    /// hand on a status that nobody had offered, or on another reason or note of it; where somebody had said just that, it
    /// stays theirs.
    ///
    /// - Parameters:
    ///   - values: what somebody puts there: what they typed over what is shown.
    ///   - typed: the names of the fields that they typed.
    ///   - offered: the values that stand against each other, the shown one first.
    ///   - writer: the staff code of whoever settles it.
    ///   - now: when, seconds since 1970.
    /// - Returns: what is to be written, and the fields of the shown value that this empties, in their order.
    public static func settled(
        _ values: [Value], typed: Set<String>, offered: [[Value]], writer: String, now: Int64
    ) -> (values: [Value], cleared: [String]) {
        let fields = self.fields
        guard values.count == fields.count, let shown = offered.first, shown.count == fields.count else {
            return (values, [])
        }
        guard typed.contains("status"), values[0] != shown[0] else {
            return (signed(values, offered: offered, by: writer, now: now), [])
        }
        let base = offered.first { $0.count == fields.count && $0[0] == values[0] }
        var result: [Value] = []
        for (place, field) in fields.enumerated() {
            switch field {
            case _ where typed.contains(field): result.append(values[place])
            default: result.append(base?[place] ?? .none)
            }
        }
        result = signed(result, offered: offered, by: writer, now: now)
        let cleared = zip(fields, zip(shown, result)).filter { !$1.0.isNone && $1.1.isNone }.map(\.0)
        return (result, cleared)
    }

    /// Values with who set them, and when: whoever had offered just these, and otherwise whoever settles it now.
    ///
    /// - Parameters:
    ///   - values: what is to stand there.
    ///   - offered: the values that stand against each other.
    ///   - writer: the staff code of whoever settles it.
    ///   - now: when, seconds since 1970.
    /// - Returns: the same with both filled in.
    public static func signed(
        _ values: [Value], offered: [[Value]], by writer: String, now: Int64
    ) -> [Value] {
        let fields = self.fields
        guard values.count == fields.count else { return values }
        let said = fields.indices.filter { !["status_by", "status_at"].contains(fields[$0]) }
        let same = offered.first { side in
            side.count == values.count && said.allSatisfy { side[$0] == values[$0] }
        }
        if let same { return same }
        return zip(fields, values).map { field, value in
            switch field {
            case "status_by": .text(writer)
            case "status_at": .integer(now)
            default: value
            }
        }
    }

    /// Why some values do not go together; `nil` where they do.
    public static func objection(to values: [Value]) -> Refusal? {
        let fields = self.fields
        guard values.count == fields.count, let place = fields.firstIndex(of: "decline_reason"),
            let state = values[0].text.flatMap(ReferralState.init(rawValue:))
        else { return nil }
        if state == .declined, values[place].isNone {
            return Refusal(code: "incomplete", reason: "declining a referral needs a reason")
        }
        guard state != .declined, !values[place].isNone else { return nil }
        return Refusal(
            code: "incomplete", reason: "a referral that is \(state.plain) has no reason for being declined")
    }

    private static var fields: [String] {
        PeerSupportSchema.schema.table("referral")?.register("status")?.fields.map(\.name) ?? []
    }
}
