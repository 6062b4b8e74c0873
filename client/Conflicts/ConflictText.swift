import PeerSupport
import SyncModel
import SyncReplica

/// A conflict in words: its name on the command line, its title, and each of its sides.
struct ConflictText {
    let conflict: Conflict
    let desk: Desk
    /// What the server said of it: what both had read, and from which laptop each value came.
    let notes: ConflictNotes?
    let lookups: ConflictLookups
    /// Whether what somebody wrote is told whole, and not only how it begins.
    var isWhole = false
    /// Of a ring, who was merged into whom: its title, its details and its document tell of it.
    private let round: Result<RingText, any Error>?

    init(_ conflict: Conflict, at desk: Desk) {
        self.conflict = conflict
        self.desk = desk
        lookups = ConflictLookups(conflict, about: Self.subject(of: conflict), at: desk)
        // Beside the point, so whatever fails here only leaves it out.
        notes = try? desk.replica().conflictNotes(of: conflict.view.id)
        round =
            conflict.kind == .ring
            ? Result { try RingText(from: conflict.view, in: desk.replica()) } : nil
    }

    /// Who was merged into whom; `nil` of anything but a ring.
    func ring() throws -> RingText? { try round?.get() }

    /// What both had read before they wrote apart, where the server has said it.
    var base: ConflictNotes.Base? { conflict.register.flatMap { notes?.base(of: $0) } }

    /// What names the conflict, whatever stands in it: `4be1a0c2.contact`.
    var name: String { conflict.name }

    /// How the conflict is named to `conflicts show` and `resolve`: `4be1a0c2.contact@5f0c`. What follows the name stands
    /// for the values and their letters: whoever decides by a name that they were shown decides about what they saw.
    var id: String { "\(name)@\(version)" }

    /// Four digits of a hash over what each letter stands for, and what was decided before, the same on every laptop.
    var version: String {
        // There is no letter for any of the merges of a ring, and all of them are what was shown.
        let sides = conflict.kind == .ring ? merges : (try? sides()) ?? []
        let text = sides.map { side in
            if choosesCheckIns, let record = side.record { return Self.content(of: record) }
            if conflict.kind == .ring, let record = side.record {
                let said = DecidedValue(author: record.id.text, effective: nil, values: side.values)
                return DecidedValue.text([said])
            }
            // The letters of a pair are told apart by code and name.
            if let record = side.record { return "\(record.id.text) \(Wording.label(of: record))" }
            return side.change.map { "\($0.dot.incarnation.text):\($0.dot.n)" }
                ?? DecidedValue.text([DecidedValue(author: side.author, effective: nil, values: side.values)])
        }
        let all = (text + decidedBefore).joined(separator: "\n")
        return String(ChainHash.zero.appending(Array(all.utf8)).short.prefix(4))
    }

    /// What was decided about it before, where that is no part of what the letters stand for: of two that people called one
    /// person and two people apart the records are as they were.
    private var decidedBefore: [String] {
        guard [.duplicate, .amendments, .void, .ring, .contested, .clock].contains(conflict.kind) else {
            return []
        }
        return Set(((try? said()) ?? []).map(\.decision.id.text)).sorted()
    }

    /// The merges of a ring.
    private var merges: [ConflictSide] {
        conflict.sides.map {
            ConflictSide(letter: "", state: "merged", change: $0.change, values: $0.values, record: $0.record)
        }
    }

    /// Whether what a letter stands for may be a check-in, and not only a value.
    var choosesCheckIns: Bool { conflict.kind == .amendments || conflict.correction != nil }

    /// What kind it is, in words.
    var kind: String {
        switch conflict.kind {
        case .values: "written apart"
        case .transition: "two steps that exclude each other"
        case .deletion: "deleted here, written there"
        case .void where conflict.correction != nil: "voided here, corrected there"
        case .void where conflict.isDecidedApart: "void for one, counting for another"
        case .void: "voided here, changed there"
        case .duplicate: "may be one person"
        case .clock: "the laptop's clock was wrong"
        case .contested where conflict.decision?.isContested == false: "a decision was taken back"
        case .contested: "somebody asks for another look"
        case .ring: "merged in a ring"
        case .fork where conflict.sides.count { $0.leads } < 2: "merged here, not merged there"
        case .fork: "merged into two different people"
        case .late: "written on a record that was merged"
        case .amendments where conflict.isDoubted: "corrected by somebody else"
        case .amendments where conflict.countsBesideCorrection: "corrected, and counting itself"
        case .amendments: "corrected twice"
        }
    }

    /// `participant P0142 Ana Lopez: contact`
    func title(_ teller: inout ChangeTeller) throws -> String {
        let view = conflict.view
        var title = try teller.title(view.table.name, view.id)
        if let ring = try ring() { return "\(ring.names): merged in a circle" }
        if let register = conflict.register { title += ": \(Wording.field(register))" }
        if conflict.kind == .late, let root = conflict.other {
            let field = Wording.field(conflict.register ?? "")
            return "\(try teller.label(root.id)): \(field), written on \(Wording.label(of: view))"
        }
        if let other { title += " and \(try teller.known(other))" }
        if let participant = conflict.participant, participant != view.id {
            title += ", of \(try teller.label(participant))"
        }
        if let row = Attendance(view) {
            title += ", session \(row.number.map { "\($0) " } ?? "")on \(row.date.text)"
        }
        if let apart = try lookups.onListApart() { title += ": \(apart.words)" }
        return title
    }

    /// The other of two records of which is asked whether they are one person's, also once more. It may not be on this laptop.
    var other: RecordID? {
        let isOfTwo = conflict.kind == .contested && conflict.register == nil
        return conflict.other?.id ?? (isOfTwo ? conflict.decision?.other : nil)
    }

    /// The sides as they are offered, with their letters.
    func sides() throws -> [ConflictSide] {
        switch conflict.kind {
        case .duplicate:
            return try [conflict.view, conflict.other].compactMap { $0 }.enumerated().map { place, view in
                ConflictSide(
                    letter: ConflictSide.letter(place), state: place == 0 ? "one" : "other",
                    change: try lookups.making(view), record: view)
            }
        case .contested: return try contestedSides()
        case .amendments: return amendmentSides()
        case .ring: return []
        case .void where conflict.correction != nil: return try voidedSides()
        default:
            let beside = conflict.kind == .late ? "late" : "kept"
            let shown = conflict.shownPlace
            return try credited(
                conflict.sides.enumerated().map { place, side in
                    ConflictSide(
                        letter: ConflictSide.letter(place), state: place == shown ? "shown" : beside,
                        change: side.change, values: side.values)
                })
        }
    }

    /// What the sides are chosen by.
    var letters: [String] { ((try? sides()) ?? []).map(\.letter) }

    /// Whether other values than those that are offered can be put there.
    var takesValues: Bool {
        switch conflict.kind {
        case .values, .transition, .late: true
        case .contested: !conflict.sides.isEmpty && conflict.register != "redirect"
        case .deletion, .void, .duplicate, .clock, .ring, .fork, .amendments: false
        }
    }

    /// Whether it is about where a referral stands.
    var settlesReferral: Bool { conflict.view.table.name == "referral" && conflict.register == "status" }

    /// A value that somebody decided for, or gave back, is its author's still, and not theirs.
    func credited(_ sides: [ConflictSide]) throws -> [ConflictSide] {
        let sides = try sides.map(creditedOpen)
        guard let register = conflict.register, register != deletedRegister else { return sides }
        let decisions = try lookups.decisions()
        return sides.map { credited($0, register, decisions) }
    }

    private func credited(
        _ side: ConflictSide, _ register: String, _ decisions: [Decision]
    ) -> ConflictSide {
        guard let change = side.change, side.record == nil, side.decider == nil,
            decision(behind: side, decisions) != nil
        else { return side }
        // The oldest was made before any of them wrote it anew.
        let written = decisions.filter { $0.register == register }.flatMap(\.valuesBefore)
            .first { $0.values == side.values && !$0.author.isEmpty }
        guard let author = written?.author, author != change.author else { return side }
        var side = side
        side.author = author
        side.decider = change.author
        return side
    }

    /// The record about which is decided: of what came late that under which the person is shown.
    var subject: RecordID { Self.subject(of: conflict) }

    private static func subject(of conflict: Conflict) -> RecordID {
        conflict.kind == .late ? conflict.other?.id ?? conflict.view.id : conflict.view.id
    }

    /// Who had written a value before somebody decided for it: those are its authors, and not who decided. And everybody
    /// who let it stand apart: a letter stands for all who said the same.
    func authors(of values: [Value]) throws -> [String] {
        let replica = try desk.replica()
        let written = try lookups.decisions()
            .filter { $0.register == conflict.register }
            .flatMap(\.valuesBefore)
            .filter { $0.values == values }.map(\.author)
        guard conflict.kind == .void, let register = conflict.register else { return written }
        return try written
            + replica.siblings(subject, of: register).filter { $0.values == values }.map(\.change.author)
    }

    /// What somebody chose, in words.
    func words(_ choice: Deciding.Choice, _ teller: inout ChangeTeller) throws -> String {
        switch choice {
        case .side(let side): try words(side, &teller)
        case .both: "two people"
        case .values(let values):
            try teller.contents(
                conflict.view.table.name, [RegisterWrite(conflict.register ?? "", values)])
        }
    }

    /// The same, where nothing else is told with it.
    func words(_ choice: Deciding.Choice) throws -> String {
        var teller = ChangeTeller(desk)
        return try words(choice, &teller)
    }

    /// What a side says, in words.
    func words(_ side: ConflictSide, _ teller: inout ChangeTeller) throws -> String {
        if let record = side.record {
            guard choosesCheckIns else { return try teller.label(record.id) }
            let said = try teller.contents(record.table.name, Self.writes(of: record))
            return conflict.kind == .void ? "it counts, as corrected: \(said)" : said
        }
        switch conflict.kind {
        case .deletion:
            guard side.values != [.integer(1)] else { return "delete it" }
            return try "go on with it\(goneOn(side, &teller))"
        case .void where side.values.allSatisfy(\.isNone):
            if conflict.isDecidedApart { return "it counts" }
            return try "go on with it\(side.change.map { ": \(try contents($0, &teller))" } ?? "")"
        case .clock:
            guard let change = side.change, let effective = change.effective else { return "" }
            let written = desk.time.text(of: floorSeconds(change.deviceMicroseconds))
            let counted = desk.time.text(of: floorSeconds(effective.microseconds))
            return "the laptop said \(written), and it counts at \(counted): \(try contents(change, &teller))"
        case .fork: return try merged(side.values, &teller)
        case .contested where conflict.register == "redirect":
            return try merged(side.values, &teller) + without(side, &teller)
        case .contested where conflict.sides.isEmpty:
            return try contestedWords(side)
        default:
            guard let register = conflict.register else { return "" }
            return try teller.contents(conflict.view.table.name, [RegisterWrite(register, side.values)])
                + correction(behind: side) + chosen(side, &teller)
        }
    }

    /// Whose record one is that was merged into several: `the record of P0188 Ben Ode (merged 2026-03-02 14:30: one door)`.
    private func merged(_ values: [Value], _ teller: inout ChangeTeller) throws -> String {
        guard let into = values.first?.reference else { return "not merged" }
        let merge = try lookups.decisions().last {
            $0.kind == .merge && $0.other == into
        }
        let how = merge.map { " (\(desk.time.ago($0.at)): \($0.reason))" } ?? ""
        return "the record of \(try teller.known(into))\(how)"
    }

    /// `; not that of P0142 Ana Lopez`: of whose record one is, which is asked again, the others whose it is not then.
    private func without(_ side: ConflictSide, _ teller: inout ChangeTeller) throws -> String {
        let others = try sides().compactMap { $0.values.first?.reference }
            .filter { $0 != side.values.first?.reference }
        let names = try others.map { try teller.known($0) }
        return names.isEmpty ? "" : "; not that of \(names.joined(separator: ", or of "))"
    }

    /// What somebody wrote who did not know of a deletion: in the record, or about the participant.
    private func goneOn(_ side: ConflictSide, _ teller: inout ChangeTeller) throws -> String {
        let replica = try desk.replica()
        let dependents = try Dependents(of: conflict.view.id, in: replica)
        let about = dependents.words
        // Who decided that it is not deleted has said nothing of what is recorded there.
        let change = try side.change.flatMap { change in
            change.values(of: deletedRegister) == nil
                ? change : try replica.state(conflict.view.id)?.lastWriting ?? change
        }
        let written =
            conflict.view.deletion != .deleted ? try change.map { try contents($0, &teller) } : nil
        let deletions = conflict.sides.prefix(1).compactMap(\.change)
        let caseload = try OpenCaseload(of: conflict.view.id, in: replica)
        let given = Set(try caseload.unread(by: deletions, in: replica).map(\.peer)).sorted()
        let works = given.isEmpty ? nil : "on the caseload of \(given.joined(separator: ", "))"
        let parts = [written, about.isEmpty ? nil : "there is \(about)", dependents.merges, works]
            .compactMap { $0 }
        return parts.isEmpty ? "" : ": \(parts.joined(separator: "; "))"
    }

    private func contents(_ change: LiveChange, _ teller: inout ChangeTeller) throws -> String {
        let said = try teller.contents(conflict.view.table.name, change.writes)
        return isWhole ? said : TextWidth.cut(said, to: 120)
    }
}

/// One thing to choose, as it is shown.
struct ConflictSide {
    var letter: String
    let state: String
    var record: RecordView?
    var change: LiveChange?
    var author = ""
    /// Who decided for it, or gave it back, where that is not its author.
    var decider: String?
    var effective: Int64?
    var values: [Value] = []

    init(letter: String, state: String, record: RecordView) {
        self.letter = letter
        self.state = state
        self.record = record
    }

    init(letter: String, state: String, change: LiveChange?, values: [Value] = [], record: RecordView? = nil)
    {
        self.record = record
        self.letter = letter
        self.state = state
        self.change = change
        author = change?.author ?? ""
        effective = change?.effective?.microseconds
        self.values = values
    }

    init(letter: String, state: String, author: String, effective: Int64?, values: [Value]) {
        self.letter = letter
        self.state = state
        self.author = author
        self.effective = effective
        self.values = values
    }

    /// Whose it is, and who let it stand.
    var credit: String { decider.map { "\(author), decided by \($0)" } ?? author }

    /// Who stands behind it: whoever wrote it, and whoever decided for it.
    var behind: [String] { [author, decider].compactMap { $0 } }

    /// Whether it is what everybody is shown until somebody decides.
    var isShown: Bool { state == "shown" }

    /// A for the first, and so on.
    static func letter(_ place: Int) -> String {
        Unicode.Scalar(UInt32(65 + min(place, 25))).map { String(Character($0)) } ?? ""
    }

    /// When it was written; with what the laptop's clock said where that was corrected.
    func when(_ time: LocalTime) -> String {
        guard let change else { return effective.map { time.text(of: floorSeconds($0)) } ?? "" }
        guard let effective = change.effective else {
            return time.text(of: floorSeconds(change.deviceMicroseconds)) + ", not sent yet"
        }
        let said =
            (effective.isEstimated ? "about " : "") + time.text(of: floorSeconds(effective.microseconds))
        guard change.isCorrected else { return said }
        return "\(said) (the laptop said \(time.text(of: floorSeconds(change.deviceMicroseconds))))"
    }
}
