import PeerSupport
import SyncModel

/// How and where somebody was met, from one word: the place of a visit says that it was in person.
struct Place {
    let mode: String
    let note: String?

    /// Reads `phone`, `in person`, or a place such as `residence`.
    init(_ typed: String) throws {
        let places = ["residence", "office", "clinic", "community"]
        if let place = places.first(where: { $0 == typed.trimmed.lowercased() }) {
            mode = "in_person"
            note = place
        } else {
            mode = try Words.find(typed, in: Words.modes + places, called: "way to meet")
            note = nil
        }
    }

    /// `in person, residence`.
    var said: String { [mode.spaced, note ?? ""].filter { !$0.isEmpty }.joined(separator: ", ") }
}
