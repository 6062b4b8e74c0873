public import SyncModel
extension Replica {
    public static func create(
        at path: String, enrolment: Enrolment, domain: any Domain, surroundings: Surroundings
    ) throws -> Replica { throw pending }
    public static func open(
        at path: String, domain: any Domain, surroundings: Surroundings
    ) throws -> Replica { throw pending }
    public var enrolment: Enrolment { get throws { throw pending } }
    @discardableResult
    public func edit(
        token: ReadToken? = nil, resolving: Bool = false, linked: Bool = true,
        _ body: (Edit) throws -> Void
    ) throws -> EditReceipt { throw pending }
    public func view(_ record: RecordID) throws -> RecordView? { throw pending }
    public func state(_ record: RecordID) throws -> RecordState? { throw pending }
    public func siblings(_ record: RecordID, of register: String) throws -> [Sibling] { throw pending }
    public func token(for record: RecordID) throws -> ReadToken? { throw pending }
    public func find(_ query: Query) throws -> [RecordView] { throw pending }
    public func count(_ query: Query) throws -> Int { throw pending }
    public func history(_ record: RecordID) throws -> [HistoryEntry] { throw pending }
    public func outbox() throws -> [OutboxEntry] { throw pending }
    public func status() throws -> ReplicaStatus { throw pending }
    public func digest() throws -> String { throw pending }
    public func undo() throws -> EditReceipt { throw pending }
    public func rebuild() throws { throw pending }
    public func doctor() throws -> [Finding] { throw pending }
    public func sync(
        with peer: any ExchangePeer, options: SyncOptions = SyncOptions()
    ) async throws -> SyncReport { throw pending }
}
extension Edit {
    @discardableResult
    public func create(
        _ table: String, id: RecordID? = nil, _ writes: [RegisterWrite]
    ) throws -> RecordID { throw pending }
    public func write(_ record: RecordID, _ writes: [RegisterWrite]) throws { throw pending }
    public func delete(_ record: RecordID) throws { throw pending }
    public func view(_ record: RecordID) throws -> RecordView? { throw pending }
    public func find(_ query: Query) throws -> [RecordView] { throw pending }
}
public final class Replica: Sendable {}
public final class Edit {}
private let pending = SyncError(.internalFault, "this part of the replica is being built")
