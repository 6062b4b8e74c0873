import SyncModel

/// What can go wrong with the outbox beside what the replica says.
enum OutboxVerbErrors {
    static func missing(_ number: Int64) -> SyncError {
        SyncError(
            .nothing, "there is no entry \(number) in the outbox", means: "nothing was changed",
            advice: "`porchlight outbox` lists what waits and what was refused")
    }

    /// A retired laptop shows nobody's records any more, not even what it could not send.
    static let retired = SyncError(
        .retired, "this laptop was retired",
        means: "what was not sent goes to the office when it syncs, and an administrator decides about it",
        advice: "speak to your administrator")

    static func left(_ number: Int64) -> SyncError {
        SyncError(
            .unknownRecord, "what entry \(number) was written on has left this laptop",
            means:
                "it cannot be entered anew here; nothing was changed, and the entry is kept as it was refused",
            advice:
                "an administrator can release it out of quarantine; or `porchlight outbox discard \(number)`")
    }

    static let unchanged = SyncError(
        .nothing, "nothing of what was typed differs from what was refused", means: "nothing was changed",
        advice: "--set FIELD=VALUE says what should stand there instead")

    static func noPair(_ text: String) -> SyncError {
        SyncError(
            .badValue, "\"\(TextWidth.cut(text, to: 40))\" is not a field and its value",
            means: "nothing was changed", advice: "--set FIELD=VALUE, such as --set \"phone=555 0134\"")
    }
}
