import ArgumentParser
import PeerSupport
import SyncModel

struct SiteAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a site (administrators).",
        discussion: """
            Example: porchlight site add S1 --name "Elm Street" --kind residence --approach housing_first
            """)

    @Argument(help: "Its code; it names the site everywhere and never changes.")
    var code: String

    @Option(help: "Its name.")
    var name: String

    @Option(help: "agency_office, clinic, residence, community or phone.")
    var kind: String = "agency_office"

    @Option(help: "treatment_first or housing_first.")
    var approach: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let entry = try DirectoryEntry(code, new: "site", in: try desk.replica())
        try entry.add(
            try Writes(
                "site",
                [
                    "code": .text(entry.code), "name": .typed(name),
                    "kind": try .word(kind, of: Words.siteKinds, called: "kind of site"),
                    "approach": try .word(approach, of: Words.approaches, called: "approach"),
                ]), at: desk)
    }
}
