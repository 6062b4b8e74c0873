import Logging
import SyncModel
import SyncStore

extension Routes {
    /// Counts an exchange and writes its line: who by code, how much, how long. Never a token, a name, or
    /// anything that stands in a record.
    func note(_ hello: Hello, _ answered: Answered, received: Int, sent: Int) {
        let counts = answered.outcome.counts
        let reply = answered.outcome.reply
        let verdict = reply.welcome.verdict.name
        counters.count {
            $0.exchanges[verdict, default: 0] += 1
            $0.changes["taken", default: 0] += counts.taken
            $0.changes["repeated", default: 0] += counts.repeated
            $0.changes["quarantined", default: 0] += counts.quarantined
            $0.changes["conflict", default: 0] += counts.conflicts
            $0.records += reply.records.count
            $0.leaves += reply.leaves.count
            $0.bytesIn += received
            $0.bytesOut += sent
            // A client may claim anything; what it claims must not run over.
            $0.clientFailures += Int(min(hello.failures, 10_000))
            $0.durations.add(answered.worked)
        }
        log.info(
            "exchange",
            metadata: [
                "device": "\(answered.device.device)", "verdict": "\(verdict)",
                "taken": "\(counts.taken)", "repeated": "\(counts.repeated)",
                "quarantined": "\(counts.quarantined)", "conflicts": "\(counts.conflicts)",
                "records": "\(reply.records.count)", "leaves": "\(reply.leaves.count)",
                "received": "\(received)", "sent": "\(sent)", "micros": "\(answered.worked)",
                "held": "\(answered.held)",
            ])
    }
}

extension Welcome.Verdict {
    /// The word for logs and figures.
    var name: String {
        switch self {
        case .ok: "ok"
        case .reidentify: "reidentify"
        case .rewind: "rewind"
        case .upgrade: "upgrade"
        case .sealed: "sealed"
        }
    }
}
