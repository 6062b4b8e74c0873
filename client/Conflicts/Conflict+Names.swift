import PeerSupport
import SyncModel

extension Conflict {
    /// What names it, whatever stands in it: `4be1a0c2.contact`.
    var name: String { "\(view.id.short).\(topic)" }

    /// What follows the record in the name.
    var topic: String {
        switch kind {
        case .values, .transition: register ?? "values"
        case .deletion: deletedRegister
        case .void: "void"
        case .duplicate: "same-as-\(other?.id.short ?? "")"
        case .clock: "clock-\(sides.first?.change?.dot.n ?? 0)"
        case .contested: "contested-\(decision?.id.short ?? "")"
        case .ring: "merged"
        case .fork: "merged-into"
        case .late: "late-\(register ?? "")"
        case .amendments: "amendments"
        }
    }

    /// The records of which is asked whether they are one person's, or about which a decision was.
    var pair: Set<RecordID> { Set([view.id, other?.id ?? decision?.other].compactMap { $0 }) }

    /// The record, whom it is about, and what there is to choose from.
    var concerned: Set<RecordID> {
        pair.union([participant].compactMap { $0 }).union(sides.compactMap { $0.record?.id })
    }

    /// Whether it is decided in it what stands in a register of a record: which of several check-ins counts their void marks
    /// say, and whether a correction does that of what it corrects.
    func decides(_ name: String, of record: RecordID) -> Bool {
        switch kind {
        case .values, .transition, .fork, .deletion:
            view.id == record && (register ?? deletedRegister) == name
        case .void:
            name == "void" && (view.id == record || correction?.id == record)
        case .amendments: name == "void" && concerned.contains(record)
        case .duplicate, .clock, .contested, .ring, .late: false
        }
    }

    /// Whether it asks what a decision had decided: about the same register, the same time or the same two records.
    func asks(_ said: Decision) -> Bool {
        if decision?.id == said.id { return true }
        guard let topic = said.register else { return asks(ofTwo: said) }
        switch kind {
        case .clock:
            return view.id == said.subject && sides.first?.change.map(ConflictFinder.clockTopic) == topic
        case .late: return other?.id == said.subject && register == topic
        case .amendments:
            return topic == "void"
                && (view.id == said.subject || sides.contains { $0.record?.id == said.subject })
        case .deletion: return view.id == said.subject && topic == deletedRegister
        // A correction is void with what it corrects, or counts with it.
        case .void where topic == "void" && said.other == nil && correction?.id == said.subject: return true
        case .values, .transition, .void, .fork, .contested:
            return view.id == said.subject && register == topic
        case .duplicate, .ring: return false
        }
    }

    /// Whether it asks what a decision about two records had decided: about the same two; or all those that were merged in a
    /// ring with them, or into which else one of them was merged.
    private func asks(ofTwo said: Decision) -> Bool {
        guard let other = said.other else { return false }
        switch kind {
        case .duplicate, .contested: return register == nil && pair == [said.subject, other]
        case .ring: return [said.subject, other].allSatisfy { id in sides.contains { $0.record?.id == id } }
        case .fork:
            return view.id == said.subject
                && sides.contains {
                    $0.leads ? $0.values.first == .reference(other) : said.saysOne == false
                }
        case .values, .transition, .deletion, .void, .clock, .late, .amendments: return false
        }
    }
}

extension Conflict.Side {
    /// Of where a record leads, whether it leads to another one: somebody may have said apart that it leads nowhere.
    var leads: Bool { values.first?.reference != nil }
}
