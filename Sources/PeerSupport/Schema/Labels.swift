public import SyncModel

/// The names of the schema in the words that people read: on forms, in lists, in errors.
public enum Labels {
    /// A table: `check_in` is a check-in.
    public static func table(_ name: String) -> String {
        switch name {
        case "check_in": "check-in"
        case "staff": "staff member"
        default: spaced(name)
        }
    }

    /// A table with its article: an attendance.
    public static func aTable(_ name: String) -> String {
        let word = table(name)
        return "\("aeiou".contains(word.prefix(1)) ? "an" : "a") \(word)"
    }

    /// A field: `next_step` is the next step.
    public static func field(_ name: String) -> String {
        switch name {
        case deletedRegister: "deleted"
        case "did": "what we did"
        case "said": "what they said"
        case "saw": "what was seen"
        case "amends": "check-in that it corrects"
        case "redirect": "whose record it is"
        case "makes_up": "session that it makes up for"
        case "start_date", "from_date": "first day"
        case "to_date": "last day"
        case "status_on": "day of the status"
        case "status_at": "status since"
        case "status_by": "who set the status"
        case "told_how": "way of telling"
        case "handoff_on": "day of the hand-off"
        case "handoff_present": "who was at the hand-off"
        case "loop_closed_at": "answer to the sender"
        case "weight_absent": "why there is no weight"
        case "minutes_absent": "why there are no minutes"
        case "best_way": "best way to reach them"
        case "start_at": "start"
        case "end_at": "end"
        case "birth_year": "year of birth"
        case "part2": "42 CFR Part 2"
        case "told_whom": "who was told"
        case "at": "time"
        case "to_staff": "who is told"
        case "subject_register": "part"
        case "to_peer": "receiving peer"
        case "to_team": "receiving team"
        default:
            name.hasSuffix("_at") && name.utf8.count > 3 ? spaced(String(name.dropLast(3))) : spaced(name)
        }
    }

    /// What a register holds, for the middle of a sentence: `contact` is how somebody is reached.
    public static func register(_ name: String, in table: String) -> String {
        switch name {
        case deletedRegister: return "deletion"
        case "identity": return "code"
        case "birth": return "year of birth"
        case "home": return "site, team and residence"
        case "contact": return "phone and best way to reach them"
        case "privacy": return "42 CFR Part 2 mark"
        case "period": return "dates"
        case "movement": return "minutes of activity"
        case "void": return "void mark"
        case "redirect": return "note of whose record it is"
        case "contest": return "wish for another look"
        case "closed": return "note that it was decided anew"
        case "told": return "note of who was told"
        case "acknowledged": return "answer"
        case "provenance": return "note of who first recorded it"
        case "what":
            let fields = PeerSupportSchema.schema.table(table)?.register(name)?.fields ?? []
            return list(fields.filter { !$0.isOptional }.map { field($0.name) })
        default: return spaced(name)
        }
    }

    /// One of several roles, for the middle of a sentence: a supervisor or an administrator.
    static func either(_ roles: [Role]) -> String { list(roles.map(aRole), "or") }

    private static func aRole(_ role: Role) -> String {
        switch role {
        case .peer: "a peer"
        case .primaryProvider: "a primary provider"
        case .nurse: "a nurse"
        case .supervisor: "a supervisor"
        case .administrator: "an administrator"
        case .referrer: "a referrer"
        case .sync: "the office's sync job"
        }
    }

    private static func list(_ words: [String], _ link: String = "and") -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) \(link) \(last)"
    }

    private static func spaced(_ name: String) -> String { String(name.map { $0 == "_" ? " " : $0 }) }
}

extension PeerSupportDomain {
    /// What somebody is told of a value that does not fit, with the field as forms call it.
    public func words(of error: SchemaError) -> String {
        switch error {
        case .missing(_, let field): "\(Labels.field(field)) must not be empty"
        case .unfit(_, let field, let why): "\(Labels.field(field)) \(why)"
        case .unknownTable: "this kind of record is not known here"
        case .unknownRegister(let table, _): "a part of this \(Labels.table(table)) is not known here"
        case .fieldCount(let table, let register, _, _):
            "the \(Labels.register(register, in: table)) of \(Labels.aTable(table)) has other parts"
        case .malformed(let table): "the entry on \(Labels.aTable(table)) says nothing, or one thing twice"
        }
    }

    /// What people call a register.
    public func words(ofRegister name: String, in table: String) -> String {
        Labels.register(name, in: table)
    }
}
