import Glibc

/// How a child process is started: by `posix_spawn`, because forking a program with threads is not safe.
struct Spawn {
    /// Where one of the standard streams leads.
    struct Stream {
        var path: String
        var flags: Int32
    }

    var command: [String]
    var environment: [String: String]
    var folder: String
    var input: Stream
    var output: Stream
    var errors: Stream
    /// Whether the child leads a session of its own, whose terminal is the first one it opens.
    var ownsTerminal = false

    // In glibc since 2.26; its header shows the name only to GNU programs, and Swift's view of it is not one.
    private static let setSession: Int32 = 0x80

    /// Starts it, in a process group of its own so that it can be killed with its children.
    func start() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in [input, output, errors].enumerated() {
            posix_spawn_file_actions_addopen(&actions, Int32(number), stream.path, stream.flags, 0o600)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let group = ownsTerminal ? Self.setSession : POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(
            &attributes, Int16(group) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        // The child starts as from a shell, whatever the test library ignores or blocks.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)

        // `env` changes the folder and looks the program up; the process stays the same.
        let arguments = (["/usr/bin/env", "-C", folder] + command).map { strdup($0) }
        let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawn(
            &process, "/usr/bin/env", &actions, &attributes, arguments + [nil], variables + [nil])
        guard code == 0 else { throw Failure.system(command[0], code) }
        return process
    }
}
