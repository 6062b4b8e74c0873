import Foundation
import Testing

/// A server that is not there, is none, or fails in mid-answer costs nothing that was recorded.
@Suite struct BadServerTests {
    /// What an exchange may meet, and what it is then called.
    struct Meeting: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The answer; empty for hanging up at once, `nil` for nothing that listens.
        let answer: String?
        let exit: Int32
        let code: String
    }

    private static let page = "<html><body>Welcome to our guest network</body></html>"
    static let meetings = [
        Meeting(testDescription: "nothing listens", answer: nil, exit: 75, code: "offline"),
        Meeting(testDescription: "it hangs up", answer: "", exit: 75, code: "cut_short"),
        Meeting(
            testDescription: "a web page",
            answer:
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)",
            exit: 69, code: "not_porchlight"),
        Meeting(
            testDescription: "a redirect",
            answer: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\nContent-Length: 0\r\n\r\n",
            exit: 69, code: "not_porchlight"),
        Meeting(
            testDescription: "an answer cut short",
            answer: "HTTP/1.1 200 OK\r\nContent-Type: application/x-porchlight\r\n"
                + "Content-Length: 500\r\n\r\n\u{2b}\u{0a}\u{29}",
            exit: 75, code: "cut_short"),
        Meeting(
            testDescription: "an answer without its end",
            answer: "HTTP/1.1 200 OK\r\nContent-Type: application/x-porchlight\r\n"
                + "Content-Length: 0\r\n\r\n",
            exit: 75, code: "cut_short"),
        Meeting(
            testDescription: "a fault of its own",
            answer: "HTTP/1.1 500 Oh\r\nContent-Type: application/json\r\nContent-Length: 73\r\n\r\n"
                + #"{"code":"server_fault","what":"it failed","means":"no harm","advice":"a"}"#,
            exit: 69, code: "server_fault"),
    ]

    @Test(arguments: meetings)
    func `a sync that meets no server keeps everything`(meeting: Meeting) async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await agency.stop()
        try await rosa.done("checkin", "add", "P0001", "walked")
        try await rosa.done("checkin", "add", "P0003", "talked", "--minutes", "15")
        let rows = "SELECT id, did FROM check_in ORDER BY id"
        let (digest, recorded) = (try await rosa.digest, try await rosa.query(rows))

        let other = try meeting.answer.map {
            try FalseServer(on: agency.port, $0.isEmpty ? .hangsUp : .says($0))
        }
        let refused = try await rosa.refuses("sync", exit: meeting.exit, code: meeting.code)
        #expect(refused.means.contains("2 changes are kept here and will be sent by the next sync"))
        #expect(other.map { $0.connections >= 2 } != false)
        other?.stop()
        #expect(try await rosa.waiting == 2)
        #expect(try await rosa.digest == digest)
        #expect(try await rosa.query(rows) == recorded)
        #expect(try await rosa.json("status")["last_failure"]["code"].text == meeting.code)
        #expect(try await rosa.done("status").hasPrefix("2 changes wait"))

        try await agency.start()
        let report = try await rosa.json("sync")
        #expect(report["applied"].whole == 2)
        #expect(try await rosa.waiting == 0)
        #expect(try await agency.query("SELECT count(*) FROM record WHERE \"table\" = 'check_in'") == "2")
    }
}
