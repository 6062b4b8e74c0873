import Synchronization
import SyncModel

/// The time that really is, which nobody in the run can read directly.
package final class TrueTime: Sendable {
    static let start: Int64 = 1_770_000_000_000_000
    private let microseconds: Mutex<Int64>

    init(_ now: Int64 = start) { microseconds = Mutex(now) }

    /// Every look takes a millisecond, so that no two readings are alike.
    func look() -> Int64 {
        microseconds.withLock {
            $0 += 1_000
            return $0
        }
    }

    func pass(seconds: Int) { microseconds.withLock { $0 += Int64(seconds) * 1_000_000 } }
}

/// One laptop's clocks: a wall clock that is set wrong and runs wrong, and a boot clock that only runs.
final class DeviceClock: Sendable {
    struct Setting: Sendable {
        var offset: Int64 = 0
        /// By how many millionths it runs fast.
        var drift: Int64 = 0
        var boot: Identifier
        var bootedAt: Int64
    }

    private let time: TrueTime
    private let setting: Mutex<Setting>
    /// When it was set anew while it ran.
    private let jumps = Mutex<[Int64]>([])

    init(_ time: TrueTime, boot: Identifier, offset: Int64, drift: Int64) {
        self.time = time
        setting = Mutex(
            Setting(offset: offset, drift: drift, boot: boot, bootedAt: time.look() - 60_000_000))
    }

    /// A clock that is set as another one is.
    init(_ time: TrueTime, _ setting: Setting) {
        self.time = time
        self.setting = Mutex(setting)
    }

    var now: Setting { setting.withLock { $0 } }

    func reading() -> ClockReading {
        let now = time.look()
        return setting.withLock { setting in
            let wrong = setting.offset + (now - TrueTime.start) / 1_000_000 * setting.drift
            return ClockReading(
                wallMicroseconds: now + wrong, boot: setting.boot, bootMicroseconds: now - setting.bootedAt)
        }
    }

    func drift(by millionths: Int64) { setting.withLock { $0.drift = millionths } }

    func jump(by microseconds: Int64) {
        let now = time.look()
        jumps.withLock { $0.append(now) }
        setting.withLock { $0.offset += microseconds }
    }

    /// Whether it only ran, right or wrong, from one moment to another.
    func isSteady(from: Int64, to: Int64) -> Bool {
        jumps.withLock { $0.allSatisfy { $0 < from || $0 > to } }
    }

    func reboot(as boot: Identifier) {
        let now = time.look()
        setting.withLock {
            $0.boot = boot
            $0.bootedAt = now
        }
    }
}
