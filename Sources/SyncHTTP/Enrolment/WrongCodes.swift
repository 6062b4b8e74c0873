import SyncModel

/// How many wrong enrolment codes each address gave within the last minute.
///
/// Only wrong codes count, so an office that enrols twenty laptops in a row is never refused. An attempt takes
/// its place *before* the code is looked up and gives it back when the code was right: otherwise a
/// hundred attempts at once would all be let through. Pure: time comes in as an argument.
struct WrongCodes: Sendable {
    /// Microseconds for which an attempt counts.
    static let window: Int64 = 60_000_000

    private let perAddress: Int
    private let addresses: Int
    private var attempts: [String: [Int64]] = [:]

    init(perAddress: Int = Limits.enrolmentsPerMinute, addresses: Int = Limits.enrolmentAddresses) {
        self.perAddress = perAddress
        self.addresses = addresses
    }

    /// Takes a place for an attempt.
    ///
    /// - Returns: `nil` when it may go on, else in how many seconds to come back, at least 1.
    mutating func take(_ address: String, now: Int64) -> Int64? {
        let earlier = recent(attempts[address] ?? [], now: now)
        if earlier.count >= perAddress, let first = earlier.first {
            attempts[address] = earlier
            return Self.seconds(until: first, now: now)
        }
        if attempts[address] == nil, attempts.count >= addresses {
            attempts = attempts.compactMapValues { times in
                let left = recent(times, now: now)
                return left.isEmpty ? nil : left
            }
            // So many addresses at once are one guesser with many: then everybody new waits.
            guard attempts.count < addresses else { return Self.window / 1_000_000 }
        }
        attempts[address] = earlier + [now]
        return nil
    }

    /// Gives the place back that was taken at `time`: the code was right.
    mutating func giveBack(_ address: String, takenAt time: Int64) {
        guard var times = attempts[address], let index = times.lastIndex(of: time) else { return }
        times.remove(at: index)
        attempts[address] = times.isEmpty ? nil : times
    }

    private func recent(_ times: [Int64], now: Int64) -> [Int64] {
        times.filter { now - $0 < Self.window }
    }

    private static func seconds(until first: Int64, now: Int64) -> Int64 {
        max(1, (first + window - now + 999_999) / 1_000_000)
    }
}

extension WrongCodes {
    /// Under what an address is counted: an IPv4 address as it is, an IPv6 address by its network of 64
    /// bits, because one household has 2⁶⁴ of them.
    static func bucket(of address: String?) -> String {
        guard let address else { return "unknown" }
        guard address.contains(":"), !address.contains(".") else { return address }
        let halves = address.prefix { $0 != "%" }.split(
            separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let head = halves[0].split(separator: ":").map(String.init)
        guard halves.count == 2 else { return head.prefix(4).joined(separator: ":") }
        let tail = halves[1].split(separator: ":").map(String.init)
        let zeros = [String](repeating: "0", count: max(0, 8 - head.count - tail.count))
        return (head + zeros + tail).prefix(4).joined(separator: ":")
    }
}
