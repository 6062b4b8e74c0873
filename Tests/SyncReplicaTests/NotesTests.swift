import SyncModel
import SyncReplica
import SyncWire
import Testing

/// What the server says of conflicts, as a replica keeps it.
@Suite struct NotesTests {
    private let other = Identifier(high: 8, low: 8)

    private func notes(_ phone: String, at time: Int64 = 5) -> ConflictNotes {
        ConflictNotes(
            bases: [
                ConflictNotes.Base(
                    register: "contact", values: [.text(phone), .none], dot: Dot(other, 1), author: "PS02",
                    effective: EffectiveTime(microseconds: 7, isEstimated: true))
            ],
            origins: [
                ConflictNotes.Origin(
                    dot: Dot(other, 2), device: "LT-2", receivedMicroseconds: time,
                    arrival: .brought(at: 9, by: "LT-3"))
            ])
    }

    /// Two people wrote a phone number apart, and the server says what both had read.
    private func disagreeing(
        _ laptop: Laptop, _ peer: FakePeer, keys: [ScopeKey] = ["all"]
    ) async throws -> RecordID {
        let id = try laptop.person("Ada")
        let person = try laptop.person("Eve")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(id, Write.phone("1"))
        await peer.put(
            id, "person",
            [
                LiveChange(
                    dot: Dot(other, 2), author: "PS02", writes: [Write.phone("2")], context: Context(),
                    effective: EffectiveTime(microseconds: 1_800_000_000_000_000), deviceMicroseconds: 1)
            ], keys: keys)
        await peer.note(id, notes("555 0100"))
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.view(id)?.conflicts == ["contact"])
        #expect(try laptop.replica.conflictNotes(of: person) == nil)
        return id
    }

    @Test func `they are kept as they came, and take the place of those before`() async throws {
        let (laptop, peer) = (try Laptop(), FakePeer())
        let id = try await disagreeing(laptop, peer)
        let digest = try laptop.replica.digest()
        #expect(try laptop.replica.conflictNotes(of: id) == notes("555 0100"))
        #expect(try laptop.replica.conflictNotes(of: id)?.base(of: "contact")?.author == "PS02")
        #expect(try laptop.replica.conflictNotes(of: id)?.origin(of: Dot(other, 2))?.device == "LT-2")
        await peer.note(id, notes("555 0101", at: 6))
        await peer.touch(id)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.conflictNotes(of: id) == notes("555 0101", at: 6))
        // They are beside the state.
        #expect(try laptop.replica.digest() == digest)
        #expect(try await laptop.replica.digest() == peer.digest)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `they go when the record comes without`() async throws {
        let (laptop, peer) = (try Laptop(), FakePeer())
        let id = try await disagreeing(laptop, peer)
        let token = try laptop.replica.token(for: id)
        try laptop.replica.edit(token: token, resolving: true) { try $0.write(id, [Write.phone("2")]) }
        // Decided here, and the server does not know yet.
        #expect(try laptop.replica.conflictNotes(of: id) != nil)
        await peer.note(id, nil)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.view(id)?.conflicts == [])
        #expect(try laptop.replica.conflictNotes(of: id) == nil)
    }

    @Test func `they go with the record`() async throws {
        let (laptop, peer) = (try Laptop(), FakePeer())
        let id = try await disagreeing(laptop, peer)
        await peer.leave(id)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.view(id) == nil && laptop.replica.conflictNotes(of: id) == nil)
    }

    @Test func `they go with the key under which the record came`() async throws {
        let (laptop, peer) = (try Laptop(), FakePeer())
        await peer.set(keys: ["caseload:PS01"])
        let id = try await disagreeing(laptop, peer, keys: ["caseload:PS01"])
        #expect(try laptop.replica.conflictNotes(of: id) != nil)
        await peer.set(keys: ["directory"])
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.view(id) == nil && laptop.replica.conflictNotes(of: id) == nil)
    }

    @Test func `they stay when changes are issued anew, and when the server was restored`() async throws {
        let (laptop, peer) = (try Laptop(), FakePeer())
        let id = try await disagreeing(laptop, peer)
        try laptop.set(id, Write.name("Ada L."))
        let hello = try #require(await peer.requests.last?.hello)
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: hello.newest)),
                end: End(cursor: hello.cursor, more: false, remaining: 0, heard: hello.heard)))
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.reidentified)
        #expect(try laptop.replica.conflictNotes(of: id) == notes("555 0100"))
        let backup = await peer.backup
        await peer.restore(backup)
        #expect(try await laptop.replica.sync(with: peer).healed)
        #expect(try laptop.replica.conflictNotes(of: id) == notes("555 0100"))
        try laptop.reopen()
        #expect(try laptop.replica.conflictNotes(of: id) == notes("555 0100"))
    }

    @Test func `what was asked for since is kept beside it, and goes when the record comes again`()
        async throws
    {
        let (laptop, peer) = (try Laptop(), FakePeer())
        let id = try await disagreeing(laptop, peer)
        let digest = try laptop.replica.digest()
        let third = Dot(other, 3)
        let origin = ConflictNotes.Origin(
            dot: third, device: "LT-9", receivedMicroseconds: 11, arrival: .sent)
        try laptop.replica.keep(origins: [id: [origin], Identifier(high: 1, low: 1): [origin]])
        let kept = try laptop.replica.conflictNotes(of: id)
        #expect(kept?.origin(of: third) == origin && kept?.base(of: "contact")?.author == "PS02")
        #expect(kept?.origin(of: Dot(other, 2))?.device == "LT-2")
        // Of what is not on this laptop nothing is kept.
        #expect(try laptop.replica.conflictNotes(of: Identifier(high: 1, low: 1)) == nil)
        #expect(try laptop.replica.digest() == digest)
        await peer.touch(id)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.conflictNotes(of: id) == notes("555 0100"))
    }

    @Test func `what was shown is remembered under its version`() throws {
        let replica = try Laptop().replica
        #expect(try replica.version(shown: "a.contact") == nil)
        try replica.remember(versions: ["a.contact": "1f", "b.note": "2e"])
        try replica.remember(versions: ["a.contact": "3d"])
        #expect(try replica.version(shown: "a.contact") == "3d")
        #expect(try replica.version(shown: "b.note") == "2e")
        try replica.remember(versions: ["a.contact": "3d"], isAll: true)
        #expect(try replica.version(shown: "a.contact") == "3d")
        #expect(try replica.version(shown: "b.note") == nil)
    }
}
