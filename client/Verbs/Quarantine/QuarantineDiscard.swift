import ArgumentParser
import PeerSupport
import SyncModel

struct QuarantineDiscard: Verb {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take what was refused out of quarantine for good.",
        discussion: """
            \(QuarantineText.discarding) Its author is told at the next sync of this laptop and of theirs, on whichever laptop \
            they work: the one it came from may be lost. This laptop syncs first.

            Example: porchlight quarantine discard 1206 --reason "entered twice"
            """)

    @OptionGroup var options: DecisionOptions
    @Flag(help: ArgumentHelp(QuarantineText.alone)) var alone = false
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try desk.syncBeforeDeciding()
        let known = try desk.quarantined(from: options.device)
        let decided = try desk.decide(
            .discard(options.numbers(known), reason: options.reason, alone: alone))
        let numbered = QuarantineText.numbered(known)
        let json = decided.map { QuarantineList.json($0, of: numbered) }
        // It is decided, whatever becomes of this.
        let told = Result { try tell(Set(decided.map(\.id)), at: desk) }
        let names = (try? told.get()) ?? []
        desk.show(["discarded": .list(json), "told": .told(names)]) { page in
            let time = desk.time
            let lines = QuarantineText.discarded(decided, of: known) { time.text(of: floorSeconds($0)) }
            for line in lines { page.line(line) }
            if !names.isEmpty {
                page.line(
                    "\(names.joined(separator: ", ")) will be told at the next sync of this laptop, and "
                        + "then of theirs",
                    .faint)
            }
        }
        if case .failure = told {
            desk.note("Who wrote it could not be told from this laptop: tell them that it was discarded.")
        }
    }

    /// Tells the authors. Whose it was and what it was about the server says once it is decided.
    private func tell(_ ids: Set<Int64>, at desk: Desk) throws -> [String] {
        // All that was ever decided may be much; but a laptop whose clock is ahead by days finds it in nothing less.
        let recent = try desk.closed(since: desk.time.now - 86_400)
        let known = ids.isSubset(of: recent.map(\.id)) ? recent : try desk.closed(since: nil)
        let closed = known.filter { ids.contains($0.id) && $0.decision.closing == .discarded }
        return try DiscardedEntry.tell(closed, in: desk.replica(), at: desk.time.now)
    }
}
