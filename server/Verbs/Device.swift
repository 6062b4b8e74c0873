import ArgumentParser
import Foundation
import SyncModel
import SyncStore

struct Device: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the laptops, or retire one.", subcommands: [DeviceList.self, DeviceRetire.self],
        defaultSubcommand: DeviceList.self)
}

struct DeviceList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List every laptop, whose it is, and when it was last heard of.",
        discussion: """
            A sync that brings nothing is noted only where the last note is more than five minutes old, so LAST SEEN may be \
            that much behind.

            Copies of one laptop's file, on whichever machines, are one laptop here, with one code. NOTES says of a laptop \
            that it has several logs: then its file was copied, or put back from an older copy, or the server was \
            restored. Were it a copy that somebody still works with, both would be retired together.

            With --json: a list, of each `device`, `name`, `staff`, `role`, `enrolledAt`, `lastSeenAt`, `retiredAt`, \
            `quarantined`, `logs`, `clockAheadSeconds`.
            """)

    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let (rows, zone) = try data.use { (try $0.devices(), $0.agency.timeZone) }
        try output.print(rows.map(DeviceAnswer.init), lines: Self.table(rows, zone))
    }

    private static func table(_ devices: [DeviceRow], _ zone: String) -> String {
        guard !devices.isEmpty else { return "no laptop is enrolled" }
        let rows =
            [["DEVICE", "NAME", "STAFF", "ROLE", "LAST SEEN", "NOTES"]]
            + devices.map { DeviceAnswer($0).columns($0, zone) }
        return columns(rows)
    }
}

struct DeviceRetire: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Retire a laptop: it receives nothing more, and seals itself when it next syncs.",
        discussion: """
            Every copy of its file is retired with it: to the server they are one laptop. To go on with one of them, enrol \
            that machine anew first (`porchlightd invite`).

            Example: porchlightd device retire LT-11 --data ./agency
            """)

    @Argument(help: "The device's code, such as LT-11.") var device: String
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    private static let ofTheDisk: Set<SyncError.Code> = [
        .diskFull, .readOnly, .busy, .damaged, .internalFault,
    ]

    /// Whoever is told that something went wrong must not take a lost laptop for retired.
    private func notRetired(_ error: SyncError) -> SyncError {
        var error = error
        error.means =
            "\(device) does not count as retired: it may go on receiving records, and what it sends counts"
        error.advice +=
            "; then `porchlightd device retire \(device)` again, until it says that the laptop is retired"
        return error
    }

    /// A laptop is also called something; who types that is told which it is.
    private func named(_ error: SyncError) -> SyncError {
        let called = ((try? data.use { try $0.devices() }) ?? []).filter {
            $0.name.caseInsensitiveCompare(device) == .orderedSame
        }
        guard !called.isEmpty else { return error }
        var error = error
        let codes = called.map { "\($0.device) (\($0.staff))" }.joined(separator: ", ")
        error.what = "\"\(device)\" is what \(codes) is called, not its code"
        error.advice = "`porchlightd device retire \(called[0].device)`"
        return error
    }

    func run() throws {
        do {
            try data.use { try $0.retire(device: device, now: now()) }
        } catch let error as SyncError where error.code == .nothing {
            throw named(error)
        } catch let error as SyncError where Self.ofTheDisk.contains(error.code) {
            throw notRetired(error)
        }
        // It is retired; that its logs cannot be counted now is no reason to say otherwise.
        let row = try? data.use { try $0.devices() }.first { $0.device == device }
        let logs = row?.logs ?? 1
        let copies =
            logs > 1
            ? "\nIt has \(logs) logs: its file was copied or put back at some time, or the server was restored. If somebody "
                + "still works with a copy of it, that copy is retired too, and its machine must be enrolled anew."
            : ""
        try output.print(
            ["retired": device],
            lines: """
                \(device) is retired.\(copies)
                It receives nothing from now on. What it still sends is held back and shown to nobody until an \
                administrator releases it (`porchlightd quarantine`). Its copy is sealed when it next syncs, and then hands in \
                all that was never sent.
                """)
    }
}

/// A laptop, as it is listed.
private struct DeviceAnswer: Encodable {
    let device: String
    let name: String
    let staff: String
    let role: String
    let enrolledAt: String
    let lastSeenAt: String?
    let retiredAt: String?
    let quarantined: Int
    let logs: Int
    let clockAheadSeconds: Double?

    init(_ row: DeviceRow) {
        device = row.device
        name = row.name
        staff = row.staff
        role = row.role
        enrolledAt = written(microseconds: row.enrolledAt)
        lastSeenAt = row.lastSeenAt.map(written(microseconds:))
        retiredAt = row.retiredAt.map(written(microseconds:))
        quarantined = row.waitingQuarantine
        logs = row.logs
        clockAheadSeconds = row.lastSkewMicroseconds.map { Double($0 / 100_000) / 10 }
    }

    /// The row for people, whose times are the agency's.
    func columns(_ row: DeviceRow, _ zone: String) -> [String] {
        var notes: [String] = []
        if let retired = row.retiredAt {
            notes.append("retired \(written(microseconds: retired, in: zone))")
        }
        if quarantined > 0 {
            notes.append("\(quarantined) \(quarantined == 1 ? "change" : "changes") held back")
        }
        if logs > 1 { notes.append("\(logs) logs") }
        let tolerable = Double(Limits.tolerableSkewMicroseconds) / 1_000_000
        if let ahead = clockAheadSeconds, abs(ahead) > tolerable {
            notes.append("clock \(Int(abs(ahead))) s \(ahead > 0 ? "ahead" : "behind")")
        }
        let seen = row.lastSeenAt.map { written(microseconds: $0, in: zone) } ?? "never"
        return [device, name, staff, role, seen, notes.joined(separator: ", ")]
    }
}
