public import SyncModel

/// The tables of peer support, as the engine sees them.
public enum PeerSupportSchema {
    /// Version 1. A published register never gains or loses a field; what is new comes as a register.
    public static let schema = Schema(
        version: 1,
        tables: DirectoryTables.all + PeopleTables.all + ContactTables.all + CoordinationTables.all)
}
