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

extension [Decision] {
    /// Who recorded what a change of the record that these are about writes there: who decided for somebody else's value, or
    /// gave it back, has only let it stand.
    func recorder(of change: LiveChange) -> String {
        for write in change.writes where !["void", deletedRegister, "redirect"].contains(write.register) {
            let about = filter { $0.register == write.register }
            guard
                about.contains(where: {
                    $0.by == change.author && $0.valuesAfter.first?.values == write.values
                }),
                let written = about.flatMap(\.valuesBefore).first(where: {
                    $0.values == write.values && !$0.author.isEmpty
                })
            else { continue }
            return written.author
        }
        return change.author
    }
}

extension Replica {
    /// Who recorded what was written last in a record, whoever decided for it; `nil` where nothing was.
    func lastWriter(of record: RecordID) throws -> String? {
        guard let change = try state(record)?.lastWriting else { return nil }
        return try OpenConflicts.decisions(in: self, about: [record]).recorder(of: change)
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
        guard side.record == nil, side.values.isOpen(in: conflict.register), let change = side.change else {
            return side
        }
        let isDecided = change.values(of: conflict.register ?? "") != nil
        let writer =
            try isDecided
            ? desk.replica().lastWriter(of: subject) : lookups.decisions().recorder(of: change)
        guard let writer, writer != change.author else { return side }
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
