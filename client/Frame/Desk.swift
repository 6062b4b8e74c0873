import Glibc
import PeerSupport
import SyncModel
import SyncReplica

/// What a verb works with: the replica of this laptop, the time here, and where to write.
///
/// Nothing is opened before it is asked for.
final class Desk {
    let common: CommonOptions
    let world: World
    let screen: Screen
    private var opened: Replica?
    private var known: Enrolment?
    /// Whether this machine knows the agency's time zone.
    private(set) var knowsZone = true

    init(_ common: CommonOptions, world: World, screen: Screen) {
        self.common = common
        self.world = world
        var screen = screen
        if common.noColor || common.json || world.environment("NO_COLOR") != nil
            || world.environment("TERM") == "dumb"
        {
            screen.isColoured = false
        }
        self.screen = screen
    }

    /// Where the replica is, or will be.
    var path: String {
        if let path = common.replica, !path.isEmpty { return path }
        if let home = world.environment("PORCHLIGHT_HOME") { return home + "/replica.sqlite" }
        if let data = world.environment("XDG_DATA_HOME"), data.first == "/" {
            return data + "/porchlight/replica.sqlite"
        }
        return (world.environment("HOME") ?? ".") + "/.local/share/porchlight/replica.sqlite"
    }

    /// The replica of this laptop, opened at the first call. From then on times are the agency's.
    ///
    /// - Throws: ``SyncError`` `notEnrolled`, `damaged`, `tooNew`, `readOnly`, `diskFull`, `busy`.
    func replica() throws -> Replica {
        if let opened { return opened }
        let replica = try Replica.open(
            at: path, domain: PeerSupportDomain(), surroundings: world.surroundings)
        try adopt(replica)
        return replica
    }

    /// Takes a replica that was just made.
    func adopt(_ replica: Replica) throws {
        let enrolment = try replica.enrolment
        knowsZone = world.useZone(enrolment.timeZone)
        opened = replica
        known = enrolment
    }

    /// Whose laptop this is.
    func enrolment() throws -> Enrolment {
        _ = try replica()
        guard let known else { throw SyncError(.internalFault, "the replica does not say whose it is") }
        return known
    }

    /// The time here, now. Ask for the replica first, or it is the machine's zone and not the agency's.
    var time: LocalTime { world.time }

    /// Writes what a verb found: JSON for programs, or a page for people. Only one of the two is made.
    func show(_ json: @autoclosure () throws -> JSON, _ page: (inout Page) throws -> Void) rethrows {
        if common.json {
            screen.out(try json().text + "\n")
        } else {
            var made = Page()
            try page(&made)
            screen.out(made.text(coloured: screen.isColoured))
        }
    }

    /// Tells something beside the result, which programs do not read: a hint, a warning.
    func note(_ text: String) {
        guard !common.json else { return }
        var page = Page()
        page.line(text, .warning)
        screen.err(page.text(coloured: screen.isColoured))
    }
}
