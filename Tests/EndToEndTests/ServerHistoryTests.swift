import Foundation
import Testing

/// What the server has kept of a record, asked for from a laptop.
@Suite struct ServerHistoryTests {
    @Test
    func `a laptop that holds only what stands is told everything, and an administrator's look is noted`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("participant", "edit", "P0001", "--phone", "555 0100")
        try await rosa.done("sync")
        try await rosa.done("participant", "edit", "P0001", "--phone", "555 0101")
        try await rosa.done("sync")
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        let known = try await spare.json("history", "P0001")["entries"].list
        let all = try await spare.json("history", "P0001", "--server")["entries"].list
        #expect(all.count == known.count + 1)
        #expect(all.map { $0["writes"]["contact"]["phone"].text }.suffix(2) == ["555 0100", "555 0101"])
        let device = try #require(try await rosa.json("status")["device"].text)
        #expect(all.last?["device"].text == device)
        #expect(try await spare.done("history", "P0001", "--server").contains("phone 555 0100 → 555 0101"))
        #expect(try await !agency.run("audit").contains("history"))

        try await agency.founder.done("history", "P0001", "--server")
        let id = try #require(try await spare.json("history", "P0001")["record"].text)
        let audit = try await agency.run("audit")
        #expect(audit.contains("history") && audit.contains(id))
        // By hand, as Protocol.md says.
        let token = try await spare.query("SELECT token FROM sync_meta")
        let answer = try await agency.runner.run(
            "curl", ["-s", "-H", "Authorization: Bearer \(token)", "\(agency.url)/v1/history/\(id)?limit=1"])
        #expect(answer.output.hasPrefix("{\"record\":") && answer.output.contains("\"next\":"))

        // Benedict is with somebody else.
        let other = try await agency.founder.json("history", "P0002")["record"].text ?? ""
        let refused = try await agency.runner.run(
            "curl", ["-s", "-H", "Authorization: Bearer \(token)", "\(agency.url)/v1/history/\(other)"])
        let unknown = try await agency.runner.run(
            "curl", ["-s", "-H", "Authorization: Bearer \(token)", "\(agency.url)/v1/history/nobody"])
        #expect(refused.output == unknown.output && refused.output.contains("unknown_record"))
        try await agency.stop()
        #expect(try await spare.run(["history", "P0001", "--server"]).exit == .code(75))
    }
}
