import SyncModel

/// The fields in which the program writes who did something, and when. Nobody types them: what one decides would stand as
/// somebody else's.
enum Credited {
    private static let fields: Set<String> = [
        "acknowledged_at", "acknowledged_by", "answered_at", "answered_by", "contested_at", "contested_by",
        "decided_at",
        "decided_by", "focus_set_by", "goals_set_by", "merged_at", "merged_by", "recorded_at", "recorded_by",
        "reviewed_by", "seen_by", "signed_at", "signed_by", "status_at", "status_by", "voided_at",
        "voided_by",
    ]

    /// Who wrote a value that stands beside it, and on which day.
    private static let writers: Set<String> = ["focus_set_by", "goals_set_by", "status_by"]
    private static let days: Set<String> = ["focus_set_on", "goals_set_on"]

    /// Refuses values that were typed for some of them, and names them all.
    static func refuse(typed names: [String]) throws {
        let credited = names.filter(fields.contains)
        guard !credited.isEmpty else { return }
        let isOne = credited.count == 1
        throw SyncError(
            .badValue,
            "\(credited.map { Wording.field($0) }.joined(separator: ", ")): \(isOne ? "that is" : "these are") not for anybody "
                + "to type",
            means: "nothing was decided, and all values are kept",
            advice: "leave \(isOne ? "it" : "them") out: who decides, and when, is written down by itself")
    }

    /// Values that somebody typed with who wrote them: whoever decides, today; of just what somebody had written, they.
    ///
    /// - Parameter offered: what there was to choose from.
    static func signed(
        _ values: [Value], of layout: Register, typed: Set<String> = [], offered: [[Value]], by me: String,
        on day: Int64
    ) -> [Value] {
        let own = Set(
            layout.fields.indices.filter { place in
                let name = layout.fields[place].name
                return writers.contains(name) || days.contains(name) && !typed.contains(name)
            })
        func isSame(_ side: [Value]) -> Bool {
            side.count == values.count
                && values.indices.allSatisfy { own.contains($0) || side[$0] == values[$0] }
        }
        let same = offered.first(where: isSame)
        return values.indices.map { place in
            guard own.contains(place), place < layout.fields.count else { return values[place] }
            return same?[place] ?? (writers.contains(layout.fields[place].name) ? .text(me) : .integer(day))
        }
    }
}
