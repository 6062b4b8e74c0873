import Glibc
import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct EnrollTests {
    private static let arguments = [
        "enroll", "--server", "https://sync.example.org", "--code", " 7KQ2-M4XD ",
    ]

    private static func server(_ answer: @escaping PlayedServer.Answer) -> PlayedServer {
        PlayedServer(
            answer: answer,
            enrolment: { request in
                guard request.code == "7KQ2-M4XD" else { throw SyncError(.badCode, "the code is wrong") }
                return EnrolReply(
                    device: "LT-12", token: "s3cret", staff: "PS07", role: "peer", agency: "Harbor",
                    timeZone: "America/New_York")
            })
    }

    @Test func `makes a replica that only its owner can read, and syncs`() throws {
        let desk = try TestDesk(server: Self.server { PlayedServer.takes($0) })
        let place = desk.folder + "/deep/er/replica.sqlite"
        let code = Command.run(Self.arguments + ["--replica", place], in: desk.world, on: desk.screen)
        #expect(code == 0, "\(desk.err.text)")
        #expect(desk.out.text.hasPrefix("this laptop is now LT-12 of Harbor, for PS07 (peer)\nsent 0"))
        var entry = stat()
        #expect(stat(place, &entry) == 0)
        #expect(entry.st_mode & 0o777 == 0o600)
        #expect(stat(desk.folder + "/deep", &entry) == 0)
        #expect(entry.st_mode & 0o777 == 0o700)
        for path in ["", "-wal", "-shm", "-id"] { unlink(place + path) }
        rmdir(desk.folder + "/deep/er")
        rmdir(desk.folder + "/deep")
    }

    @Test func `is enrolled even when the first sync fails, and says both`() throws {
        let desk = try TestDesk(server: Self.server { _ in throw PlayedServer.offline })
        let arguments = Self.arguments + ["--replica", desk.path, "--json"]
        #expect(Command.run(arguments, in: desk.world, on: desk.screen) == 75)
        #expect(desk.out.text.contains(#""device":"LT-12""#))
        #expect(desk.out.text.contains(#""sync":null"#))
        #expect(desk.err.text.contains(#""code":"offline""#))
        #expect(!(desk.out.text + desk.err.text).contains("s3cret"))
        #expect(desk.run("status") == 0)
    }

    @Test func `refuses where a replica is`() throws {
        let desk = try TestDesk(server: Self.server { PlayedServer.takes($0) })
        try desk.enrolled()
        #expect(
            Command.run(Self.arguments + ["--replica", desk.path], in: desk.world, on: desk.screen) == 65)
        #expect(desk.err.text.contains("enrolled already"))
        #expect(try desk.world.openedDevice(desk.path) == "LT-11")
    }

    @Test func `a laptop that the server knows is not enrolled again, and the code stays`() throws {
        let desk = try TestDesk(
            server: PlayedServer(
                answer: { PlayedServer.takes($0) },
                enrolment: { _ in
                    Issue.record("the code was used")
                    throw SyncError(.badCode, "the code is wrong")
                }))
        try desk.enrolled()
        let again = Self.arguments + ["--again", "--replica", desk.path]
        #expect(Command.run(again, in: desk.world, on: desk.screen) == 65)
        #expect(desk.err.text.contains("the server knows it"), "\(desk.err.text)")
    }

    @Test func `a server that moved needs no code, and one that does not know the laptop does`() throws {
        let isKnown = Switch(true)
        let desk = try TestDesk(
            server: PlayedServer(
                answer: {
                    guard isKnown.isOn else {
                        throw SyncError(.unauthorized, "this server does not know the device's token")
                    }
                    return PlayedServer.takes($0)
                },
                enrolment: { _ in
                    Issue.record("a code was used")
                    throw SyncError(.badCode, "the code is wrong")
                }))
        let replica = try desk.enrolled()
        let again = ["enroll", "--again", "--server", "https://new.example.org", "--replica", desk.path]
        let before = try replica.enrolment
        isKnown.turn(false)
        #expect(Command.run(again, in: desk.world, on: desk.screen) == 77)
        #expect(desk.err.text.contains("so it needs a code"), "\(desk.err.text)")
        #expect(try replica.enrolment == before)
        isKnown.turn(true)
        #expect(Command.run(again, in: desk.world, on: desk.screen) == 0, "\(desk.err.text)")
        var moved = before
        moved.server = "https://new.example.org"
        #expect(try replica.enrolment == moved)
        // There it is known already.
        #expect(Command.run(again, in: desk.world, on: desk.screen) == 65)
        // Without --again there is nothing without a code.
        #expect(desk.run("enroll", "--server", "https://new.example.org") == 64)
        #expect(try replica.enrolment == moved)
    }

    @Test func `without a network no code is used, and without a laptop nothing is enrolled again`() throws {
        let desk = try TestDesk()
        let again = Self.arguments + ["--again", "--replica", desk.path]
        #expect(Command.run(again, in: desk.world, on: desk.screen) == 65)
        #expect(desk.err.text.contains("there is no replica here yet"), "\(desk.err.text)")
        try desk.enrolled()
        #expect(Command.run(again, in: desk.world, on: desk.screen) == 75)
        #expect(desk.err.text.contains("no code was used\ntry:   run it again"), "\(desk.err.text)")
        #expect(try desk.world.openedDevice(desk.path) == "LT-11")
    }

    @Test func `another person's code is refused, and the laptop stays what it was`() throws {
        let server = PlayedServer(
            answer: { _ in throw SyncError(.unauthorized, "this server does not know the device's token") },
            enrolment: { _ in
                EnrolReply(
                    device: "LT-12", token: "s3cret", staff: "PS07", role: "peer", agency: "Harbor",
                    timeZone: "America/New_York")
            })
        let desk = try TestDesk(server: server)
        try desk.enrolled()
        let again = Self.arguments + ["--again", "--replica", desk.path]
        #expect(Command.run(again, in: desk.world, on: desk.screen) == 77)
        #expect(desk.err.text.contains("the code is for PS07, and this laptop is SV01's"))
        #expect(
            desk.err.text.contains("ask at Harbor for its LT-12, which is not this laptop, to be retired"),
            "\(desk.err.text)")
        #expect(try desk.world.openedDevice(desk.path) == "LT-11")
    }

    @Test func `a wrong code leaves nothing behind`() throws {
        let desk = try TestDesk(server: Self.server { PlayedServer.takes($0) })
        #expect(desk.run("enroll", "--server", "https://sync.example.org", "--code", "X") == 77)
        #expect(access(desk.path, F_OK) != 0)
    }

    @Test func `looks for the replica where the environment says`() throws {
        let test = try TestDesk()
        func path(_ variables: [String: String], _ option: String? = nil) throws -> String {
            var world = test.world
            world.environment = { variables[$0] }
            let common = try commonOptions(option.map { ["--replica", $0] } ?? [])
            return Desk(common, world: world, screen: test.screen).path
        }
        #expect(try path(["HOME": "/h"]) == "/h/.local/share/porchlight/replica.sqlite")
        #expect(try path(["HOME": "/h", "XDG_DATA_HOME": "/d"]) == "/d/porchlight/replica.sqlite")
        #expect(
            try path(["HOME": "/h", "XDG_DATA_HOME": "d"]) == "/h/.local/share/porchlight/replica.sqlite")
        #expect(try path(["XDG_DATA_HOME": "/d", "PORCHLIGHT_HOME": "/p"]) == "/p/replica.sqlite")
        #expect(try path(["PORCHLIGHT_HOME": "/p"], "/x.sqlite") == "/x.sqlite")
    }
}

extension World {
    fileprivate func openedDevice(_ path: String) throws -> String {
        try Replica.open(at: path, domain: PeerSupportDomain(), surroundings: surroundings).enrolment.device
    }
}
