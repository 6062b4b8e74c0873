import PeerSupport
import SyncModel
import SyncReplica

/// The codes that participants had and gave up, as far as decisions say: those on this laptop, and those that were made on
/// it. Who finds such a code in older papers means whoever had it then, so it is nobody else's without a word.
struct EarlierCodes {
    /// That somebody had a code, and until when: seconds since 1970.
    struct Holder {
        let person: RecordID
        let until: Int64
    }

    private var byCode: [String: [Holder]] = [:]

    init(in replica: Replica) throws {
        let here = try replica.find(
            Query("decision", where: [.equals("subject_register", .text("identity"))])
        ).compactMap { Decision($0) }
        for one in here { add(one.valuesBefore + one.valuesAfter, of: one.subject, until: one.at) }
        let known = Set(here.map(\.subject))
        // Decisions about somebody who has left this laptop went with them; what was given out here it still knows.
        for writes in try replica.made(in: "decision") {
            let said = Self.fields(of: writes)
            guard said["subject_register"]?.text == "identity", let person = said["subject"]?.reference,
                !known.contains(person)
            else { continue }
            let values = ["before", "after"].compactMap { said[$0]?.text }.flatMap(DecidedValue.read)
            add(values, of: person, until: said["decided_at"]?.integer ?? 0)
        }
    }

    /// What the entry of a decision says, by the names of its fields.
    private static func fields(of writes: [RegisterWrite]) -> [String: Value] {
        let table = PeerSupportSchema.schema.table("decision")
        let pairs = writes.flatMap { write in
            zip(table?.register(write.register)?.fields.map(\.name) ?? [], write.values)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private mutating func add(_ values: [DecidedValue], of person: RecordID, until: Int64) {
        for code in Set(values.compactMap { $0.values.first?.text?.uppercased() }) {
            byCode[code, default: []].append(Holder(person: person, until: until))
        }
    }

    /// All of them.
    var all: [String] { Array(byCode.keys) }

    /// Whoever had a code and is not the same person as some record; the last of them. `nil` also where that person had it
    /// themselves: it is theirs to have again.
    func other(than person: RecordID?, of code: String, _ people: Merged) -> Holder? {
        let holders = byCode[code.uppercased()] ?? []
        let isTheirs = person.map { person in holders.contains { people.areOne($0.person, person) } }
        return isTheirs == true ? nil : holders.max { $0.until < $1.until }
    }

    /// Whether somebody had a code themselves.
    func had(_ person: RecordID, _ code: String, _ people: Merged) -> Bool {
        (byCode[code.uppercased()] ?? []).contains { people.areOne($0.person, person) }
    }
}
