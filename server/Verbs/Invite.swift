import ArgumentParser
import SyncModel
import SyncStore

struct Invite: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a one-time code with which a staff member enrolls a laptop.")

    @Argument(help: "The staff code, such as PS07.") var staff: String
    @OptionGroup var data: DataFolder
    @Option(help: "For how many days the code is good.") var days: Int = Int(Limits.inviteSeconds / 86_400)
    @OptionGroup var output: Output

    func validate() throws {
        guard (1...90).contains(days) else { throw ValidationError("--days takes a number from 1 to 90.") }
    }

    func run() throws {
        var generator = SystemRandomNumberGenerator()
        let answer = try data.use { store in
            func invite(_ code: String) throws -> SyncStore.Invite {
                try store.invite(
                    staff: code, lifetimeSeconds: Int64(days) * 86_400, now: now(), using: &generator)
            }
            do {
                return InviteAnswer(try invite(staff), zone: store.agency.timeZone)
            } catch let error as SyncError where error.code == .unknownRecord {
                // Codes are usually in capitals, and as usually typed without.
                guard staff != staff.uppercased() else { throw error }
                return InviteAnswer(try invite(staff.uppercased()), zone: store.agency.timeZone)
            }
        }
        try output.print(answer, lines: answer.lines)
    }
}

/// A one-time code, as it is printed.
struct InviteAnswer: Encodable {
    let code: String
    let staff: String
    /// Unix seconds.
    let expires: Int64
    private let zone: String

    private enum CodingKeys: CodingKey {
        case code, staff, expires
    }

    init(_ invite: SyncStore.Invite, zone: String) {
        self.zone = zone
        code = invite.code
        staff = invite.staff
        expires = invite.expiresAt
    }

    var lines: String {
        """
        code for \(staff): \(code)
        It works once, until \(written(microseconds: expires * 1_000_000, in: zone)). Give it to \(staff) in person, \
        or by telephone.
        """
    }
}
