import ArgumentParser
import Glibc
import PeerSupport
import SyncModel
import SyncReplica

struct Doctor: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Check that everything on this laptop is in order.",
        discussion: """
            Looks and changes nothing, and tells what happened to this laptop and its server: that it was a copy, or was \
            put back from an older file, that the server was restored, that it was retired. With --rebuild the tables that are shown are made again from the records, \
            which loses nothing.

            Example: porchlight doctor
            """)

    @Flag(help: "Make the shown tables again from the records, then check.")
    var rebuild = false

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        if rebuild { try replica.rebuild() }
        let findings =
            try replica.doctor().map { Found(area: $0.area, gravity: $0.gravity, text: $0.text) }
            + Self.surroundings(desk)
        let events = try replica.events()
        let time = desk.time
        desk.show(
            Self.json(findings, desk, rebuilt: rebuild)
                .adding("events", .list(events.map { Happened.json($0, time) }))
        ) { page in
            page.line("replica: \(desk.path)")
            if rebuild { page.line("the shown tables were made again from the records") }
            page.table([], findings.map { [Self.mark($0.gravity), Page.Cell($0.area), Page.Cell($0.text)] })
            guard !events.isEmpty else { return }
            page.line("what happened to this laptop and its server:")
            for event in events { page.line("  \(Happened.words(event, time))") }
        }
        if findings.contains(where: { $0.gravity == .grave }) {
            throw SyncError(
                .damaged, "this laptop's records are damaged",
                means: "what was synced before is safe on the server",
                advice: "keep the file \(desk.path) and speak to your administrator before recording more")
        }
        if findings.contains(where: { $0.gravity == .repairable }) {
            throw SyncError(
                .damaged, "what is shown differs from what was recorded",
                means: "the records themselves are whole",
                advice: "porchlight doctor --rebuild")
        }
    }

    /// What is known of the machine around the replica.
    struct Found {
        let area: String
        let gravity: Finding.Gravity
        let text: String
    }

    private static func surroundings(_ desk: Desk) throws -> [Found] {
        var found: [Found] = []
        let zone = try desk.enrolment().timeZone
        found.append(
            desk.knowsZone
                ? Found(area: "zone", gravity: .fine, text: "times are shown in \(zone)")
                : Found(
                    area: "zone", gravity: .notice,
                    text: "this machine does not know the time zone \(zone): install its time zone data"))
        var entry = stat()
        if stat(desk.path, &entry) == 0 {
            found.append(
                entry.st_mode & 0o077 == 0
                    ? Found(area: "rights", gravity: .fine, text: "only you can read the file")
                    : Found(
                        area: "rights", gravity: .notice,
                        text: "others on this machine may read the file: chmod 600 \(desk.path)"))
        }
        let replica = try desk.replica()
        found += try restored(replica, desk.time)
        found += try Attention(replica.status(), in: replica).words.map {
            Found(area: "attention", gravity: .notice, text: $0)
        }
        return found
    }

    /// What a restored server may not have got back yet: nobody can see from here who has synced since.
    private static func restored(_ replica: Replica, _ time: LocalTime) throws -> [Found] {
        guard let at = try Happened.restoration(replica.events(), before: time.now) else { return [] }
        let kept = try replica.status().kept
        let only =
            kept == 0
            ? ""
            : " \(Wording.count(kept, "record is", "records are")) only here of what the server had: kept until that has "
                + "happened (porchlight verify names them)."
        return [
            Found(
                area: "server", gravity: .notice,
                text:
                    "the server was restored (found \(time.ago(at))): what others wrote since the backup is shown as it "
                    + "stood in the backup until they or an administrator have synced.\(only)")
        ]
    }

    private static func mark(_ gravity: Finding.Gravity) -> Page.Cell {
        switch gravity {
        case .fine: Page.Cell("ok", .good)
        case .notice: Page.Cell("note", .warning)
        case .repairable: Page.Cell("repair", .warning)
        case .grave: Page.Cell("DAMAGED", .bad)
        }
    }

    private static func json(_ findings: [Found], _ desk: Desk, rebuilt: Bool) -> JSON {
        [
            "replica": .text(desk.path), "rebuilt": .flag(rebuilt),
            "findings": .list(
                findings.map { finding in
                    [
                        "area": .text(finding.area), "gravity": .text(finding.gravity.rawValue),
                        "text": .text(finding.text),
                    ]
                }),
        ]
    }
}
