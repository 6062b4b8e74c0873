import SyncModel
import SyncReplica
import SyncStore

/// What the server alone must keep: what was decided, by whom it is known, and its own word on its files.
extension World {
    /// What was released stands in the name of whoever wrote it, or was replaced by who had met it; what was discarded
    /// is no part of any record. A restored server may have forgotten the decision: then it is in quarantine again.
    func checkDecisions(_ server: ServerView) throws {
        var applied: Set<Int> = []
        var refused: Set<Int> = []
        for change in server.taken where !change.isDecided {
            guard let id = oracle.find(change.record, wall: change.wall, under: change.dot.incarnation) else {
                continue
            }
            if change.code == nil { applied.insert(id) } else { refused.insert(id) }
        }
        try checkWithdrawn(refused)
        guard !isRestored else { return }
        for (id, again) in oracle.released.sorted(by: { $0.key < $1.key })
        where applied.isDisjoint(with: again) {
            throw Broken("released", "\(story(id)) was released, and is in no record's history")
        }
        for id in oracle.discarded.subtracting(try renumbered()).sorted()
        where applied.contains(id) || refused.contains(id) {
            throw Broken("discarded", "\(story(id)) was discarded, and is there again")
        }
    }

    /// What its author took back is in quarantine no more, also not again after a restore: the laptop says it again. A
    /// copy of the laptop knows nothing of it, and who never comes back has not said it.
    private func checkWithdrawn(_ refused: Set<Int>) throws {
        let heard = Set(present.map(\.owner))
        for id in oracle.withdrawn.intersection(refused).subtracting(try renumbered()).sorted()
        where heard.contains(oracle.writes[id].device) {
            throw Broken("withdrawn", "\(story(id)) was taken back by its author, and is in quarantine")
        }
    }

    /// What a copy of its laptop may have sent as well, under another number: it does not know what was decided.
    private func renumbered() throws -> Set<Int> {
        guard copies > 0 else { return [] }
        var logs: [Int: Int] = [:]
        for device in devices {
            for row in try log(device) {
                if let id = oracle.find(row.record, wall: row.wall) { logs[id, default: 0] += 1 }
            }
        }
        return try issuedAnew().union(putBack).union(logs.filter { $0.value > 1 }.keys)
    }

    /// Whoever was given a token is known by it, and whoever was retired stays retired, through every crash and restore.
    func checkTokens() throws {
        for laptop in devices + spares {
            guard let found = try office.store.device(token: laptop.enrolment.token) else {
                throw Broken(
                    "tokens", "\(laptop.owner) was enrolled, and the server does not know it any more")
            }
            if found.isRetired != retired.contains(laptop.enrolment.device) {
                throw Broken(
                    "tokens",
                    "\(laptop.owner) \(found.isRetired ? "is retired, and nobody did that" : "is retired no more")"
                )
            }
        }
    }

    /// No epoch begins but with a restore, and none comes twice.
    func checkEpochs() throws {
        if let fault = office.fault { throw fault }
        if !isRestored, office.epoch > 1 {
            throw Broken("epochs", "epoch \(office.epoch) began, and nobody had put the server back")
        }
    }

    /// `porchlightd verify` finds nothing: every hash, every record, the audit log.
    func checkServersWord() throws {
        do { _ = try Store.verify(at: office.path) } catch {
            throw Broken("verify", "the server's own verification: \(error)")
        }
    }
}
