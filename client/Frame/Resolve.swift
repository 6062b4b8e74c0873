import PeerSupport
import SyncModel
import SyncReplica

/// From what people type to the record they mean.
extension Desk {
    /// The participant of a code (`P0142`), an id or the end of one, or the name: whoever has just this name
    /// or part of it (`Ana`), else whoever's name or last name begins so, from three letters on. Letters from
    /// the middle of a name name nobody: a record on the wrong person harms two.
    ///
    /// - Throws: ``SyncError`` `unknownRecord`, or `ambiguous` with those that fit; two people of one code are told
    ///   apart by their ids.
    ///
    /// - Parameter followingMerges: that of a record which was merged into another the other is meant.
    func participant(_ typed: String, followingMerges: Bool = true) throws -> Participant {
        var view = try resolve(
            typed, in: "participant", called: "participant", onePerPerson: followingMerges,
            named: { part in
                try replica().find(Query("participant")).map { view in
                    (view: view, fit: Self.fit(Wording.name(of: view), part))
                }
            })
        if followingMerges, !view["merged_into"].isNone {
            let root = try Merged(in: replica()).root(of: view.id)
            // One that lies outside this laptop's records cannot be followed to; then what is here is shown.
            view = try replica().view(root) ?? view
        }
        guard let participant = Participant(view) else { throw Self.unknown("participant", typed) }
        return participant
    }

    /// How well a name fits what was typed: 2 for the whole name or one of its words, 1 for a beginning.
    static func fit(_ name: String, _ typed: String) -> Int {
        // Not every keyboard has the accents of every name.
        let name = Folding.plain(name)
        let typed = Folding.plain(typed)
        let words = name.split(separator: " ").map(String.init)
        if name == typed || words.contains(typed) { return 2 }
        guard typed.count >= 3 else { return 0 }
        return name.hasPrefix(typed) || words.contains { $0.hasPrefix(typed) } ? 1 : 0
    }

    /// The record of a table that has this id, or whose id ends so.
    ///
    /// - Throws: ``SyncError`` `unknownRecord`, or `ambiguous` with those that fit.
    func record(_ typed: String, in table: String) throws -> RecordView {
        try resolve(typed, in: table, called: Wording.table(table), named: { _ in [] })
    }

    /// The staff member, site or team of a code, which may be typed in any case.
    ///
    /// - Throws: ``SyncError`` `unknownRecord`.
    func named(_ code: String, in table: String) throws -> RecordView {
        for spelling in [code, code.uppercased()] {
            let id = NaturalKey.id(table: table, key: spelling)
            if let view = try replica().view(id), view.deletion != .deleted { return view }
        }
        let typed = code.trimmed.lowercased()
        let fitting = try replica().find(Query(table)).filter { $0["code"].text?.lowercased() == typed }
        if let view = fitting.first, fitting.count == 1 { return view }
        throw Self.unknown(Wording.table(table), code)
    }

    /// Any record: a participant's code or name, an id, or the end of an id. Where no living one answers it may be one that
    /// was deleted: who looks it up wants to know what became of it.
    ///
    /// - Throws: ``SyncError`` `unknownRecord`, or `ambiguous` with those that fit.
    func anyRecord(_ typed: String) throws -> RecordView {
        let replica = try replica()
        if let id = Identifier(text: typed) {
            guard let view = try replica.view(id) else { throw Self.unknown("record", typed) }
            return view
        }
        for table in PeerSupportSchema.schema.tables {
            if let view = try ofCode(typed, in: table) { return view }
        }
        var found: [RecordView] = []
        for table in PeerSupportSchema.schema.tables {
            found += try ofID(typed, in: table.name)
        }
        if found.isEmpty {
            let people = try replica.find(Query("participant")).map { view in
                (view: view, fit: Self.fit(Wording.name(of: view), typed.trimmed))
            }
            let best = people.map(\.fit).max() ?? 0
            found = people.filter { best > 0 && $0.fit == best }.map(\.view)
        }
        if found.isEmpty { found = try deleted(typed) }
        return try only(found, typed, called: "record")
    }

    private func resolve(
        _ typed: String, in table: String, called noun: String, onePerPerson: Bool = false,
        named: (String) throws -> [(view: RecordView, fit: Int)]
    ) throws -> RecordView {
        let replica = try replica()
        let typed = typed.trimmed
        guard !typed.isEmpty else { throw Self.unknown(noun, typed) }
        if let id = Identifier(text: typed) {
            guard let view = try replica.view(id), view.table.name == table else {
                throw Self.unknown(noun, typed)
            }
            if let gone = try Deleted(view, at: self) { throw try gone.error(time) }
            return view
        }
        if let schema = PeerSupportSchema.schema.table(table), let view = try ofCode(typed, in: schema) {
            return view
        }
        let meant = try ofID(typed, in: table)
        let ids = Set(meant.map(\.id))
        // What an id says weighs as much as a whole name.
        let fits =
            meant.map { (view: $0, fit: 2) }
            + (try named(typed.lowercased()).filter { !ids.contains($0.view.id) })
        let best = fits.map(\.fit).max() ?? 0
        var found = fits.filter { best > 0 && $0.fit == best }.map(\.view)
        if onePerPerson, found.count > 1 { found = try Merged(in: replica).shown(found, replica) }
        if found.isEmpty,
            let gone = try deleted(typed, in: table).first.flatMap({ try Deleted($0, at: self) })
        {
            throw try gone.error(time)
        }
        return try only(found, typed, called: noun)
    }

    /// The records of a table whose id ends so; none for what is too short to say it, or is no part of an id.
    private func ofID(_ typed: String, in table: String) throws -> [RecordView] {
        guard let end = Identifier.end(meantBy: typed) else { return [] }
        return try replica().find(Query(table, where: [.idEnds(end)]))
    }

    /// The record of a code, which may be typed in any case; `nil` if nothing has it.
    ///
    /// - Throws: ``SyncError`` `ambiguous`, when two were given the same code apart.
    private func ofCode(_ typed: String, in table: Table) throws -> RecordView? {
        guard table.place(of: "code") != nil else { return nil }
        let typed = typed.trimmed
        let spellings = Set([typed, typed.uppercased()]).sorted().map { Value.text($0) }
        let found = try replica().find(Query(table.name, where: [.oneOf("code", spellings)]))
        if found.count > 1 {
            // Records that were merged are one person's.
            let people = try Merged(in: replica())
            let roots = Set(found.map { people.root(of: $0.id) })
            if table.name == "participant", roots.count == 1 {
                return found.first { roots.contains($0.id) } ?? found.first
            }
            throw try DoubleCodes.ambiguity(found[0]["code"].text ?? typed, found, at: self)
        }
        return found.first
    }

    private func only(_ found: [RecordView], _ typed: String, called noun: String) throws -> RecordView {
        guard let first = found.first else { throw Self.unknown(noun, typed) }
        guard found.count > 1 else { return first }
        // Whoever shares a code with another is told apart by the id.
        let codes = found.compactMap { $0["code"].text }
        let isDouble = Set(codes).count < codes.count
        let shown = found.prefix(8).map { view in
            isDouble ? "\(Wording.label(of: view)) (\(view.id.short))" : Wording.label(of: view)
        }.joined(separator: ", ")
        let more = found.count > 8 ? " and \(found.count - 8) more" : ""
        throw SyncError(
            .ambiguous, "\"\(typed)\" fits \(found.count) records: \(shown)\(more)",
            means: "nothing was recorded", advice: "say which one, by its code or its id")
    }

    private static func unknown(_ noun: String, _ typed: String) -> SyncError {
        SyncError(
            .unknownRecord, "no \(noun) on this laptop fits \"\(TextWidth.cut(typed, to: 60))\"",
            means: "nothing was recorded",
            advice: "check the spelling; what was recorded elsewhere comes with the next `porchlight sync`")
    }
}

extension String {
    /// Without blanks at either end.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
