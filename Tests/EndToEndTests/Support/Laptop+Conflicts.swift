import Testing

extension Laptop {
    /// What `conflicts` lists, by the names that `resolve` takes.
    func conflicts() async throws -> [(id: String, kind: String)] {
        try await json("conflicts")["conflicts"].list.map { conflict in
            (try #require(conflict["id"].text), try #require(conflict["kind"].text))
        }
    }

    /// The name of the first conflict of a kind.
    func conflict(_ kind: String) async throws -> String {
        try #require(try await conflicts().first { $0.kind == kind }?.id, "no \(kind)")
    }
}

extension [Laptop] {
    /// Everybody syncs twice, so that everybody has everything.
    func meet() async throws {
        for laptop in self + self { try await laptop.done("sync") }
    }
}
