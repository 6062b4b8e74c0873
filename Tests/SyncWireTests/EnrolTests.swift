import SyncModel
import SyncWire
import Testing

@Suite struct EnrolTests {
    private let granted = EnrolReply(
        device: "LT-11", token: "3q2-7w", staff: "PS07", role: "peer", agency: "Harbor \"East\"",
        timeZone: "America/New_York")

    @Test func `enrolment comes back as it went`() throws {
        let request = EnrolRequest(code: "7K2M-99QT", deviceName: "Dana's laptop")
        #expect(try EnrolCodec.decode(request: EnrolCodec.encode(request)) == request)
        #expect(try EnrolCodec.decode(reply: EnrolCodec.encode(granted)) == granted)
    }

    @Test(arguments: [
        "", "{", "[]", "<html></html>", "{}", #"{"code":""}"#, #"{"code":7}"#,
        #"{"code":"a\u0000b"}"#,
    ])
    func `what is no enrolment is refused`(body: String) {
        #expect(throws: WireError.self) { try EnrolCodec.decode(request: Array(body.utf8)) }
        #expect(throws: WireError.self) { try EnrolCodec.decode(reply: Array(body.utf8)) }
    }

    @Test func `a body too large is refused`() {
        let body = Array(#"{"code":"\#(String(repeating: "x", count: 5_000))"}"#.utf8)
        #expect(throws: WireError.tooLarge("the request")) { try EnrolCodec.decode(request: body) }
    }

    @Test(arguments: SyncError.Code.allCases)
    func `an error comes back as it went`(code: SyncError.Code) throws {
        let error = SyncError(code, "it failed", means: "nothing is lost", advice: "sync again")
        #expect(try ErrorBodyCodec.decode(ErrorBodyCodec.encode(error)) == error)
    }

    @Test func `a code of a newer server keeps its sentences`() throws {
        let body = #"{"code":"moon_phase","what":"the moon is full","advice":"wait","extra":1}"#
        let error = try ErrorBodyCodec.decode(Array(body.utf8))
        #expect(error == SyncError(.serverFault, "the moon is full", advice: "wait"))
    }

    @Test func `a web page is no error body`() {
        #expect(throws: WireError.self) {
            try ErrorBodyCodec.decode(Array("<html>404</html>".utf8))
        }
    }

    @Test func `an error of the wire says what it means`() {
        #expect(SyncError(WireError.cutShort).code == .cutShort)
        #expect(SyncError(WireError.malformed("x")).code == .malformed)
        #expect(SyncError(WireError.tooLarge("x")).code == .tooLarge)
    }
}
