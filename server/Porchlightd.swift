import ArgumentParser
import Foundation
import SyncModel

/// The server's command.
@main
struct Porchlightd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "porchlightd",
        abstract: "Keeps an agency's records, and exchanges them with its laptops.",
        discussion: """
            Begin with `init`, give each person a code with `invite`, and let `serve` run. The other \
            verbs may be used while it runs, but for `restore`.
            """,
        version: "0.1.0",
        subcommands: [
            Init.self, Serve.self, Invite.self, Device.self, Digest.self, Backup.self, Restore.self,
            Audit.self, Verify.self, Quarantine.self,
        ])

    static func main() async {
        // Whatever is created here is for this user only: the database, its log, a ready file.
        umask(0o077)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Failure.end(with: error)
        }
    }
}
