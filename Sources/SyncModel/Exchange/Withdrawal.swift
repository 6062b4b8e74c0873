/// That the author of a change in quarantine takes it back.
///
/// It is said with every exchange until the server's word on the change is heard, so saying it twice is the same as
/// once.
public struct Withdrawal: Hashable, Sendable {
    /// The change: one of the device's own. What was entered together with it is taken back with it.
    public var dot: Dot
    /// Why, in its author's words; may be empty. At most ``Limits/reasonBytes``.
    public var reason: String

    /// Makes a withdrawal.
    public init(dot: Dot, reason: String = "") {
        self.dot = dot
        self.reason = reason
    }
}
