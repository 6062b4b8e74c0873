import Foundation
import Testing

/// The exchange as Protocol.md shows it, with `curl`, JSON lines and no code of Porchlight's on this side.
@Suite struct ByHandTests {
    /// The JSON examples of the document under one name, such as `json request`.
    private func examples(_ name: String) throws -> [String] {
        let path = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "../../Protocol.md").standardized
        let text = try String(contentsOf: path, encoding: .utf8)
        return text.components(separatedBy: "\n```\(name)\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
    }

    /// Runs curl as the document does, and gives the status and the body's lines.
    private func curl(
        _ agency: Agency, _ path: String, file: String, _ headers: String...
    ) async throws -> (status: String, lines: [String]) {
        let outcome = try await agency.runner.run(
            "curl",
            ["--silent", "--show-error", "--cacert", "authority.pem", "--write-out", "\n%{http_code}"]
                + headers.flatMap { ["-H", $0] } + ["--data-binary", "@\(file)", agency.url + path])
        try #require(outcome.exit == .code(0), "\(outcome)")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        return (try #require(lines.last), lines.dropLast())
    }

    private func write(_ text: String, to file: String, _ agency: Agency) throws {
        try Data(text.utf8).write(to: agency.runner.home.appending(path: file))
    }

    /// Enrols as section 11 shows, and gives the token.
    private func enrol(_ agency: Agency, as staff: String) async throws -> String {
        let code = try await agency.code(for: staff)
        try write(#"{"code":"\#(code)","deviceName":"by hand"}"#, to: "enrol.json", agency)
        let (status, lines) = try await curl(
            agency, "/v1/enrol", file: "enrol.json", "Content-Type: application/json")
        #expect(status == "200")
        let reply = try JSONTree(try #require(lines.first))
        let example = try JSONTree(try #require(examples("json enrol-reply").first))
        guard case .object(let members) = example else { throw Failure.notBuilt("Protocol.md") }
        for field in members.keys { #expect(reply[field].text?.isEmpty == false, "\(field)") }
        #expect(reply["staff"].text == staff)
        #expect(reply["timeZone"].text == "America/New_York")
        return try #require(reply["token"].text)
    }

    private func exchange(
        _ agency: Agency, _ token: String, file: String
    ) async throws -> (status: String, frames: [JSONTree]) {
        let (status, lines) = try await curl(
            agency, "/v1/exchange", file: file, "Authorization: Bearer \(token)",
            "Content-Type: application/x-ndjson", "Accept: application/x-ndjson")
        return (status, try lines.map { try JSONTree($0) })
    }

    @Test func `the exchange works by hand as the document shows it`() async throws {
        let agency = try await Agency(tls: true)
        let token = try await enrol(agency, as: "PS07")
        let requests = try examples("json request")
        try #require(requests.count == 2)
        try write(requests[1] + "\n", to: "hello.json", agency)
        let (status, frames) = try await exchange(agency, token, file: "hello.json")
        #expect(status == "200")
        let welcome = try #require(frames.first)["welcome"]
        #expect(welcome["ok"] == .object([:]))
        #expect(welcome["keys"].list.contains(.string("caseload:PS07")))
        let records = frames.map { $0["record"] }.filter { $0 != .null }
        #expect((1...10).contains(records.count))
        let names = records.flatMap { $0["state"]["live"].list }.flatMap { $0["writes"].list }
            .filter { $0["register"].text == "name" }.compactMap { $0["values"][0]["text"].text }
        #expect(names.allSatisfy { $0 != "Benedict" })
        let end = try #require(frames.last)["end"]
        #expect(end["cursor"].text?.isEmpty == false)

        // Going on where that ended: the rest, and nothing twice.
        let epoch = try #require(welcome["epoch"].text)
        let cursor = try #require(end["cursor"].text)
        let next = requests[1].replacing(
            #""schema""#, with: #""epoch":"\#(epoch)","cursor":"\#(cursor)","schema""#)
        try write(next + "\n", to: "next.json", agency)
        let (_, more) = try await exchange(agency, token, file: "next.json")
        let ids = Set(records.compactMap { $0["id"].text })
        let others = more.compactMap { $0["record"]["id"].text }
        #expect(ids.isDisjoint(with: others))
        #expect(ids.count == records.count)
        #expect(try #require(more.last)["end"]["cursor"].text != cursor || others.isEmpty)
    }

    @Test func `a change pushed by hand gets its disposition, and the same one again`() async throws {
        let agency = try await Agency(tls: true)
        let token = try await enrol(agency, as: "PS07")
        // A device that never synced has no epoch and no cursor; the change stays as the document froze it.
        let request = try #require(examples("json request").first)
            .replacing(#""epoch":"7","cursor":"Ny5vcGFxdWU=","#, with: "")
        #expect(request.contains(#"{"change":"CngI"#))
        try write(request + "\n", to: "push.json", agency)
        var answers: [[JSONTree]] = []
        for _ in 0..<2 {
            let (status, frames) = try await exchange(agency, token, file: "push.json")
            #expect(status == "200")
            #expect(frames.last?["end"] != .null)
            #expect(frames.first?["welcome"]["taken"].text == "1")
            answers.append(frames.map { $0["dispositions"] }.filter { $0 != .null })
        }
        let disposition = try #require(answers.first?.first)
        #expect(disposition["incarnation"].text == "XwwaUo0+S3qcYS5PeoucDQ==")
        #expect(disposition["first"].text == "1")
        #expect(disposition["count"].whole == 1)
        // It writes registers as the document invents them, so the server keeps it aside and says why.
        #expect(disposition["outcome"].text == "OUTCOME_QUARANTINED")
        #expect(disposition["refusal"]["code"].text?.isEmpty == false)
        #expect(disposition["refusal"]["reason"].text?.isEmpty == false)
        #expect(answers[0] == answers[1])
        let kept = "SELECT count(*), hex(bytes) LIKE '0A78080111D36E84C5B440%' FROM change WHERE outcome = 2"
        #expect(try await agency.query(kept) == "1|1")
    }

    @Test func `an unknown token and a body that is none are refused in the documented form`() async throws {
        let agency = try await Agency(tls: true)
        try write("not json\n", to: "hello.json", agency)
        let strange = try await exchange(agency, "nobody", file: "hello.json")
        #expect(strange.status == "401")
        #expect(strange.frames.first?["code"].text == "unauthorized")
        let token = try await enrol(agency, as: "PS07")
        let garbled = try await exchange(agency, token, file: "hello.json")
        #expect(garbled.status == "400")
        #expect(garbled.frames.first?["code"].text == "malformed")
        for field in ["what", "means", "advice"] {
            #expect(garbled.frames.first?[field].text?.isEmpty == false)
        }
    }
}
