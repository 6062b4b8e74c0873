import Foundation
import SyncModel
import SyncReplica
import SyncStore

/// The families `restoredServer`, `undeclaredRestore`, `lostEpochs` and `bothRestored`: the server's database is a backup again,
/// and others write on before anybody notices.
extension World {
    static let putBackByHand = "server put back by hand"
    static let lostEpochs = "journal of epochs lost"
    static let brokeOffHealing = "laptop broke off while it healed the server"

    func keepBackup() throws -> String {
        let name = "backup-\(backups.count)"
        let file = folder.file("\(name).sqlite")
        var story: [String] = []
        do { try office.backup(to: file) } catch let crash as ServerCrash {
            story.append("the server breaks off \(crash.step.words)")
            try halveBackup(file)
            guard FileManager.default.fileExists(atPath: file) else {
                return (story + ["there is no backup"]).joined(separator: ", ")
            }
        }
        do { _ = try Store.verify(at: file) } catch {
            throw Broken("backup", "\(name) has its name, and is no whole backup: \(error)")
        }
        backups.append(file)
        return (story + ["as \(name)"]).joined(separator: ", ")
    }

    func restoreServer() async throws -> String {
        guard restores < 3, let backup = dice.pick(backups) else {
            return idle("there is no backup to go back to")
        }
        let isDeclared = drawsProgram()
        restores += 1
        try noteHeld()
        var story = ["to \(StoryName.of(backup))"]
        if isDeclared {
            try restore(backup, &story)
        } else {
            let losesEpochs = faults.contains(.lostEpochs)
            try office.putBack(backup, losesEpochs: losesEpochs)
            tally.note(Self.putBackByHand)
            if losesEpochs { tally.note(Self.lostEpochs) }
            story.append(
                "by hand\(losesEpochs ? ", without the journal of epochs" : ""), and nobody says so")
        }
        if dice.chance(0.4) { story.append(try await overtake()) }
        return story.joined(separator: "; ")
    }

    /// Whether the server is put back by the program for it; where both ways are among the faults, the dice say.
    private func drawsProgram() -> Bool {
        guard faults.contains(.undeclaredRestore) else { return true }
        return faults.contains(.restoredServer) && dice.chance(0.5)
    }

    private func restore(_ backup: String, _ story: inout [String]) throws {
        while true {
            do { return try office.restore(backup) } catch let crash as ServerCrash {
                story.append("that breaks off \(crash.step.words)")
                if office.hasDatabase, dice.chance(0.4) {
                    story.append("the server is started as its files lie")
                    return try office.start()
                }
                story.append("it is put back once more")
            }
        }
    }

    /// Somebody works on before those who know more come back: what was lost is overtaken.
    private func overtake() async throws -> String {
        guard let device = dice.pick(present) else { return "nobody is there" }
        var story: [String] = []
        for _ in 0...dice.below(4) { story.append("\(device.owner) \(try editSomebody(device))") }
        story.append("\(device.owner) syncs, \(try await trySync(device))")
        return story.joined(separator: "; ")
    }

    /// A fire at the office: the server and a laptop are both put back to what there is of them.
    /// Where the laptop that is named has no copy, another one that has.
    func restoreBoth(_ device: SimulatedDevice) async throws -> String {
        let device = device.keptCopy == nil ? present.first { $0.keptCopy != nil } ?? device : device
        guard let copy = device.keptCopy, !backups.isEmpty, restores < 3 else {
            return idle("there is no copy, or no backup, to go back to")
        }
        let server = try await restoreServer()
        let whole = try putBack(device, to: copy)
        let files = whole ? "all files" : "the database alone"
        return "the server \(server); and \(device.owner) to its copy, \(files)"
    }
}

/// What a file is called in a trace.
enum StoryName {
    static func of(_ path: String) -> String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }
}
