import SwiftProtobuf
public import SyncModel

/// The two messages of enrolment, as JSON.
public enum EnrolCodec {
    /// Bytes that either may have.
    public static let bodyBytes = 4 << 10

    /// Encodes what a laptop asks.
    public static func encode(_ request: EnrolRequest) throws(WireError) -> [UInt8] {
        var message = Porchlight_V1_EnrolRequest()
        message.code = request.code
        message.deviceName = request.deviceName
        message.staff = request.staff
        message.agency = request.agency
        return try message.json()
    }

    /// Decodes what a laptop asks.
    public static func decode(request body: [UInt8]) throws(WireError) -> EnrolRequest {
        guard body.count <= bodyBytes else { throw .tooLarge("the request") }
        let message = try Porchlight_V1_EnrolRequest(json: body)
        return EnrolRequest(
            code: try checked(message.code, "the code"),
            deviceName: try checked(message.deviceName, "the device's name", empty: true),
            staff: try checked(message.staff, "the staff code", empty: true),
            agency: try checked(message.agency, "the agency's name", empty: true))
    }

    /// Encodes what the server grants.
    public static func encode(_ reply: EnrolReply) throws(WireError) -> [UInt8] {
        var message = Porchlight_V1_EnrolReply()
        message.device = reply.device
        message.token = reply.token
        message.staff = reply.staff
        message.role = reply.role
        message.agency = reply.agency
        message.timeZone = reply.timeZone
        return try message.json()
    }

    /// Decodes what the server grants.
    public static func decode(reply body: [UInt8]) throws(WireError) -> EnrolReply {
        guard body.count <= bodyBytes else { throw .tooLarge("the answer") }
        let message = try Porchlight_V1_EnrolReply(json: body)
        return EnrolReply(
            device: try checked(message.device, "the device's code"),
            token: try checked(message.token, "the token", limit: 256),
            staff: try checked(message.staff, "the staff code"),
            role: try checked(message.role, "the role"),
            agency: try checked(message.agency, "the agency's name", limit: 256),
            timeZone: try checked(message.timeZone, "the time zone"))
    }
}
