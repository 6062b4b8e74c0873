import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

/// `porchlight conflicts …`
struct ConflictVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "What people wrote without knowing of each other, and what was decided about it.",
        discussion: """
            Nothing is lost while something is undecided: every value is kept, and everybody is shown the same one. \
            `porchlight resolve` decides.
            """,
        subcommands: [ConflictsList.self, ConflictsShow.self, ConflictsReview.self, ConflictsExport.self],
        defaultSubcommand: ConflictsList.self)
}

struct ConflictsList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what has to be decided, the gravest and oldest first.",
        discussion: """
            The value marked "shown" is what everybody sees until somebody decides. In brackets stands of which kind each \
            is, as --kind takes it, and what that means.

            Example: porchlight conflicts
            """)

    @Option(
        help:
            "Only of this kind: values, transition, deletion, void, duplicate, clock, contested, ring, fork, late, amendments."
    )
    var kind: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let wanted = try kind.map { try ConflictKind.named($0) }
        let found = try OpenConflicts(in: replica).all.filter { wanted == nil || $0.kind == wanted }
            .map { ConflictText($0, at: desk) }
        try desk.show(["conflicts": .list(try found.map { try $0.json() })]) { page in
            // What a program reads nobody has seen.
            ConflictText.remember(found, isAll: wanted == nil, at: desk)
            if found.isEmpty { page.line("nothing has to be decided") }
            var teller = ChangeTeller(desk)
            for (place, text) in found.enumerated() {
                if place > 0 { page.line() }
                try text.write(to: &page, &teller)
            }
            if !found.isEmpty {
                page.line()
                page.line("Look at one: porchlight conflicts show \(found[0].name)", .faint)
                page.line(
                    try found[0].isForNobodyHere()
                        ? "To decide it: ask \(found[0].whoDecides())"
                        : "Decide it:   \(ConflictsShow.choices(found[0]))", .faint)
            }
        }
    }
}

extension ConflictKind {
    /// The kind somebody means.
    static func named(_ typed: String) throws -> ConflictKind {
        let word = try Words.find(typed, in: allCases.map(\.rawValue), called: "kind of conflict")
        guard let kind = ConflictKind(rawValue: word) else {
            throw SyncError(.badValue, "there is no such kind of conflict", means: "nothing was looked up")
        }
        return kind
    }
}

extension ConflictText {
    /// The conflict as the list shows it: a title, and a line for each side.
    func write(to page: inout Page, _ teller: inout ChangeTeller) throws {
        page.line(
            "\(try title(&teller))  [\(conflict.kind.rawValue): \(kind)]",
            conflict.severity == .grave ? .bad : .strong)
        page.line("  \(id)", .faint)
        let time = desk.time
        let sides = try sides()
        let devices = sides.map(device)
        // Two values of one author are told apart by nothing else.
        let authors = sides.filter { $0.change != nil }.map(\.author)
        let isDouble = Set(authors).count < authors.count
        let arrivals = sides.map(atServer)
        let rows = try zip(zip(sides, devices), arrivals).map { known, arrival in
            let (side, device) = known
            // Where nothing is known of any laptop there is no column for it.
            let unknown = side.change != nil && isDouble ? "laptop not known" : ""
            let laptop =
                isDouble || devices.contains { $0 != nil } ? [Page.Cell(device ?? unknown, .faint)] : []
            let reached = arrivals.contains { !$0.isEmpty } ? [Page.Cell(arrival, .faint)] : []
            let written = [Page.Cell(side.when(time))] + reached
            return [Page.Cell("  \(side.letter)  \(side.state)"), Page.Cell(side.credit)] + laptop + written
                + [
                    Page.Cell(
                        try row(side, &teller)
                            + (try isTheirs(side) ? "" : " (not yours to choose)")
                            + (try objectionMark(side)))
                ]
        }
        page.table([], rows)
    }

    /// What a side says, on one line. Of what is not compared field by field below it, `show` has all.
    private func row(_ side: ConflictSide, _ teller: inout ChangeTeller) throws -> String {
        let said = try words(side, &teller)
        return isWhole && [.clock, .void, .deletion].contains(conflict.kind)
            ? said : TextWidth.cut(said, to: 300)
    }
}

extension ConflictText {
    /// Remembers that somebody has been shown these as they are now: a letter means what they saw.
    ///
    /// - Parameter isAll: whether nothing else has to be decided.
    static func remember(_ shown: [ConflictText], isAll: Bool = false, at desk: Desk) {
        let versions = Dictionary(shown.map { ($0.name, $0.version) }) { first, _ in first }
        // Beside the point: whoever only looks is shown it, whatever fails here.
        try? desk.replica().remember(versions: versions, isAll: isAll)
    }

    /// Refuses what is decided by the name alone where it was shown on this laptop last with other values, or with these under
    /// other letters.
    ///
    /// - Throws: ``SyncError`` `stale`.
    func refuseUnlessSeen() throws {
        guard let seen = try? desk.replica().version(shown: name), seen != version else { return }
        throw desk.moved(self)
    }
}

extension Desk {
    /// The conflict of a name that `conflicts` showed; or of a record and a register.
    ///
    /// - Parameters:
    ///   - asShown: whether a version in the name binds: a decision is about what was shown.
    ///   - open: everything that has to be decided, where that was looked up already.
    /// - Throws: ``SyncError`` `nothing` when there is none, saying who has decided it if somebody has; `stale` when other
    ///   values stand there than those that the name was shown with.
    func conflict(
        _ typed: String, _ register: String? = nil, asShown: Bool = true, among open: [Conflict]? = nil
    ) throws -> ConflictText {
        let all = try open ?? OpenConflicts(in: try replica()).all
        // A name is without blanks or signs before its version; whatever else is typed is a person's.
        let named = typed.trimmed.lowercased().split(separator: "@", maxSplits: 1).map(String.init)
        let typed = named.count == 2 && named[0].contains(".") ? named[0] : typed
        if register == nil, let found = all.first(where: { $0.name == typed.trimmed.lowercased() }) {
            let text = ConflictText(found, at: self)
            guard !asShown || named.count == 1 || text.id == named.joined(separator: "@") else {
                throw moved(text)
            }
            return text
        }
        let parts = typed.split(separator: ".", maxSplits: 1).map(String.init)
        let topic = (register ?? (parts.count == 2 ? parts[1] : "")).trimmed.replacing(" ", with: "_")
        let view = try anyRecord(register == nil ? parts.first ?? typed : typed)
        let mine = all.filter { $0.view.id == view.id }
        let fitting = mine.filter {
            topic.isEmpty || $0.register == topic || $0.name == "\(view.id.short).\(topic)"
        }
        if let only = fitting.first, fitting.count == 1 {
            let text = ConflictText(only, at: self)
            // What was shown under that name is over, and this asks something else.
            let wasShown = try named.count == 2 || replica().version(shown: typed) != nil
            if asShown, typed != only.name, wasShown, try replica().version(shown: only.name) != text.version
            {
                throw moved(text)
            }
            return text
        }
        if fitting.count > 1 {
            throw SyncError(
                .ambiguous, "this record has several: \(fitting.map(\.name).joined(separator: ", "))",
                means: "nothing was decided", advice: "name one of them")
        }
        throw try noConflict(view, topic, all)
    }

    /// Refuses to go on where a sync has brought something since a conflict was looked up: a version that is taken then
    /// would have read what nobody was shown.
    ///
    /// - Throws: ``SyncError`` `stale`.
    func refuseIfMoved(_ text: ConflictText) throws {
        let conflict = text.conflict
        let shown = [conflict.view] + [conflict.other].compactMap { $0 } + conflict.sides.compactMap(\.record)
        for view in shown where try replica().view(view.id) != view { throw moved(text) }
    }

    /// What was shown under a name is not what stands there now.
    fileprivate func moved(_ text: ConflictText) -> SyncError {
        SyncError(
            .stale,
            [.duplicate, .amendments].contains(text.conflict.kind)
                ? "what there is to choose from, or what was decided about it, has changed since it was shown"
                : "the values have changed since they were shown",
            means: "nothing was decided, and all values are kept",
            advice: "look at them again: porchlight conflicts show \(text.name)")
    }
}
