import Hummingbird
import SyncModel
import SyncWire

/// A request that gets no answer but an error: the status line, and what stands in the body.
///
/// This file is the one place that says which status belongs to which code.
struct RefusedRequest: Error {
    /// The status.
    let status: HTTPResponse.Status
    /// The status' number.
    var statusCode: Int { status.code }
    /// What stands in the body.
    let error: SyncError
    /// In how many seconds trying again makes sense, for the `Retry-After` field.
    var retryAfter: Int64?
    /// Whether the rest of the request is not worth reading, so that the connection ends with the answer.
    var closes = false

    init(_ status: HTTPResponse.Status, _ error: SyncError, retryAfter: Int64? = nil, closes: Bool = false) {
        self.status = status
        self.error = error
        self.retryAfter = retryAfter
        self.closes = closes
    }

    /// Turns any failure into what may leave the server. What is wrong with the server's own disk or
    /// database is told to its log and not to a laptop, which would take it for its own.
    init(_ error: any Error) {
        if let refused = error as? Self {
            self = refused
            return
        }
        if let error = error as? WireError {
            self = error == .cutShort ? .cutShort : Self(SyncError(error))
            return
        }
        guard let error = error as? SyncError else {
            self.init(.internalServerError, Self.fault)
            return
        }
        switch error.code {
        case .unauthorized: self.init(.unauthorized, error)
        case .badCode, .notPermitted, .retired: self.init(.forbidden, error)
        // What the request names is not, or is no longer, as it would have to be.
        case .nothing: self.init(.conflict, error)
        case .badValue: self.init(.unprocessableContent, error)
        case .malformed: self.init(.badRequest, error)
        case .tooLarge: self.init(.contentTooLarge, error, closes: true)
        case .tooMany: self.init(.tooManyRequests, error, retryAfter: 60)
        case .unavailable, .busy, .syncing, .diskFull:
            self.init(.serviceUnavailable, Self.unavailable, retryAfter: 5)
        default: self.init(.internalServerError, Self.fault)
        }
    }

    private static let fault = SyncError(
        .serverFault, "the server failed inside",
        means: "Nothing is lost: what was not taken stays on the laptop.",
        advice: "again later; if it stays so, the administrator finds the reason in the server's log")

    private static let unavailable = SyncError(
        .unavailable, "the server is busy", means: "Nothing is lost: what was not taken stays on the laptop.",
        advice: "again in a moment")
}

extension RefusedRequest {
    static let unauthorized = Self(
        .unauthorized,
        SyncError(
            .unauthorized, "this server does not know the device's token",
            means: "Nothing was sent or received.",
            advice: "the server the device was enrolled at; if this is it, and it was restored, ask an "
                + "administrator for a new code: `porchlight enroll --again` keeps everything that is on "
                + "the laptop, and sends it"))

    static let unknownPath = Self(
        .notFound,
        SyncError(
            .nothing, "there is nothing under this path",
            advice:
                "give the address without a path; a program finds POST /v1/exchange, POST /v1/verify, "
                + "POST /v1/quarantine, POST /v1/enrol, GET /v1/history/RECORD, GET /v1/origins, GET /health, "
                + "GET /metrics"))

    static let tooLarge = Self(
        .contentTooLarge,
        SyncError(
            .tooLarge, "the request is larger than this server takes",
            means: "None of it was taken.", advice: "fewer changes in one exchange"),
        closes: true)

    static let cutShort = Self(
        .badRequest,
        SyncError(
            .malformed, "the request ended before it was complete", means: "None of it was taken.",
            advice: "the same request again"),
        closes: true)

    static func unsupported(_ what: String, advice: String) -> Self {
        Self(
            .unsupportedMediaType,
            SyncError(.malformed, what, means: "None of it was taken.", advice: advice))
    }

    static func tooMany(seconds: Int64) -> Self {
        Self(
            .tooManyRequests,
            SyncError(
                .tooMany, "too many wrong codes came from this address",
                means: "Codes from this address are not looked at for a while.",
                advice: "again in \(seconds) seconds"),
            retryAfter: seconds)
    }
}
