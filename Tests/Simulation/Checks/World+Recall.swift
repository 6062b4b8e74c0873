import SyncModel
import SyncReplica
import SyncWire

/// What administrators bring back to a restored server, whoever wrote it and whether or not they ever call again.
extension World {
    /// Something that an administrator's laptop held when the server was put back.
    struct Held {
        let device: SimulatedDevice
        let record: RecordID
        let dot: Dot
        /// What the oracle calls it.
        let write: Int?
    }

    /// Notes what the administrators' laptops hold, at the moment at which the server is put back.
    func noteHeld() throws {
        held = try present.filter { $0.enrolment.role == "administrator" }.flatMap { device in
            try ReplicaView(device).records.sorted { $0.key < $1.key }.flatMap { record, bytes in
                try StateCodec.decode(bytes).live.map { change in
                    let write = oracle.find(
                        record, wall: change.deviceMicroseconds, under: change.dot.incarnation)
                    return Held(device: device, record: record, dot: change.dot, write: write)
                }
            }
        }
    }

    /// Whatever an administrator held, and still works on the same files, is there again or was replaced by somebody
    /// who had read it: the record's context has it either way.
    func checkRecall(_ server: ServerView) throws {
        // Offered again, it may wait in quarantine for what it builds upon, and somebody may decide about it there. What
        // is released then has read it.
        let decided = oracle.discarded.union(oracle.withdrawn)
        for one in held where !one.device.isGone && !decided.contains(one.write ?? -1) {
            guard server.records[one.record]?.state.context.contains(one.dot) == true else {
                let what = one.write.map(story) ?? "a value of \(naming.name(one.record))"
                throw Broken(
                    "recall",
                    "\(one.device.owner) held \(what) when the server was put back, and the server knows nothing of it."
                        + others(than: one))
            }
        }
    }

    /// Who else wrote what there: whether somebody but an administrator could have brought it, and what stands instead.
    private func others(than held: Held) -> String {
        guard let id = held.write else { return "" }
        let mine = oracle.writes[id]
        let registers = Set(mine.writes.map(\.register))
        let others = oracle.writes.filter { one in
            one.record == held.record && one.id != id
                && one.writes.contains { registers.contains($0.register) }
        }
        let author = devices.first { $0.owner == mine.device }
        let gone = author?.isGone == true ? " That laptop never calls again." : ""
        guard !others.isEmpty else { return gone + " Nobody else wrote there." }
        return gone + " Also written there were:"
            + others.map { other in
                "\n    \(story(other.id)), whose writer had\(other.met.contains(id) ? "" : " not") read #\(id)"
            }.joined()
    }
}
