import SyncModel
import Testing

@testable import porchlight

@Suite struct QuestionsTests {
    private let doubt = SyncError(.ambiguous, "there is a check-in at that time already")

    private func desk(_ test: TestDesk, json: Bool = false) throws -> Desk {
        let common = try commonOptions(json ? ["--json"] : [])
        return Desk(common, world: test.world, screen: test.screen)
    }

    @Test(arguments: [["y"], ["YES"], ["perhaps", " yes "]])
    func `goes on after a yes`(_ answers: [String]) throws {
        let test = try TestDesk(answers: answers)
        try desk(test).confirm("Again?", yes: false, doubt: doubt)
        #expect(test.err.text.hasPrefix("Again? [y/N] "))
    }

    @Test(arguments: [["n"], [""], [], ["what", "what", "what", "y"]])
    func `anything else is a no`(_ answers: [String]) throws {
        let test = try TestDesk(answers: answers)
        let error = #expect(throws: SyncError.self) {
            try desk(test).confirm("Again?", yes: false, doubt: doubt)
        }
        #expect(error?.code == .ambiguous)
        #expect(error?.means == "nothing was recorded")
    }

    @Test func `asks nobody where nobody is, and says how to answer beforehand`() throws {
        let test = try TestDesk()
        let error = #expect(throws: SyncError.self) {
            try desk(test).confirm("Again?", yes: false, doubt: doubt)
        }
        #expect(error?.what == doubt.what)
        #expect(error?.advice == "add --yes if it is right")
        #expect(test.err.text.isEmpty)
        try desk(test).confirm("Again?", yes: true, doubt: doubt)
    }

    @Test func `asks no program`() throws {
        let test = try TestDesk(answers: ["y"])
        #expect(throws: SyncError.self) {
            try desk(test, json: true).confirm("Again?", yes: false, doubt: doubt)
        }
    }
}
