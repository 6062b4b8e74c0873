import GRDB
import SyncModel

/// Edits that are done as always and that nobody keeps. It is only valid inside the closure of
/// ``Replica/rehearse(_:)``.
public struct Rehearsal {
    fileprivate let db: Database
    fileprivate let meta: Meta
    fileprivate let replica: Replica

    /// Does one edit, as ``Replica/edit(token:resolving:linked:_:)`` does. What comes after sees it.
    ///
    /// - Throws: ``SyncError``. Then the rehearsal must end.
    public func edit(resolving: Bool = false, linked: Bool = true, _ body: (Edit) throws -> Void) throws {
        _ = try replica.record(db, meta, resolving: resolving, linked: linked, body)
    }
}

extension Replica {
    /// Does edits to see what would be recorded and what refused, and takes all of them back. Meanwhile nobody else
    /// writes here.
    ///
    /// - Parameter body: the edits. It must not call this replica.
    /// - Throws: ``SyncError``, and what the closure throws. Nothing is recorded in either case.
    public func rehearse(_ body: (Rehearsal) throws -> Void) throws {
        try tryOut { db, meta in try body(Rehearsal(db: db, meta: meta, replica: self)) }
    }

    /// Writes in one transaction, which nobody else can come between, and takes all of it back.
    func tryOut(_ body: (Database, Meta) throws -> Void) throws {
        try Self.translating {
            try queue.inDatabase { db in
                try db.inTransaction(.immediate) {
                    let meta = try Meta.load(db)
                    if meta.isSealed { throw Failures.sealed }
                    try body(db, meta)
                    return .rollback
                }
            }
        }
    }
}
