public import SyncModel

/// The tables of peer support, as the engine sees them.
public enum PeerSupportSchema {
    /// Version 2. A published register never gains or loses a field; what is new comes as a register or a table.
    ///
    /// 2 added decisions and notices, what says that two participants are one, and the void of an escalation; and
    /// since then a void can be taken back by emptying it, a participant's code be changed by the office, and a decision be
    /// marked as made anew with another record.
    public static let schema = Schema(
        version: 2,
        tables: DirectoryTables.all + PeopleTables.all + ContactTables.all + CoordinationTables.all
            + DecisionTables.all)
}
