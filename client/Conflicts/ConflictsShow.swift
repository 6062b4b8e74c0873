import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ConflictsShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one conflict whole: its values side by side, and how notes differ word by word.",
        discussion: """
            What follows the @ in the name stands for the values and their letters as they are shown: `resolve` with it \
            refuses when others stand there by then. The token at the end names the version of the whole record, for \
            `resolve --token`.

            Example: porchlight conflicts show 4be1a0c2.contact
            """)

    @Argument(help: "The conflict, as `conflicts` names it.")
    var conflict: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        var text = try desk.conflict(conflict, asShown: false)
        text.isWhole = true
        let token = try desk.replica().token(for: text.conflict.view.id)
        try desk.show(try text.json().adding("token", .optional(token?.text))) { page in
            ConflictText.remember([text], at: desk)
            var teller = ChangeTeller(desk)
            try text.write(to: &page, &teller)
            try Self.compare(text, on: &page, desk.time, &teller)
            try text.details(on: &page)
            try text.quarrel(on: &page)
            try text.refused(on: &page)
            page.line()
            // Of who may choose nothing, whom to ask was said.
            if try text.isForNobodyHere() {
                page.line("To decide it: ask \(try text.whoDecides())", .faint)
            } else {
                page.line(
                    text.conflict.kind == .ring
                        ? "Decide: take one of the merges back, by a command above"
                        : "Decide: \(Self.choices(text))", .faint)
            }
            if let token { page.line("token \(token.text)", .faint) }
        }
    }

    /// What `resolve` takes for a conflict of this kind, and what else ends it.
    static func choices(_ text: ConflictText) -> String {
        let verb = "porchlight resolve \(text.id)"
        // Which of several answers stays is one matter, whichever of them was asked about.
        if let apart = try? text.lookups.onListApart() {
            return "\(apart.ways) (that one stays, and the others are void)"
        }
        return switch text.conflict.kind {
        case .duplicate:
            verb
                + (text.possible.isEmpty
                    ? ""
                    : " --keep \(text.possible.joined(separator: "|")) (the other is merged into it) or")
                + " --keep both --reason \"…\"; two people with one code: then porchlight participant renumber"
        case .contested where !text.takesValues: "\(verb) --keep A|B --reason \"…\""
        case .clock:
            "\(verb) --keep A (when it counts as written) --reason \"…\""
                + (text.clockCommand.map { "; its start is put right by: \($0)" } ?? "")
        case .amendments: "\(verb) --keep A|B… (the others are void from then on) --reason \"…\""
        case .ring: "take one of the merges back; porchlight conflicts show \(text.name) has the commands"
        case .fork:
            "\(verb) --keep \(text.letters.joined(separator: "|")) (whose record it is) --reason \"…\""
                + (text.conflict.sides.allSatisfy(\.leads)
                    ? "; if it is none of theirs: "
                        + "porchlight participant unmerge \(text.conflict.view.id.short) --reason \"…\"" : "")
        case .deletion:
            "\(verb) --keep A (delete it"
                + (text.conflict.view.table.name == "participant" ? ", once nothing stands about them" : "")
                + ") or B (go on with it) --reason \"…\""
        case .void where text.conflict.correction != nil:
            "\(verb) --keep \(text.letters.dropLast().joined(separator: "|")) (void, the correction too) or "
                + "\(text.letters.last ?? "") (it counts as corrected) --reason \"…\""
        case .void:
            "\(verb) --keep \(text.letters.dropLast().joined(separator: "|")) (void) or "
                + "\(text.letters.last ?? "") (it counts"
                + "\(text.isCorrected ? "; which stays, it or its correction, is asked then" : "")) --reason \"…\""
        default: "\(verb) --keep A|B… or --value FIELD=… or --edit, with --reason \"…\""
        }
    }

    /// Field by field, side by side, with what both had read; and for long texts what differs, word by word.
    static func compare(
        _ text: ConflictText, on page: inout Page, _ time: LocalTime, _ teller: inout ChangeTeller
    ) throws {
        guard !text.choosesCheckIns else {
            return try text.compareAmendments(on: &page, &teller)
        }
        let sides = try text.sides()
        guard let register = text.conflict.register, let table = text.conflict.view.table.register(register),
            sides.allSatisfy({ $0.values.count == table.fields.count }), sides.count > 1,
            ![.void, .fork].contains(text.conflict.kind)
        else { return }
        let base = text.base
        let credit = try base.map(text.credit)
        for (place, field) in table.fields.enumerated() {
            let texts = try sides.map { side in
                try Wording.text(side.values[place], field.kind, time) { try teller.label($0) }
            }
            guard Set(texts).count > 1 else { continue }
            page.line()
            page.line("\(Wording.field(field.name)):", .strong)
            let read = try base.flatMap { base in
                place < base.values.count
                    ? try Wording.text(base.values[place], field.kind, time) { try teller.label($0) } : nil
            }
            if let read, let credit {
                let who = credit.author + (credit.decider.map { ", decided by \($0)" } ?? "")
                page.line("  both had read  \(read.isEmpty ? "(nothing)" : read)  (\(who))", .faint)
            } else if let words = text.baseRead.words {
                page.line("  both had read  \(words)", .faint)
            }
            for (side, said) in zip(sides, texts) {
                // A field stands for several that are written together: who left this one alone is not its author.
                let isAsBefore =
                    base.map { place < $0.values.count && side.values[place] == $0.values[place] } ?? false
                let mark = isAsBefore ? "  (as it was before)" : ""
                page.line("  \(side.letter)  \(said.isEmpty ? "(nothing)" : said)\(mark)")
            }
            for (side, said) in zip(sides, texts).dropFirst() where WordDiff.isWorth(texts[0], said) {
                page.line("  A → \(side.letter)  \(WordDiff.text(from: texts[0], to: said))", .warning)
            }
        }
    }
}
