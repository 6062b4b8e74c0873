import Glibc
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct BadReplicaTests {
    private func write(_ octets: [UInt8], to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        #expect(Glibc.write(file, octets, octets.count) == octets.count)
    }

    @Test func `a file that is no replica is named as that and left alone`() throws {
        let desk = try TestDesk()
        try write([UInt8](repeating: 0x41, count: 5_000), to: desk.path)
        #expect(desk.run("status") == 65)
        #expect(desk.err.text.hasPrefix("error: the replica's file cannot be read"))
        #expect(desk.run("enroll", "--server", "https://sync.example.org", "--code", "X") == 65)
        var entry = stat()
        #expect(stat(desk.path, &entry) == 0)
        #expect(entry.st_size == 5_000)
    }

    @Test func `a replica of a newer program is not touched`() throws {
        let desk = try TestDesk()
        try desk.enrolled()
        // SQLite keeps PRAGMA user_version in octets 60 to 63 of the file, most significant first.
        for name in ["-wal", "-shm"] { unlink(desk.path + name) }
        let file = open(desk.path, O_WRONLY)
        try #require(file >= 0)
        #expect(pwrite(file, [0, 0, 3, 0xe7] as [UInt8], 4, 60) == 4)
        close(file)
        #expect(desk.run("status", "--json") == 69)
        #expect(desk.err.text.hasPrefix(#"{"error":{"code":"too_new","#))
    }

    @Test func `a folder that may not be written costs no code`() throws {
        let desk = try TestDesk(
            server: PlayedServer(enrolment: { _ in
                Issue.record("the code was used")
                throw PlayedServer.offline
            }))
        let arguments = ["enroll", "--server", "https://sync.example.org", "--code", "X"]
        let place = "/proc/nowhere/replica.sqlite"
        #expect(Command.run(arguments + ["--replica", place], in: desk.world, on: desk.screen) == 77)
        #expect(desk.err.text.contains("the code can still be used"))
    }
}
