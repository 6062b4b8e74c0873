import ArgumentParser
import SyncReplica

/// `porchlight outbox …`; alone it lists.
struct Outbox: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what waits to be sent and what the server did not take, and put it right.",
        subcommands: [OutboxList.self, OutboxShow.self, OutboxEdit.self, OutboxDiscard.self],
        defaultSubcommand: OutboxList.self)
}

/// What was entered together, by its numbers in the outbox.
struct OutboxGroups {
    private var groups: [[Int64]] = []

    init(_ entries: [OutboxEntry]) {
        var known = Set<Int64>()
        for entry in entries where known.insert(entry.number).inserted {
            guard let transaction = entry.transaction else { continue }
            let group = entries.filter { $0.transaction == transaction }.map(\.number)
            known.formUnion(group)
            if group.count > 1 { groups.append(group) }
        }
    }

    /// One line for each group of several.
    var lines: [String] { groups.map { "\(Self.words($0)) were entered together, and go together." } }

    /// `3, 4 and 7`
    static func words(_ numbers: [Int64]) -> String {
        guard let last = numbers.last, numbers.count > 1 else { return numbers.first.map { "\($0)" } ?? "" }
        return numbers.dropLast().map { "\($0)" }.joined(separator: ", ") + " and \(last)"
    }
}

extension Replica {
    /// An entry of the outbox by its number.
    ///
    /// - Throws: ``SyncError`` `nothing`.
    func outboxEntry(_ number: Int64) throws -> OutboxEntry {
        if let entry = try outbox().first(where: { $0.number == number }) { return entry }
        throw OutboxVerbErrors.missing(number)
    }
}
