import PeerSupport
import SyncModel

/// A check-in in plain words, as it is read back to whoever recorded it.
enum CheckInReadBack {
    /// `You saw P0142 Ana Lopez yesterday, Sat 21 Nov 2026, at 10:05, 25 minutes, in person, residence.`
    static func sentence(_ row: CheckIn, _ view: RecordView, who: String, me: String, _ time: LocalTime)
        -> String
    {
        let subject = row.peer == me ? "You" : row.peer
        var parts = ["\(subject) \(verb(row.mode)) \(who) \(time.said(row.start))"]
        if let minutes = row.minutes { parts.append(Wording.count(minutes, "minute")) }
        if let mode = row.mode { parts.append(mode.spaced) }
        if let place = view["place_note"].text { parts.append(place) }
        if let site = row.site { parts.append("at \(site)") }
        if let activity = row.activity, activity != "check_in" { parts.append(activity.spaced) }
        return parts.joined(separator: ", ") + "."
    }

    private static func verb(_ mode: String?) -> String {
        switch mode {
        case "phone", "video": "spoke with"
        case "text": "wrote with"
        case "in_person": "saw"
        default: "had contact with"
        }
    }

    /// The sentence, and below it what was written down.
    static func show(_ view: RecordView, who: String, me: String, on page: inout Page, _ time: LocalTime) {
        guard let row = CheckIn(view) else { return }
        page.line(sentence(row, view, who: who, me: me, time))
        let notes: [(String, String?)] = [
            ("what we did", row.did), ("what they said", row.said), ("next step", row.nextStep),
            ("signed", row.signedAt.map { time.text(of: $0) }),
            ("VOID", row.voidedAt.map { "\(row.voidReason ?? "") (\(time.text(of: $0)))" }),
            ("corrects", row.amends?.short), ("recorded by", row.recordedBy),
        ]
        page.pairs(notes.compactMap { label, text in text.map { (label, Page.Cell($0)) } })
    }
}
