/// A laptop whose files are those of an earlier day.
extension World {
    /// Puts a laptop back to an earlier copy of its files, and notes what went with the files that it had.
    ///
    /// - Returns: whether all of its files are the copy's, or its database alone.
    func putBack(_ device: SimulatedDevice, to copy: String) throws -> Bool {
        let before = try log(device)
        let whole = try device.restore(copy)
        copies += 1
        held.removeAll { $0.device === device }
        let after = try log(device)
        let kept = Set(after.map { Oracle.Mark(record: $0.record, wall: $0.wall) })
        for row in before where !kept.contains(Oracle.Mark(record: row.record, wall: row.wall)) {
            guard let id = oracle.find(row.record, wall: row.wall) else { continue }
            putBack.insert(id)
            // The server had said what became of it, so it has it.
            if row.state != 0 { acknowledged.insert(id) }
        }
        // That it was taken back is forgotten with the files, unless they are of a later day.
        for row in after where row.state != 4 && row.state != 7 {
            if let id = oracle.find(row.record, wall: row.wall) { oracle.keep(id) }
        }
        return whole
    }
}
