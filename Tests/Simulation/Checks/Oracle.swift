import SyncModel

/// What is true, kept apart from the engine: who wrote what, and what each writer had met.
///
/// It shares nothing with the merge. A write is recognised by its record and by the reading of its device's
/// wall clock, which it keeps whatever number it is given later.
struct Oracle: Sendable {
    struct Write: Sendable {
        let id: Int
        let device: String
        let record: RecordID
        /// What its device's wall clock read.
        let wall: Int64
        let table: String
        let writes: [RegisterWrite]
        /// All the writes of the record that its writer had met.
        let met: Set<Int>
        let standing: Standing
        /// When it really was, as nobody in the run could know.
        let at: Int64
        var isUndone = false
    }

    /// What should become of a write.
    enum Standing: Sendable {
        /// It says once more what was in quarantine, because an administrator released it.
        case released
        case honest
        /// Nobody with that role may write it.
        case forbidden
        /// It uses what an older server does not know.
        case unpublished
    }

    struct Mark: Hashable, Sendable {
        let record: RecordID
        let wall: Int64
        /// Under which number the server issued it, if it did.
        var incarnation: Incarnation?
    }

    private(set) var writes: [Write] = []
    private var places: [Mark: Int] = [:]
    /// What an administrator released, by what it says once more.
    private(set) var released: [Int: [Int]] = [:]
    private var releases: Set<Incarnation> = []
    /// What an administrator discarded.
    private(set) var discarded: Set<Int> = []
    /// What its author took back after it was refused.
    private(set) var withdrawn: Set<Int> = []

    /// - Returns: the write's name, or `nil` when another one looks the same.
    mutating func note(
        _ device: String, _ record: RecordID, _ table: String, _ registers: [RegisterWrite], wall: Int64,
        met: Set<Int>, standing: Standing = .honest, at: Int64 = 0
    ) -> Int? {
        let mark = Mark(record: record, wall: wall)
        guard places[mark] == nil else { return nil }
        let id = writes.count
        places[mark] = id
        writes.append(
            Write(
                id: id, device: device, record: record, wall: wall, table: table, writes: registers, met: met,
                standing: standing, at: at))
        return id
    }

    mutating func undo(_ id: Int) { writes[id].isUndone = true }

    func find(_ record: RecordID, wall: Int64) -> Int? { places[Mark(record: record, wall: wall)] }

    /// A write as it stands in a record, where it may be one that was released.
    func find(_ record: RecordID, wall: Int64, under incarnation: Incarnation) -> Int? {
        guard releases.contains(incarnation) else { return find(record, wall: wall) }
        return places[Mark(record: record, wall: wall, incarnation: incarnation)]
    }

    /// An administrator releases a write: what it says stands again, as something that nobody has met yet, beside
    /// whatever was written since. It has met what it says once more, what its writer had met, and what was released of that.
    mutating func release(_ id: Int, under incarnation: Incarnation) -> Int {
        let original = writes[id]
        let met = closure(original.met.union([id]).union(original.met.flatMap { released[$0] ?? [] }))
        let name = writes.count
        releases.insert(incarnation)
        places[Mark(record: original.record, wall: original.wall, incarnation: incarnation)] = name
        writes.append(
            Write(
                id: name, device: original.device, record: original.record, wall: original.wall,
                table: original.table,
                writes: original.writes, met: met, standing: .released, at: 0))
        released[id, default: []].append(name)
        return name
    }

    /// What was written in one go, by one of these.
    func together(with id: Int) -> [Int] {
        let one = writes[id]
        return writes.filter { $0.device == one.device && $0.wall == one.wall && $0.standing != .released }
            .map(\.id)
    }

    /// What an administrator released of what was written in one go with a write.
    func releasedTogether(with id: Int) -> Set<Int> {
        Set(together(with: id).flatMap { released[$0] ?? [] })
    }

    /// Its author takes back what was refused.
    mutating func withdraw(_ id: Int) { withdrawn.insert(id) }

    /// What was taken back for a correction is as it was, when the correction itself was taken back.
    mutating func keep(_ id: Int) { withdrawn.remove(id) }

    mutating func discard(_ id: Int) { discarded.insert(id) }

    /// Everything that somebody has met who meets these.
    func closure(_ found: some Sequence<Int>) -> Set<Int> {
        var met = Set<Int>()
        for id in found {
            met.insert(id)
            met.formUnion(writes[id].met)
        }
        return met
    }

    /// Of these, those that no other one of them had met: what was shown, for a person to read.
    func newest(of met: Set<Int>) -> [Int] {
        met.filter { id in !met.contains { writes[$0].met.contains(id) } }.sorted()
    }

    /// Of the writes that count, for each record and register those that no other one had met.
    func maximal(_ counting: Set<Int>) -> [RecordID: [String: Set<Int>]] {
        var writers: [RecordID: [String: [Int]]] = [:]
        for id in counting.sorted() {
            for write in writes[id].writes {
                writers[writes[id].record, default: [:]][write.register, default: []].append(id)
            }
        }
        return writers.mapValues { registers in
            registers.mapValues { ids in
                Set(ids.filter { id in !ids.contains { writes[$0].met.contains(id) } })
            }
        }
    }
}
