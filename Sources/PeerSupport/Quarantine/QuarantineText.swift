public import SyncModel

/// What is in quarantine and what was decided, in the words of both commands.
public struct QuarantineText {
    private let content: QuarantinedContent
    private let known: [RecordID: RecordView]
    private let time: (Int64) -> String

    /// A change in quarantine with what it says, for people.
    ///
    /// - Parameters:
    ///   - known: Of the records it names, those that are known here.
    ///   - time: How an instant is written, given in microseconds since 1970.
    public init(
        _ content: QuarantinedContent, known: [RecordID: RecordView], time: @escaping (Int64) -> String
    ) {
        self.content = content
        self.known = known
        self.time = time
    }

    /// The lines above the table.
    public var lines: [String] {
        let change = content.change
        var lines = [
            "change \(change.id), from \(change.device), by \(change.staff)",
            "received \(time(change.receivedAt))",
        ]
        if let effective = change.effective {
            lines.append("written \(effective.isEstimated ? "about " : "")\(time(effective.microseconds))")
        }
        lines.append("refused: \(change.refusal.reason) (\(change.refusal.code))")
        let others = content.group.filter { $0 != change.id }
        if !others.isEmpty {
            lines.append("entered together with \(Self.numbers(others))")
        }
        lines += buildsUpon
        if content.recordExists {
            return lines + ["It changes the \(Labels.table(change.table)) \(name(content.record)):"]
        }
        return lines + ["It makes \(Labels.aTable(change.table))\(made):"]
    }

    /// What it builds upon, and what builds upon it.
    private var buildsUpon: [String] {
        var lines: [String] = []
        let needs = content.change.needs
        if !needs.isEmpty {
            lines.append(
                "What it is about is in quarantine too: \(Self.numbers(needs)). It can only be released "
                    + "together with that."
            )
        }
        if content.isAdrift {
            lines.append(
                "What it is about is neither here nor in quarantine: it was discarded or withdrawn, or is "
                    + "on a laptop that has not synced since the server was restored. So this cannot be "
                    + "released.")
        }
        let dependents = content.dependents
        if !dependents.waiting.isEmpty {
            let verb = dependents.waiting.count == 1 ? "is" : "are"
            lines.append(
                "In quarantine \(verb) also, about what it makes: \(Self.numbers(dependents.waiting))")
        }
        if dependents.taken > 0 {
            let one = dependents.taken == 1
            lines.append(
                "\(dependents.taken) \(one ? "record" : "records") about what it makes \(one ? "was" : "were") taken already, "
                    + "and nobody is shown \(one ? "it" : "them") until this is released.")
        }
        return lines
    }

    /// Numbers after each other.
    private static func numbers(_ ids: [Int64]) -> String { ids.map(String.init).joined(separator: ", ") }

    /// What a record that is not there yet would be called, from what is written of it; empty where nothing names it.
    private var made: String {
        let all = content.registers.flatMap { register in
            QuarantineFields(content.change.table, register.write.register).pairs(register.write.values)
        }
        let names = ["code", "preferred_name", "name"].compactMap { name in
            all.first { $0.name == name }?.value.text
        }
        return names.isEmpty ? "" : " " + names.map(QuarantineFields.printable).joined(separator: " ")
    }

    /// A row for each register it writes, and one for each value that stands there.
    public var rows: [[String]] {
        content.registers.flatMap { register in
            let name = register.write.register
            let fields = QuarantineFields(content.change.table, name)
            let label = Labels.register(name, in: content.change.table)
            return [["  " + label, text(register.write.values, fields)]]
                + register.standing.map { standing in
                    let becomes =
                        standing.wasRead ? "is replaced" : "was not read by the writer, and is kept beside"
                    return [
                        "    now, by \(standing.author)", "\(text(standing.values, fields))  (\(becomes))",
                    ]
                }
        }
    }

    /// A record by its code and name, where it has them, or the end of its id, by which commands find it.
    private func name(_ id: RecordID) -> String {
        let end = String(id.text.suffix(8))
        guard let view = known[id] else { return end }
        let names = ["code", "preferred_name", "name"].compactMap { view[$0].text }
        return names.isEmpty ? end : names.map(QuarantineFields.printable).joined(separator: " ")
    }

    /// The values without what is empty, times by the agency's clock.
    private func text(_ values: [Value], _ fields: QuarantineFields) -> String {
        let known = fields.pairs(values).compactMap { name, kind, value -> String? in
            let isDecided = content.change.table == "decision" && ["before", "after"].contains(name)
            let name = Labels.field(name)
            switch (value, kind) {
            case (.text(let kept), _) where isDecided: return "\(name) \(decided(kept))"
            case (.reference(let id), _): return "\(name) \(self.name(id))"
            case (.integer(let seconds), .instant) where Limits.instants.contains(seconds):
                return "\(name) \(time(seconds * 1_000_000))"
            default: return QuarantineFields.text(value, kind).map { "\(name) \($0)" }
            }
        }
        return known.isEmpty ? "nothing" : known.joined(separator: ", ")
    }
}

extension QuarantineText {
    /// What a decision keeps of the values before and after it, as it keeps them for programs, in words: each with who wrote it.
    private func decided(_ kept: String) -> String {
        DecidedValue.read(kept).map { one in
            let words = one.values.compactMap { value -> String? in
                if case .reference(let id) = value { return name(id) }
                return QuarantineFields.text(value, nil)
            }
            return "\(words.isEmpty ? "nothing" : words.joined(separator: " ")) (\(one.author))"
        }
        .joined(separator: " | ")
    }
}

extension QuarantineText {
    /// The heads of the list's columns.
    public static let heads = [
        "ID", "TOGETHER", "NEEDS", "DEVICE", "STAFF", "RECEIVED", "WHAT", "CODE", "REASON",
    ]

    /// What is said of an empty list.
    public static let empty = "nothing is in quarantine"

    /// A row of the list.
    public static func row(_ change: QuarantinedChange, time: (Int64) -> String) -> [String] {
        [
            "\(change.id)", change.together == change.id ? "" : "\(change.together)",
            change.needs.map(String.init).joined(separator: ","), change.device, change.staff,
            time(change.receivedAt), Labels.table(change.table), change.refusal.code,
            change.refusal.reason,
        ]
    }

    /// What was released, a line each.
    ///
    /// - Parameters:
    ///   - known: What was in quarantine before: by it the line says what the number stood for.
    ///   - time: How an instant is written, given in microseconds since 1970.
    public static func released(
        _ decided: [DecidedChange], of known: [QuarantinedChange], time: (Int64) -> String
    ) -> [String] {
        let known = numbered(known)
        let lines = decided.map { decision in
            "\(decision.id) is released\(decision.isConflict ? ", and stands beside what was written since" : "")"
                + what(decision.id, known, time)
        }
        guard decided.contains(where: \.isConflict) else { return lines }
        return lines + ["An administrator's laptop shows `porchlight conflicts` after a sync."]
    }

    /// What was discarded, a line each.
    ///
    /// - Parameters:
    ///   - known: What was in quarantine before: by it the line says what the number stood for.
    ///   - time: How an instant is written, given in microseconds since 1970.
    public static func discarded(
        _ decided: [DecidedChange], of known: [QuarantinedChange], time: (Int64) -> String
    ) -> [String] {
        let known = numbered(known)
        return decided.map { "\($0.id) is discarded" + what($0.id, known, time) }
    }

    /// What is in quarantine, by its numbers.
    public static func numbered(_ known: [QuarantinedChange]) -> [Int64: QuarantinedChange] {
        Dictionary(known.map { ($0.id, $0) }) { first, _ in first }
    }

    /// What a number stood for, as the list has it. After a restore it may be another change than somebody remembers.
    private static func what(
        _ id: Int64, _ known: [Int64: QuarantinedChange], _ time: (Int64) -> String
    ) -> String {
        guard let change = known[id] else { return "" }
        let written = change.effective.map {
            ", written \($0.isEstimated ? "about " : "")\(time($0.microseconds))"
        }
        return ": \(Labels.table(change.table)), by \(change.staff) on \(change.device)\(written ?? "")"
    }

    /// The most rows that a list prints unless it is asked for all.
    public static let pageRows = 50

    /// What stands under a list: how many there are and of which laptops, and how many of them are not printed.
    public static func count(_ found: [QuarantinedChange], printed: Int) -> [String] {
        var laptops: [String: Int] = [:]
        for change in found { laptops[change.device, default: 0] += 1 }
        let most = laptops.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var named = most.prefix(5).map { "\($0.value) from \($0.key)" }
        if most.count > named.count { named.append("the rest from \(most.count - named.count) more laptops") }
        let all = "\(found.count) \(found.count == 1 ? "change" : "changes") in quarantine"
        let lines = [all + ": " + named.joined(separator: ", ")]
        guard printed < found.count else { return lines }
        return lines + [
            "The first \(printed) are printed; --all prints all of them, --device those from one laptop."
        ]
    }

    /// What is said when a laptop is named of which nothing is there.
    public static func nothing(of device: String) -> SyncError {
        SyncError(
            .nothing, "nothing of \(device) is in quarantine", means: "nothing was changed",
            advice: "`quarantine list` shows what is")
    }
}

extension QuarantineText {
    /// What quarantine is, for `--help`.
    public static let meaning = """
        What a laptop sends that its owner may not write, and whatever a retired laptop still sends, is kept \
        at the server and counts for nobody until an administrator decides. A number stays the same until then, but for a \
        restore: after that it may stand for another change, so list again. What was decided about is said with \
        the laptop, the person, the kind of record and when it was written.
        """

    /// How the list is to be read, for `--help`.
    public static let listing = """
        TOGETHER is the number of the first of those that were entered together; they are decided together. NEEDS has \
        the numbers of what is in quarantine too and would make what this is about, such as the participant of a \
        check-in: it can only be released together with them. After a restore the numbers are new. The last lines say \
        how many there are.
        """

    /// What `show` prints, for `--help`.
    public static let showing = """
        This prints what is in participants' records, and that it was read goes into the audit log. Of what stands \
        there now, a release replaces what its writer had read, and is put beside the rest, for somebody to choose.
        """

    /// What a release does, for `--help`.
    public static let releasing = """
        It is issued anew with the author and the time it had. What somebody wrote since, not knowing of it, \
        stands beside it as a conflict. Its author's laptop hears of it at its next sync. What was entered \
        together is released together; of several numbers all are released, or none. What is about something that is \
        in quarantine too, as a check-in about a participant, is refused until both are named: alone it would be in \
        the records, and nobody would be shown it.

        A release overrides who may write, and from which laptop. It does not override what nobody may \
        write: a change that does not fit the forms (schema), lacks what its record needs (incomplete), \
        alters what is written once or signed (fixed, signed), stands under the name of somebody other than \
        the laptop's owner (author), claims to follow what was never made (context), or builds upon a record \
        that is not here (scope): then release first what made that record.
        """

    /// What a discard does, for `--help`.
    public static let discarding = """
        What it says stays in the server's history and becomes no part of any record. Its author's laptop \
        hears of it at its next sync. What was entered together is discarded together. A participant about whom \
        something else is in quarantine, or was taken already, is discarded together with what is in quarantine, or \
        with --alone.
        """

    /// What `--alone` does, for `--help`.
    public static let alone = """
        Discard it also where something else is about what it would make: that can then not be released, and what was \
        taken already is shown to nobody.
        """

    /// What a reason is, for `--help`.
    public static let reason =
        "Why, in one line, without anybody's name: it stays in the audit log for ever."
}
