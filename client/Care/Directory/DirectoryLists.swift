import ArgumentParser

struct StaffList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the staff.",
        discussion: """
            Example: porchlight staff list
            """)

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try DirectoryEntry.list(
            "staff", as: "staff", ["code", "name", "role", "site", "team", "supervisor"], at: desk)
    }
}

struct SiteList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sites.",
        discussion: """
            Example: porchlight site list
            """)

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try DirectoryEntry.list("site", as: "sites", ["code", "name", "kind", "approach"], at: desk)
    }
}

struct TeamList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the teams.",
        discussion: """
            Example: porchlight team list
            """)

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try DirectoryEntry.list(
            "team", as: "teams", ["code", "name", "program", "site", "floor", "proximity"], at: desk)
    }
}
