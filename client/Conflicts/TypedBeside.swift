import PeerSupport
import SyncModel

/// What becomes of the fields of a register that somebody who types a value of their own does not name.
extension ConflictText {
    /// Values that were typed over those that are shown, with what the others say of the fields that nobody named.
    ///
    /// Fields that belong together are written together, so whoever wrote a telephone number wrote an empty way of reaching
    /// somebody beside it without having meant it. Where what is shown is what both had read, or nothing, and all others who
    /// say anything else say the same, that stays; otherwise what is shown.
    func keeping(_ values: [Value], except typed: Set<String>, of layout: Register, _ sides: [[Value]])
        -> [Value]
    {
        guard let shown = (try? self.sides().first(where: \.isShown))?.values ?? sides.first else {
            return values
        }
        let read = base?.values
        return values.indices.map { place in
            guard place < layout.fields.count, !typed.contains(layout.fields[place].name), place < shown.count
            else { return values[place] }
            let base = read.flatMap { place < $0.count ? $0[place] : nil }
            guard shown[place] == (base ?? .none) else { return values[place] }
            let others = Set(
                sides.compactMap { place < $0.count && $0[place] != shown[place] ? $0[place] : nil })
            return others.count == 1 ? others.first ?? values[place] : values[place]
        }
    }
}
