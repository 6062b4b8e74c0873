import SyncModel
import SyncWire
import Testing

@testable import SyncHTTP

@Suite struct RefusedRequestTests {
    struct Case: CustomTestStringConvertible {
        let thrown: SyncError.Code
        let status: Int
        let told: SyncError.Code

        init(_ thrown: SyncError.Code, _ status: Int, _ told: SyncError.Code) {
            self.thrown = thrown
            self.status = status
            self.told = told
        }

        var testDescription: String { thrown.rawValue }
    }

    @Test(arguments: [
        Case(.unauthorized, 401, .unauthorized), Case(.badCode, 403, .badCode),
        Case(.malformed, 400, .malformed), Case(.tooLarge, 413, .tooLarge), Case(.tooMany, 429, .tooMany),
        Case(.unavailable, 503, .unavailable), Case(.busy, 503, .unavailable),
        Case(.diskFull, 503, .unavailable), Case(.damaged, 500, .serverFault),
        Case(.readOnly, 500, .serverFault), Case(.internalFault, 500, .serverFault),
        Case(.unknownRecord, 500, .serverFault),
    ])
    func `every failure has its status, and the server's own troubles stay its own`(example: Case) {
        let refused = RefusedRequest(SyncError(example.thrown, "disk sda1 of the server"))
        #expect(refused.statusCode == example.status)
        #expect(refused.error.code == example.told)
        if example.told != example.thrown { #expect(!refused.error.what.contains("sda1")) }
        #expect((refused.retryAfter != nil) == [429, 503].contains(example.status))
    }

    @Test func `what cannot be read is the client's affair, what is unknown the server's`() {
        #expect(RefusedRequest(WireError.cutShort).statusCode == 400)
        #expect(RefusedRequest(WireError.cutShort).error.code == .malformed)
        #expect(RefusedRequest(WireError.malformed("a change")).statusCode == 400)
        #expect(RefusedRequest(WireError.tooLarge("the request")).statusCode == 413)
        struct Unknown: Error {}
        #expect(RefusedRequest(Unknown()).statusCode == 500)
    }
}
