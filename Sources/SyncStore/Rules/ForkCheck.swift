import SyncModel
import SyncWire

/// One change of a request, decoded, with the chain's hash at it.
struct OfferedChange {
    let bytes: [UInt8]
    let change: Change
    let hash: ChainHash
}

/// Compares the log a device offers with the log the server holds of it, before anything else is done.
///
/// A number used twice with different content, or a server that has more than the device ever wrote, means
/// that the device's database is a copy or was restored from one.
enum ForkCheck {
    /// What the comparison says.
    enum Finding: Hashable {
        /// The logs agree as far as they were compared.
        case agrees
        /// They part after this number.
        case forked(agreed: UInt64)
        /// They cannot be compared from here: send again from this number.
        case rewind(expected: UInt64)
    }

    /// Decodes the changes of a request and chains their hashes.
    ///
    /// - Throws: `SyncError` with code `malformed` when a change is not the one that belongs at its place.
    static func offered(_ request: ExchangeRequest) throws -> [OfferedChange] {
        var previous = request.hello.hashBefore
        var expected = request.hello.firstUnsent
        return try request.changes.map { bytes in
            let (frozen, change) = try decoded(bytes)
            guard change.dot == Dot(request.hello.incarnation, expected) else {
                throw SyncError(
                    .malformed, "a change does not stand where its number says",
                    means: "nothing of this exchange was taken; everything is still on the laptop",
                    advice: "run `porchlight doctor` on the laptop")
            }
            expected += 1
            previous = frozen.hash(after: previous)
            return OfferedChange(bytes: bytes, change: change, hash: previous)
        }
    }

    private static func decoded(_ bytes: [UInt8]) throws -> (frozen: FrozenChange, change: Change) {
        do {
            return try FrozenCodec.decode(bytes)
        } catch {
            throw SyncError(
                .malformed, "a change could not be read",
                means: "nothing of this exchange was taken; everything is still on the laptop",
                advice: "run `porchlight doctor` on the laptop")
        }
    }

    /// Compares.
    ///
    /// - Parameters:
    ///   - hello: where the device says its log stands.
    ///   - offered: its changes from `hello.firstUnsent` on.
    ///   - mark: up to which number the server has this incarnation.
    ///   - hash: the server's hash at a number up to the mark.
    static func compare(
        _ hello: Hello, _ offered: [OfferedChange], mark: UInt64, hash: (UInt64) throws -> ChainHash?
    ) throws -> Finding {
        let first = hello.firstUnsent
        guard first >= 1, first - 1 <= hello.newest else { return .rewind(expected: 1) }
        if first > mark + 1 { return .rewind(expected: mark + 1) }
        if try hash(first - 1) != hello.hashBefore {
            // Half way back each time: a few rounds find a place where the logs still agree.
            return first == 1 ? .forked(agreed: 0) : .rewind(expected: max(1, first / 2))
        }
        for one in offered where one.change.dot.n <= mark {
            if try hash(one.change.dot.n) != one.hash { return .forked(agreed: one.change.dot.n - 1) }
        }
        let compared = offered.last?.change.dot.n ?? (first - 1)
        if compared == hello.newest, mark > hello.newest { return .forked(agreed: hello.newest) }
        return .agrees
    }
}
