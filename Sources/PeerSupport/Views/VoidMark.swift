public import SyncModel

/// What is written on a fact that should not count.
public enum VoidMark {
    /// Its values, in the order of the schema's fields.
    ///
    /// - Parameters:
    ///   - at: when, seconds since 1970.
    ///   - by: who says so, by staff code.
    ///   - reason: why, one line.
    public static func values(at: Int64, by: String, reason: String) -> [Value] {
        [.integer(at), .text(by), .text(reason)]
    }
}
