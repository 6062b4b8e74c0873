import ArgumentParser

/// The verbs of the work itself, by the headings under which `porchlight --help` lists them.
enum CareVerbs {
    /// What writes something down.
    static let record: [any ParsableCommand.Type] = []
    /// What shows something.
    static let look: [any ParsableCommand.Type] = []
    /// What is done to the laptop as a whole.
    static let laptop: [any ParsableCommand.Type] = []
}
