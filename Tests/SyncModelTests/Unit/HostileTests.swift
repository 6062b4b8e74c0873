import SyncModel
import Testing

/// What broken or forged clients may send. The server refuses most of it before it comes to a merge; these
/// tests say what the merge itself does, and why the refusal is needed.
@Suite struct `A hostile change` {
    @Test func `that claims to have read itself and its own future is still there`() {
        let vain = Fixture.change(1, 1, ["a": 1], read: [1: .max])
        #expect(Fixture.state([vain]).winner(of: "a") == [.integer(1)])
        #expect(merge(Fixture.state([vain]), Fixture.state([vain])) == Fixture.state([vain]))
        let state = Fixture.state([vain, Fixture.change(2, 1, ["a": 2])])
        #expect(state.siblings(of: "a").count == 2)
        #expect(state.context[Fixture.incarnation(1)] == .max)
    }

    /// A context that names what does not exist yet hides it when it comes, and two that name each other
    /// hide both. Neither happens without a forged context, which is why the server puts every change in
    /// quarantine that claims more than was given out, or its own number or more of its own incarnation.
    @Test func `that names what is to come would hide it`() {
        let forged = Fixture.change(1, 1, ["a": 1], read: [2: 5])
        let honest = Fixture.change(2, 1, ["a": 2])
        #expect(Fixture.state([forged, honest]).winner(of: "a") == [.integer(1)])
        let answer = Fixture.change(2, 1, ["a": 2], read: [1: 1])
        #expect(Fixture.state([forged, answer]).live == [])
    }

    @Test func `with the greatest number there is does not overflow`() {
        let last = Fixture.change(1, .max, ["a": 1], read: [1: .max - 1])
        let other = Fixture.change(2, 1, ["a": 2], read: [1: .max])
        #expect(Fixture.state([last, other]).live == [other])
        #expect(last.context.contains(Fixture.dot(1, .max)) == false)
    }

    @Test func `with number zero is covered by everybody and covers nobody`() {
        let zero = Fixture.change(1, 0, ["a": 1])
        let other = Fixture.change(2, 1, ["a": 2])
        #expect(Fixture.state([zero, other]).live == [other])
    }

    /// One dot means one change; the hash check before a merge sees to that. Should it fail, a state still
    /// has each dot once.
    @Test func `with the dot of another is not kept beside it`() {
        let (one, two) = (Fixture.change(1, 1, ["a": 1]), Fixture.change(1, 1, ["a": 2]))
        #expect(Fixture.state([one, two]).live.count == 1)
        #expect(merge(Fixture.state([one]), Fixture.state([two])).live.count == 1)
    }

    @Test func `judged twice counts at the smaller time, in either order`() {
        let early = Fixture.change(1, 1, ["a": 1], at: 5)
        let late = Fixture.change(1, 1, ["a": 1], at: 9)
        let never = Fixture.change(1, 1, ["a": 1], at: nil)
        for changes in [[early, late, never], [never, late, early], [late, never, early]] {
            #expect(Fixture.state(changes).live == [early])
            let steps = changes.reduce(into: RecordState(table: "thing")) { $0.merge($1) }
            #expect(steps.live == [early])
        }
    }

    @Test func `that writes nothing is never live beside others`() {
        let state = Fixture.state([Fixture.change(1, 1, [:]), Fixture.change(2, 1, ["a": 2])])
        #expect(state.live.map(\.dot) == [Fixture.dot(2, 1)])
    }

    /// Swift compares texts by what they mean to a reader, so two spellings in octets of one character are
    /// equal texts. Values are compared byte for byte.
    @Test func `of other octets that look the same is another value`() {
        let (composed, decomposed) = (Value.text("Zo\u{eb}"), Value.text("Zoe\u{308}"))
        #expect(composed != decomposed)
        #expect(composed == .text("Zo\u{eb}"))
        #expect(Set([composed, decomposed]).count == 2)
    }

    /// The Kelvin sign is canonically a K.
    @Test func `of other octets that look the same is no word of a closed list`() {
        #expect(throws: SchemaError.self) {
            try Field("code", .code(["K"])).validate(.text("\u{212a}"), in: "thing")
        }
    }

    /// A salt has 16 octets. A longer one could take over the beginning of the value, and the hash, which is
    /// over both, would not notice. This is why decoding refuses salts and seals of any other length.
    @Test func `with octets moved from its value to its salt would keep its hash`() {
        let salt = [UInt8](repeating: 9, count: 16)
        let honest = FrozenChange(
            head: [1], contents: [.plain(Array("not seen".utf8))], salting: .salts([salt]))
        let forged = FrozenChange(
            head: [1], contents: [.plain(Array("seen".utf8))], salting: .salts([salt + Array("not ".utf8)]))
        #expect(honest.hash(after: .zero) == forged.hash(after: .zero))
    }
}
