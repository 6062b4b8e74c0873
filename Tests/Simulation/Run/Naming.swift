import Synchronization
import SyncModel

/// What records are called in a trace: people by names, other things by their table and a number.
final class Naming: Sendable {
    private struct Given {
        var names: [RecordID: String] = [:]
        var counts: [String: Int] = [:]
    }

    private let given = Mutex(Given())

    private static let people = [
        "Ana", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivo", "Jana", "Kai", "Lea", "Max", "Nora",
        "Omar", "Pia", "Quin", "Ria", "Sam", "Tia", "Uma", "Vic", "Wes", "Xaver", "Yan", "Zoe",
    ]

    /// Gives a record its name, when somebody first writes it.
    func note(_ record: RecordID, _ table: String, _ writes: [RegisterWrite]) {
        given.withLock { given in
            guard given.names[record] == nil else { return }
            let count = given.counts[table, default: 0]
            given.counts[table] = count + 1
            switch table {
            case "participant" where count < Self.people.count: given.names[record] = Self.people[count]
            case "staff", "site":
                let code = writes.first { $0.register == "identity" }?.values.first?.text ?? "\(count + 1)"
                given.names[record] = "\(table) \(code)"
            default:
                let word = table == "check_in" ? "check-in" : table == "care_plan" ? "care plan" : table
                given.names[record] = "\(word) \(count + 1)"
            }
        }
    }

    /// What a record is called.
    func name(_ record: RecordID) -> String {
        given.withLock { $0.names[record] } ?? "a record \(record.text.suffix(4))"
    }

    /// Keys of a scope, in words that are always in the same order.
    static func list(_ keys: some Sequence<ScopeKey>) -> String { keys.sorted().joined(separator: " ") }

    /// What a write says, as far as a person wants to read it.
    func text(_ writes: [RegisterWrite]) -> String {
        guard writes.count <= 2 else { return writes.map(\.register).joined(separator: ", ") }
        return writes.map { write in
            guard write.register != deletedRegister else {
                return write.values == [.integer(0)] ? "deletion taken back" : "deletion"
            }
            let values = write.values.compactMap(Self.text)
            return values.isEmpty ? write.register : "\(write.register) \(values.joined(separator: " "))"
        }.joined(separator: ", ")
    }

    /// Only what tells one write from another: words are never used twice.
    private static func text(_ value: Value) -> String? {
        switch value {
        case .text(let text): text
        case .integer(let number) where number < 1_000_000: "\(number)"
        default: nil
        }
    }
}
