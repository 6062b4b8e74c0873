import SwiftProtobuf
public import SyncModel

/// The body of every answer that is no success, as JSON.
public enum ErrorBodyCodec {
    /// Bytes that it may have.
    public static let bodyBytes = 8 << 10

    /// Encodes an error.
    public static func encode(_ error: SyncError) throws(WireError) -> [UInt8] {
        var message = Porchlight_V1_ErrorBody()
        message.code = error.code.rawValue
        message.what = error.what
        message.means = error.means
        message.advice = error.advice
        return try message.json()
    }

    /// Decodes an error. A code of a newer server's counts as ``SyncError/Code/serverFault``; its sentences
    /// stand.
    public static func decode(_ body: [UInt8]) throws(WireError) -> SyncError {
        guard body.count <= bodyBytes else { throw .tooLarge("the answer") }
        let message = try Porchlight_V1_ErrorBody(json: body)
        return SyncError(
            SyncError.Code(rawValue: try checked(message.code, "the error's code")) ?? .serverFault,
            try checked(message.what, "the error's text", limit: bodyBytes),
            means: message.means, advice: message.advice)
    }
}
