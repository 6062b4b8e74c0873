import Synchronization
import SyncReplica
import SyncStore

/// A laptop broke off: what lay on its disk at that moment was copied, and nothing after it counts.
struct Crash: Error {
    let step: Step
    let laptop: String
}

/// The server broke off, likewise.
struct ServerCrash: Error { let step: StoreStep }

/// Where somebody is to break off next.
final class CrashPoint<Point: Equatable & Sendable>: Sendable {
    struct Armed {
        var point: Point
        /// How often they pass the point unharmed before.
        var passes: Int
        /// How many octets of what the disk has not confirmed are lost with it.
        var torn: Int
    }

    private let armed = Mutex<Armed?>(nil)

    func arm(_ point: Point, after passes: Int, torn: Int = 0) {
        armed.withLock { $0 = Armed(point: point, passes: passes, torn: torn) }
    }

    /// Forgets it, but for points that are to come whenever they do.
    func disarm(but kept: [Point] = []) {
        armed.withLock { held in
            if let point = held?.point, !kept.contains(point) { held = nil }
        }
    }

    func isHit(_ point: Point) -> Bool { hit(point) != nil }

    /// What is lost, if this is the point.
    func hit(_ point: Point) -> Armed? {
        armed.withLock { held in
            guard let found = held, found.point == point else { return nil }
            if found.passes > 0 {
                held?.passes -= 1
                return nil
            }
            held = nil
            return found
        }
    }
}
