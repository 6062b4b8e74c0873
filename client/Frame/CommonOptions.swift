import ArgumentParser

/// What every verb takes.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file with this laptop's records.",
            discussion: "Otherwise $PORCHLIGHT_HOME, or ~/.local/share/porchlight.", valueName: "file"))
    var replica: String?

    @Flag(help: "Write JSON, for programs.")
    var json = false

    @Flag(name: .customLong("no-color"), help: "Write without colour, as $NO_COLOR does.")
    var noColor = false
}

/// For verbs that may ask before they go on.
struct ConfirmOptions: ParsableArguments {
    @Flag(name: [.customLong("yes"), .customShort("y")], help: "Answer every question with yes.")
    var yes = false
}
