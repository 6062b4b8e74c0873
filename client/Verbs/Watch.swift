import SyncModel
import SyncReplica

/// Syncing without an end: what is recorded here goes up at once, and what others record comes as it happens.
struct Watch {
    let replica: Replica
    let link: any ServerLink
    let desk: Desk

    /// Seconds between two looks at whether something new waits here.
    private static let lookEvery: Int64 = 2
    /// Seconds before trying again after a failure: this, then twice that, and so on.
    private static let firstPause: Int64 = 2
    /// Seconds of the longest pause.
    private static let longestPause: Int64 = 300

    /// Goes on until it is cancelled, which is a good end, or until trying again cannot help.
    func run() throws {
        let loop = Loop(replica: replica, link: link, sleep: desk.world.sleep, told: teller())
        do {
            try Waiting.on { try await loop.run() }
        } catch is CancellationError {
            return
        }
    }

    /// Says what a round did, if it did anything.
    private func teller() -> @Sendable (Event) -> Void {
        let (screen, json) = (desk.screen, desk.common.json)
        return { event in
            switch event {
            case .moved(let report, let traffic, let open, let news):
                let line =
                    json
                    ? SyncWords.json(report, traffic, open).adding(
                        "new_notices", .optional(news.map { Int64($0) })
                    ).text
                    : SyncWords.line(report, traffic, open)
                screen.out(line + "\n")
                if !json, let note = SyncWords.news(news ?? 0) { screen.err(note + "\n") }
            case .failed(let error, let pause):
                guard !json else {
                    _ = Failure.tell(error, json: true, on: screen)
                    return
                }
                screen.err("\(TextWidth.safe(error.what)); trying again in \(pause) seconds\n")
            }
        }
    }

    /// Something worth telling.
    enum Event: Sendable {
        /// With how many notices are new, where that can be told.
        case moved(SyncReport, Traffic, StillOpen, news: Int?)
        case failed(SyncError, pause: Int64)
    }

    /// The loop itself, apart from where it tells of it.
    struct Loop: Sendable {
        let replica: Replica
        let link: any ServerLink
        let sleep: @Sendable (Int64) async throws -> Void
        let told: @Sendable (Event) -> Void

        func run() async throws {
            var pause = Watch.firstPause
            let new = NewNotices(before: replica)
            while true {
                try Task.checkCancellation()
                do {
                    try await round(new)
                    pause = Watch.firstPause
                } catch let error as SyncError where error.code.exitCode == 75 {
                    told(.failed(error, pause: pause))
                    try await sleep(pause)
                    pause = min(pause * 2, Watch.longestPause)
                }
            }
        }

        /// Sends and fetches what there is, then lets the server hold the line until there is news.
        private func round(_ new: NewNotices) async throws {
            try await sync(waitSeconds: 0, new)
            // What still waits now is not sent by asking again at once.
            if try somethingWaits() {
                try await sync(waitSeconds: Limits.waitSeconds, new)
            } else {
                try await syncUntilSomethingWaits(new)
            }
        }

        private func sync(waitSeconds: UInt32, _ new: NewNotices) async throws {
            let before = link.traffic
            let report = try await replica.sync(with: link, options: SyncOptions(waitSeconds: waitSeconds))
            guard report.hasMoved else { return }
            await Origins.fetch(replica, link)
            let after = link.traffic
            let traffic = Traffic(up: after.up - before.up, down: after.down - before.down)
            let status = try replica.status()
            let everything = status.isSealed ? nil : try OpenConflicts(in: replica)
            let open = StillOpen(records: status.conflicts, toDecide: everything?.all.count ?? 0)
            told(.moved(report, traffic, open, news: new.count(in: replica, everything)))
        }

        /// Changes that no server has judged, or withdrawals that none was told of.
        private func somethingWaits() throws -> Bool {
            let status = try replica.status()
            return status.waiting > 0 || status.untold > 0
        }

        /// Whichever comes first ends the other: news from the server, or something recorded here.
        private func syncUntilSomethingWaits(_ new: NewNotices) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await sync(waitSeconds: Limits.waitSeconds, new) }
                group.addTask {
                    while try !somethingWaits() {
                        try Task.checkCancellation()
                        try await sleep(Watch.lookEvery)
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }
}
