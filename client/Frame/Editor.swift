import Glibc
import SyncModel

/// Somebody's own editor, for a text that is longer than a line.
struct Editor {
    private let command: String
    private let folder: String

    /// The editor that VISUAL or EDITOR names, else vi, where somebody sits at a terminal and it is installed: without a
    /// terminal vi would wait for keys that nobody presses.
    ///
    /// - Throws: ``SyncError`` `nothing` when there is none, before anything is opened.
    init(at desk: Desk) throws {
        let world = desk.world
        folder = world.environment("TMPDIR") ?? "/tmp"
        if let named = world.environment("VISUAL") ?? world.environment("EDITOR") {
            command = named
        } else if !desk.screen.isInteractive {
            throw Self.none("EDITOR names no editor, and there is no terminal to open one at")
        } else if Self.isInstalled("vi", world) {
            command = "vi"
        } else {
            throw Self.none("EDITOR names no editor, and vi is not installed")
        }
    }

    /// Whether a folder of PATH has a program of this name.
    private static func isInstalled(_ name: String, _ world: World) -> Bool {
        let folders = (world.environment("PATH") ?? "").split(separator: ":")
        return folders.contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    private static func none(_ what: String) -> SyncError {
        SyncError(
            .nothing, what, means: "nothing was opened or changed",
            advice: "set EDITOR to the name of your editor: export EDITOR=nano")
    }

    /// Opens a text and gives back what was saved. The file is only for whoever runs this, and is gone afterwards.
    ///
    /// - Throws: ``SyncError`` when the editor could not be run, or ended with an error.
    func edit(_ text: String, name: String) throws -> String {
        var path = Array("\(folder)/\(name)-XXXXXX.txt".utf8CString)
        let file = mkstemps(&path, 4)
        guard file >= 0 else { throw failed("no file could be made for it") }
        let place = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(place) }
        var text = text
        let written = text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) == $0.count }
        close(file)
        guard written else { throw failed("its file could not be written") }
        try run(on: place)
        return try read(place)
    }

    private func run(on place: String) throws {
        // The variable may hold options, so a shell splits it, as git does; the file is an argument of its own.
        let words = ["/bin/sh", "-c", "\(command) \"$1\"", "editor", place]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        guard posix_spawn(&process, "/bin/sh", nil, nil, arguments, environ) == 0 else {
            throw failed("it could not be started")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw failed("it could not be waited for") }
        }
        guard status == 0 else { throw failed("it ended with an error") }
    }

    private func read(_ place: String) throws -> String {
        guard let file = fopen(place, "r") else { throw failed("what was saved could not be read") }
        defer { fclose(file) }
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            octets += buffer[..<count]
            guard octets.count <= Limits.changeBytes else { throw failed("what was saved is too long") }
        }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw failed("what was saved is not plain text")
        }
        return text
    }

    private func failed(_ why: String) -> SyncError {
        SyncError(
            .nothing, "the editor was of no use: \(why)", means: "nothing was changed",
            advice: "set EDITOR to the name of your editor")
    }
}
