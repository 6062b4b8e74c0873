import Foundation
import Testing

/// What `porchlightd` tells people.
@Suite struct ServerWordsTests {
    @Test func `times are the agency's for people, and UTC for programs`() async throws {
        let agency = try await Agency()
        let told = try await agency.run("invite", "PS07")
        let until = try #require(told.split(separator: "\n").last.map(String.init))
        #expect(
            until.contains(/until 20\d\d-\d\d-\d\d \d\d:\d\d America\/New_York\. Give it to PS07/), "\(told)")
        #expect(try await agency.run("invite", "ps07").contains("code for PS07: "))
        let listed = try await agency.run("device", "list")
        #expect(listed.contains(/20\d\d-\d\d-\d\d \d\d:\d\d America\/New_York/), "\(listed)")
        #expect(!listed.contains("Z"), "\(listed)")

        let row = try JSONTree(try await agency.run("device", "list", "--json")).list[0]
        let seen = try #require(row["lastSeenAt"].text)
        #expect(seen.hasSuffix("Z"))
        // The same moment, on the clock of New York.
        let clock = DateFormatter()
        clock.locale = Locale(identifier: "en_US_POSIX")
        clock.timeZone = TimeZone(identifier: "America/New_York")
        clock.dateFormat = "yyyy-MM-dd HH:mm"
        let moment = try Date(seen, strategy: .iso8601)
        #expect(listed.contains("\(clock.string(from: moment)) America/New_York"), "\(listed)")
    }

    @Test(arguments: ["porchlight", "porchlightd"]) func `a program says its version`(name: String)
        async throws
    {
        let runner = ProcessRunner()
        let outcome = try await runner.run(Products.path(of: name), ["--version"])
        #expect(outcome.exit == .code(0))
        #expect(outcome.output.contains(/^\d+\.\d+\.\d+\n$/), "\(outcome)")
    }
}
