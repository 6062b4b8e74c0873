import Glibc
import PeerSupport
import SyncModel
import SyncReplica
import SyncTransport

/// Everything that comes from outside the program: clocks, dice, the environment, the zone, waiting.
struct World: Sendable {
    /// The clocks and dice, as the replica takes them.
    var surroundings: Surroundings
    /// A variable of the environment, `nil` if it is not set or empty.
    var environment: @Sendable (String) -> String?
    /// Makes the agency's time zone this process's; `false` if the machine does not know it.
    var useZone: @Sendable (String) -> Bool
    /// Seconds to add to UTC at a moment, in that zone.
    var offset: @Sendable (Int64) -> Int64
    /// Reaches a server. Nothing is connected before the first request.
    var link: @Sendable (HTTPPeer.Options) throws -> any ServerLink
    /// Waits.
    var sleep: @Sendable (_ seconds: Int64) async throws -> Void

    /// The clock here, now.
    var time: LocalTime {
        LocalTime(now: surroundings.clock().wallMicroseconds / 1_000_000, offset: offset)
    }

    /// The machine as it is.
    static func live() -> World {
        World(
            surroundings: Surroundings(
                clock: { Machine.clock() },
                random: {
                    var dice = SystemRandomNumberGenerator()
                    return dice.next()
                }),
            environment: { name in
                guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else {
                    return nil
                }
                return value
            },
            useZone: { Machine.useZone($0) },
            offset: { Machine.offset($0) },
            link: { try HTTPLink($0) },
            sleep: { try await Task.sleep(for: .seconds($0)) })
    }
}

private enum Machine {
    static func clock() -> ClockReading {
        ClockReading(
            wallMicroseconds: microseconds(CLOCK_REALTIME), boot: boot,
            bootMicroseconds: microseconds(CLOCK_BOOTTIME))
    }

    private static func microseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// Names the running of the machine. Where the kernel does not say, every process counts as a boot of
    /// its own: times are then judged by the wall clock, and marked as estimated.
    private static let boot: Identifier = {
        var dice = SystemRandomNumberGenerator()
        let otherwise = Identifier.version4(using: &dice)
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return otherwise }
        defer { close(file) }
        var octets = [UInt8](repeating: 0, count: 36)
        guard read(file, &octets, octets.count) == 36 else { return otherwise }
        return Identifier(text: String(decoding: octets, as: UTF8.self)) ?? otherwise
    }()

    /// The C library takes an unknown zone for UTC without a word, so its file is looked for first.
    static func useZone(_ zone: String) -> Bool {
        let isName = zone.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "+") || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
        }
        guard isName, !zone.isEmpty, zone.utf8.first != UInt8(ascii: "/") else { return false }
        setenv("TZ", zone, 1)
        tzset()
        let folder = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
        return zone == "UTC" || access("\(folder)/\(zone)", R_OK) == 0
    }

    static func offset(_ instant: Int64) -> Int64 {
        var seconds = time_t(instant)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int64(parts.tm_gmtoff)
    }
}
