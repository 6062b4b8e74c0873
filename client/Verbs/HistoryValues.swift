import PeerSupport
import SyncModel
import SyncReplica

/// What each change of a record put in the place of what.
struct HistoryValues {
    /// What a register held before a change.
    enum Before: Equatable {
        /// Nothing: nobody had written it.
        case nothing
        /// These values.
        case values([Value])
        /// Something that this laptop does not know any more, or never knew.
        case unknown
    }

    let entries: [HistoryEntry]

    /// Takes all that is known of a record, oldest first.
    init(_ entries: [HistoryEntry]) { self.entries = entries }

    /// What the writer of a change had before them in a register: the latest value they had read. What was written
    /// apart is no "before", however early it was.
    func before(_ register: String, in entry: HistoryEntry) -> Before {
        let read = entries.filter { other in
            other.dot != entry.dot && entry.context.contains(other.dot)
                && other.writes.contains { $0.register == register }
        }
        let latest = read.filter { candidate in
            !read.contains { $0.dot != candidate.dot && $0.context.contains(candidate.dot) }
        }
        if let values = latest.last?.writes.first(where: { $0.register == register })?.values {
            return .values(values)
        }
        return knowsAllBefore(entry) ? .nothing : .unknown
    }

    /// Whether everything that the writer had read of the record is known here. A context says up to which number,
    /// not how many changes of this record, so what is known is the making of the record and every later dot.
    private func knowsAllBefore(_ entry: HistoryEntry) -> Bool {
        entry.context.entries.allSatisfy { read in
            entries.contains { $0.dot == Dot(read.incarnation, read.n) }
        }
    }

    /// A register's change in words: `phone 555 0100 → 555 0199`. Fields that stayed are left out.
    func words(
        _ write: RegisterWrite, in entry: HistoryEntry, _ table: Table, _ time: LocalTime,
        reference: (RecordID) throws -> String
    ) throws -> [String] {
        let fields = table.register(write.register)?.fields ?? []
        let before = before(write.register, in: entry)
        func text(_ value: Value, _ field: Field?) throws -> String {
            value.isNone ? "(nothing)" : try Wording.text(value, field?.kind, time, reference: reference)
        }
        if write.register == deletedRegister {
            return [write.values.first == .integer(0) ? "restored" : "deleted"]
        }
        if ["void", "redirect"].contains(write.register), write.values.allSatisfy(\.isNone) {
            if case .values(let old) = before, old.allSatisfy(\.isNone) { return [] }
            return before == .nothing ? [] : [Wording.emptied(write.register, in: table.name)]
        }
        return try write.values.enumerated().compactMap { place, value in
            let field = place < fields.count ? fields[place] : nil
            let label = field.map { Wording.field($0.name) } ?? "\(write.register.spaced) \(place + 1)"
            let after = try text(value, field)
            switch before {
            case .nothing: return value.isNone ? nil : "\(label) \(after)"
            case .unknown: return value.isNone ? nil : "\(label) (not known here) → \(after)"
            case .values(let old):
                let was = place < old.count ? old[place] : Value.none
                return was == value ? nil : "\(label) \(try text(was, field)) → \(after)"
            }
        }
    }

    /// The values before a change, register by register, for programs.
    func json(before entry: HistoryEntry, in table: String) -> JSON {
        .object(
            entry.writes.map { write in
                switch before(write.register, in: entry) {
                case .nothing, .unknown: return JSON.Member(key: write.register, value: .null)
                case .values(let values):
                    let one = JSON([RegisterWrite(write.register, values)], in: table)
                    guard case .object(let members) = one, let member = members.first else {
                        return JSON.Member(key: write.register, value: .null)
                    }
                    return member
                }
            })
    }
}
