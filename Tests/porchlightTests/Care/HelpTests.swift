import ArgumentParser
import Testing

@testable import porchlight

@Suite struct CareHelpTests {
    /// Every verb, also below a verb of verbs.
    private static func verbs(_ types: [any ParsableCommand.Type]) -> [any ParsableCommand.Type] {
        types.flatMap { type in
            type.configuration.subcommands.isEmpty ? [type] : verbs(type.configuration.subcommands)
        }
    }

    @Test func `every verb of the work has an example in its help`() {
        let all = Self.verbs(CareVerbs.record + CareVerbs.look + CareVerbs.laptop)
        #expect(all.count > 30)
        for verb in all {
            #expect(verb.configuration.discussion.contains("Example: porchlight "), "\(verb)")
            #expect(!verb.configuration.abstract.isEmpty, "\(verb)")
        }
    }
}
