/// Who this replica is and where its server is: what enrolling gave it.
public struct Enrolment: Hashable, Sendable {
    /// The device's code in the agency, such as `LT-11`.
    public var device: String
    /// The device's secret, as the server gave it.
    public var token: String
    /// The staff code of the person who uses it.
    public var staff: String
    /// Their role.
    public var role: String
    /// The agency's name.
    public var agency: String
    /// The agency's time zone, a name of the IANA database.
    public var timeZone: String
    /// The server's address.
    public var server: String
    /// A file of certificates to trust instead of the system's, if any.
    public var caFile: String?
    /// Whether plain HTTP on the loopback was asked for.
    public var allowPlainHTTP: Bool

    /// Puts an enrolment together.
    public init(
        device: String, token: String, staff: String, role: String, agency: String,
        timeZone: String, server: String, caFile: String? = nil, allowPlainHTTP: Bool = false
    ) {
        self.device = device
        self.token = token
        self.staff = staff
        self.role = role
        self.agency = agency
        self.timeZone = timeZone
        self.server = server
        self.caFile = caFile
        self.allowPlainHTTP = allowPlainHTTP
    }
}
