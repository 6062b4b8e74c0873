import PeerSupport
import SyncModel
import SyncReplica

/// Codes that more than one participant on this laptop has, because they were given out on two laptops that knew
/// nothing of each other. The records stay apart; only the code does not say any more which one is meant.
struct DoubleCodes {
    let codes: [String]

    init(in replica: Replica) throws {
        let repeated = try replica.repeated("code", in: "participant")
        guard !repeated.isEmpty else {
            codes = []
            return
        }
        // Records that were merged are one person's, and one code may name them.
        let people = try Merged(in: replica)
        codes = try repeated.filter { code in
            let holders = try replica.find(Query("participant", where: [.equals("code", .text(code))]))
            return Set(holders.map { people.root(of: $0.id) }).count > 1
        }
    }

    /// One line for each, for whoever should do something about it.
    func notes(in replica: Replica) throws -> [String] {
        try codes.map { code in
            let count = try replica.count(Query("participant", where: [.equals("code", .text(code))]))
            return "\(code) is the code of \(Self.people(count)) (porchlight participant list \(code))"
        }
    }

    var json: JSON { .list(codes.map { .text($0) }) }

    /// Why a code names nobody: who has it, and how to say which one is meant.
    static func ambiguity(_ code: String, _ found: [RecordView], at desk: Desk) throws -> SyncError {
        let shown = try found.prefix(8).map { try description(of: $0, at: desk) }.joined(separator: "; ")
        let more = found.count > 8 ? "; and \(found.count - 8) more" : ""
        return SyncError(
            .ambiguous, "\(code) is the code of \(people(found.count)): \(shown)\(more)",
            means: "they are different records, and nothing of one is shown or recorded under the other",
            advice: "say which one by its id, as in porchlight participant show \(found[0].id.short)")
    }

    /// `4be1a0c2 Ben Ode, site S1, team ACT1, added by PS07 yesterday 10:05`
    private static func description(of view: RecordView, at desk: Desk) throws -> String {
        var parts = ["\(view.id.short) \(Wording.name(of: view))"]
        if let site = view["site"].text { parts.append("site \(site)") }
        if let team = view["team"].text { parts.append("team \(team)") }
        let making = try desk.replica().history(view.id).first { entry in
            entry.writes.contains { $0.register == "identity" }
        }
        if let making {
            let when = making.effective?.microseconds ?? making.writtenMicroseconds
            parts.append("added by \(making.author) \(desk.time.ago(floorSeconds(when)))")
        }
        return parts.joined(separator: ", ")
    }

    private static func people(_ count: Int) -> String { count == 2 ? "two people" : "\(count) people" }
}
