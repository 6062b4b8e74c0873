import PeerSupport
import SyncModel

extension Conflict {
    /// What names it, whatever stands in it: `4be1a0c2.contact`.
    var name: String { "\(view.id.short).\(topic)" }

    private var topic: String {
        switch kind {
        case .values, .transition: register ?? "values"
        case .deletion: deletedRegister
        case .void: "void"
        case .duplicate: "same-as-\(other?.id.short ?? "")"
        case .clock: "clock-\(sides.first?.change?.dot.n ?? 0)"
        case .contested: "contested-\(decision?.id.short ?? "")"
        case .ring: "merged"
        case .late: "late-\(register ?? "")"
        case .amendments: "amendments"
        }
    }

    /// The records of which is asked whether they are one person's, or about which a decision was.
    var pair: Set<RecordID> { Set([view.id, other?.id ?? decision?.other].compactMap { $0 }) }

    /// Whether it asks what a decision had decided: about the same register, the same time or the same two records.
    func asks(_ said: Decision) -> Bool {
        if decision?.id == said.id { return true }
        guard let topic = said.register else {
            return [.duplicate, .contested].contains(kind) && register == nil && said.other != nil
                && pair == Set([said.subject, said.other].compactMap { $0 })
        }
        switch kind {
        case .clock:
            return view.id == said.subject && sides.first?.change.map(ConflictFinder.clockTopic) == topic
        case .late: return other?.id == said.subject && register == topic
        case .amendments:
            return topic == "void"
                && (view.id == said.subject || sides.contains { $0.record?.id == said.subject })
        case .deletion: return view.id == said.subject && topic == deletedRegister
        case .values, .transition, .void, .contested: return view.id == said.subject && register == topic
        case .duplicate, .ring: return false
        }
    }
}
