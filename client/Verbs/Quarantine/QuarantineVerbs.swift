import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Quarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "For administrators: list, show, release or discard what was refused and kept.",
        discussion: """
            \(QuarantineText.meaning)

            The office's server is asked, and decides in the name of whose laptop this is.

            Example: porchlight quarantine list
            """,
        subcommands: [
            QuarantineList.self, QuarantineShow.self, QuarantineRelease.self, QuarantineDiscard.self,
        ])
}

/// What is decided about, and why. Who decides is whose laptop this is.
struct DecisionOptions: ParsableArguments {
    @Argument(help: "The changes' numbers in `quarantine list`.") var ids: [Int64] = []
    @Option(help: ArgumentHelp("Instead of numbers: all that came from this laptop.", valueName: "device"))
    var device: String?
    @Option(help: ArgumentHelp(QuarantineText.reason)) var reason: String

    func validate() throws {
        guard ids.isEmpty == (device != nil) else {
            throw ValidationError("Give either numbers of `quarantine list`, or --device.")
        }
        guard ids.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("The numbers of `quarantine list` are above 0.")
        }
    }

    /// The numbers; where only the laptop was given, of all that is known to be in quarantine from it.
    func numbers(_ known: [QuarantinedChange]) throws -> [Int64] {
        guard let device else { return ids }
        guard !known.isEmpty else { throw QuarantineText.nothing(of: device) }
        return known.map(\.id)
    }
}

extension Desk {
    /// Asks the server about quarantine.
    func quarantine(_ request: QuarantineRequest) throws -> QuarantineReply {
        let link = try link()
        return try Waiting.on { try await link.quarantine(request) }
    }

    /// Syncs, before anything is decided: a server that was restored may have in quarantine what this laptop knows to have
    /// been taken, and then it is there no more.
    func syncBeforeDeciding() throws {
        let replica = try replica()
        let report = try Sync.once(replica, link(), self)
        let status = try replica.status()
        try Sync.note(report, status, StillOpen(status, in: replica), replica, self)
    }

    /// All that is in quarantine, of one laptop or of all.
    func quarantined(from device: String?) throws -> [QuarantinedChange] {
        var found: [QuarantinedChange] = []
        while true {
            let reply = try quarantine(.list(device: device, after: found.last?.id ?? 0))
            guard case .list(let changes, let more) = reply else { throw Self.unasked }
            found += changes
            guard more, !changes.isEmpty else { return found }
        }
    }

    /// All that was decided about quarantine, from a time on (seconds since 1970) or ever.
    func closed(since: Int64?) throws -> [ClosedChange] {
        var found: [ClosedChange] = []
        while true {
            let reply = try quarantine(
                .closed(after: found.last?.decision.entry ?? 0, since: (since ?? 0) * 1_000_000))
            guard case .closed(let changes, let more) = reply else { throw Self.unasked }
            found += changes
            guard more, !changes.isEmpty else { return found }
        }
    }

    /// Has something decided.
    func decide(_ request: QuarantineRequest) throws -> [DecidedChange] {
        guard case .decided(let changes) = try quarantine(request) else { throw Self.unasked }
        return changes
    }

    static let unasked = SyncError(
        .malformed, "the server answered something else than it was asked", means: "nothing was shown",
        advice: "check that both sides run a current Porchlight")
}
