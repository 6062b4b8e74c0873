public import SyncModel

/// Which records of participants are one person's.
///
/// A redirect leads from one record to another and is a register like any other, so two made apart in opposite
/// directions stand both and make a ring. A ring has no end to follow, so its root is chosen: the smallest id of
/// it, everywhere the same.
public struct Redirects: Sendable {
    private let into: [RecordID: RecordID]
    private let from: [RecordID: [RecordID]]

    /// Takes what leads where. A pair whose both ends are the same is none.
    public init(_ pairs: [(from: RecordID, into: RecordID)]) {
        var into: [RecordID: RecordID] = [:]
        for pair in pairs where pair.from != pair.into { into[pair.from] = pair.into }
        self.into = into
        var from: [RecordID: [RecordID]] = [:]
        for (source, target) in into { from[target, default: []].append(source) }
        self.from = from
    }

    /// Whether nobody was merged at all.
    public var isEmpty: Bool { into.isEmpty }

    /// The record under which a person is shown.
    public func root(of record: RecordID) -> RecordID {
        var path: [RecordID] = []
        var seen: Set<RecordID> = []
        var current = record
        while let next = into[current] {
            if seen.contains(current) {
                // The ring begins where it was first met; what led into it is no part of it.
                let ring = path[(path.firstIndex(of: current) ?? 0)...]
                return ring.min() ?? current
            }
            seen.insert(current)
            path.append(current)
            current = next
        }
        return current
    }

    /// Every record of the person that a record belongs to, itself among them, sorted.
    public func all(of record: RecordID) -> [RecordID] {
        let root = root(of: record)
        var found: Set<RecordID> = [root]
        var waiting = [root]
        while let next = waiting.popLast() {
            for source in from[next] ?? [] where found.insert(source).inserted { waiting.append(source) }
        }
        return found.sorted()
    }

    /// The same without what leads from one of some records to another of them.
    public func without(_ some: Set<RecordID>) -> Redirects {
        Redirects(into.filter { !some.contains($0) || !some.contains($1) }.map { (from: $0, into: $1) })
    }

    /// The records by which one leads to where it ends, itself first and that end left out; empty where it leads nowhere. Of a
    /// ring each once.
    public func chain(from record: RecordID) -> [RecordID] {
        var chain: [RecordID] = []
        var current = record
        while let next = into[current], !chain.contains(current) {
            chain.append(current)
            current = next
        }
        return chain
    }

    /// The roots of rings: merges in opposite directions that somebody should put right. Sorted.
    public var rings: [RecordID] {
        var found: Set<RecordID> = []
        for record in into.keys where into[root(of: record)] != nil { found.insert(root(of: record)) }
        return found.sorted()
    }
}
