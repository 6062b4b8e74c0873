import PeerSupport
import SyncModel
import SyncReplica

extension RecordState {
    /// The newest change that says something about what is recorded, and not only that it counts or does not, is deleted or
    /// not, or whose record it is; `nil` where there is none.
    var lastWriting: LiveChange? {
        live.filter { change in
            change.writes.contains { !["void", deletedRegister, "redirect"].contains($0.register) }
        }
        .max { a, b in
            let times = (a.effective?.microseconds ?? .max, b.effective?.microseconds ?? .max)
            return times.0 == times.1 ? a.dot < b.dot : times.0 < times.1
        }
    }
}

extension [Value] {
    /// Of a register that voids or deletes a record, whether it says that it is neither.
    func isOpen(in register: String?) -> Bool {
        register == deletedRegister ? self == [.integer(0)] : register == "void" && allSatisfy(\.isNone)
    }
}

/// Whose the values of a conflict are.
extension ConflictText {
    /// That something is neither void nor deleted nobody says who only decides so: it is whose record it is, who last wrote
    /// there.
    func creditedOpen(_ side: ConflictSide) throws -> ConflictSide {
        guard side.record == nil, side.values.isOpen(in: conflict.register), let change = side.change,
            change.values(of: conflict.register ?? "") != nil,
            let writer = try desk.replica().state(subject)?.lastWriting?.author, writer != change.author
        else { return side }
        var side = side
        side.author = writer
        side.decider = change.author
        return side
    }

    /// Who wrote what both had read, and who decided for it or gave it back, where that was somebody else.
    func credit(of base: ConflictNotes.Base) throws -> (author: String, decider: String?) {
        let decisions = try lookups.decisions().filter { $0.register == base.register }
        guard
            decisions.contains(where: {
                $0.by == base.author && $0.valuesAfter.first?.values == base.values
            }),
            let written = decisions.flatMap(\.valuesBefore).first(where: {
                $0.values == base.values && !$0.author.isEmpty
            }), written.author != base.author
        else { return (base.author, nil) }
        return (written.author, base.author)
    }
}
