import ArgumentParser
import Glibc
import PeerSupport
import SyncModel
import SyncReplica
import Synchronization
import Testing

@testable import porchlight

/// A laptop in a folder of its own: a clock that stands still, dice that always fall alike, everything that is
/// written caught, and a server that a test plays.
final class TestDesk: Sendable {
    /// 2026-03-02 14:30 UTC, a Monday; 09:30 in New York.
    static let now: Int64 = 1_772_461_800

    let folder: String
    let out = Caught()
    let err = Caught()
    let server: PlayedServer
    /// Goes on from verb to verb: two records that are made within one second have two ids.
    private let dice = Mutex<UInt64>(1)
    private let answers = Mutex<[String]>([])
    private let isInteractive: Bool

    init(server: PlayedServer = PlayedServer(), answers: [String]? = nil) throws {
        var template = Array("/tmp/porchlight-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SyncError(.readOnly, "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.server = server
        isInteractive = answers != nil
        self.answers.withLock { $0 = answers ?? [] }
    }

    deinit {
        for name in ["", "-wal", "-shm", "-journal", "-id"] { unlink(path + name) }
        rmdir(folder)
    }

    var path: String { folder + "/replica.sqlite" }

    var world: World {
        let server = server
        return World(
            surroundings: Surroundings(
                clock: {
                    ClockReading(
                        wallMicroseconds: Self.now * 1_000_000, boot: Identifier(high: 1, low: 2),
                        bootMicroseconds: 5_000_000)
                },
                random: {
                    self.dice.withLock { state in
                        state &+= 0x9e37_79b9_7f4a_7c15
                        let mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
                        return mixed ^ (mixed >> 31)
                    }
                }),
            environment: { _ in nil }, useZone: { $0 == "America/New_York" },
            offset: { _ in -5 * 3_600 }, link: { _ in server },
            sleep: { _ in try Task.checkCancellation() })
    }

    var screen: Screen {
        let (out, err) = (out, err)
        return Screen(
            out: { out.add($0) }, err: { err.add($0) },
            answer: { self.answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } },
            key: { self.answers.withLock { $0.isEmpty ? nil : $0.removeFirst().first } },
            isInteractive: isInteractive, showsProgress: false, isColoured: false, width: 80)
    }

    /// Makes the replica, as enrolling does.
    @discardableResult
    func enrolled(role: String = "supervisor") throws -> Replica {
        try Replica.create(
            at: path,
            enrolment: Enrolment(
                device: "LT-11", token: "secret", staff: "SV01", role: role, agency: "Harbor",
                timeZone: "America/New_York", server: "https://sync.example.org"),
            domain: PeerSupportDomain(), surroundings: world.surroundings)
    }

    /// Runs a command line against this laptop and returns its exit code.
    func run(_ arguments: String...) -> Int32 {
        Command.run(arguments + ["--replica", path], in: world, on: screen)
    }

    /// What a command line came to: its exit code, and what it printed.
    typealias Heard = (code: Int32, out: String, err: String)

    /// Runs a command line against this laptop and returns all that it said.
    @discardableResult
    func hear(_ arguments: [String]) -> Heard {
        let before = (out.text.count, err.text.count)
        let code = Command.run(arguments + ["--replica", path], in: world, on: screen)
        return (code, String(out.text.dropFirst(before.0)), String(err.text.dropFirst(before.1)))
    }

    /// Runs one that has to go well, and returns what it printed.
    func said(_ arguments: [String]) throws -> String {
        let heard = hear(arguments)
        try #require(heard.code == 0, "\(arguments): \(heard.err)")
        return heard.out
    }

    /// Runs one that has to go well, and returns what it printed.
    @discardableResult
    func said(_ arguments: String...) throws -> String { try said(arguments) }
}

/// Common options as the parser makes them.
func commonOptions(_ arguments: [String]) throws -> CommonOptions { try CommonOptions.parse(arguments) }

/// What was written so far.
final class Caught: Sendable {
    private let pieces = Mutex("")
    var text: String { pieces.withLock { $0 } }
    func add(_ text: String) { pieces.withLock { $0 += text } }
}

/// A server that does what a test says.
final class PlayedServer: ServerLink {
    typealias Answer = @Sendable (ExchangeRequest) async throws -> ExchangeReply

    private let answer: Answer
    private let enrolment: @Sendable (EnrolRequest) throws -> EnrolReply
    private let histories: @Sendable (HistoryRequest) throws -> HistoryPage
    private let places: @Sendable ([RecordID]) throws -> [ConflictNotes]
    private let administration: @Sendable (QuarantineRequest) throws -> QuarantineReply
    private let rounds = Mutex(0)

    init(
        answer: @escaping Answer = { _ in throw PlayedServer.offline },
        enrolment: @escaping @Sendable (EnrolRequest) throws -> EnrolReply = { _ in
            // Nobody uses a code up where a test does not say so.
            Issue.record("the code was used")
            throw PlayedServer.offline
        },
        histories: @escaping @Sendable (HistoryRequest) throws -> HistoryPage = { _ in
            throw PlayedServer.offline
        },
        administration: @escaping @Sendable (QuarantineRequest) throws -> QuarantineReply = { _ in
            throw PlayedServer.offline
        },
        places: @escaping @Sendable ([RecordID]) throws -> [ConflictNotes] = { _ in
            throw PlayedServer.offline
        }
    ) {
        self.places = places
        self.histories = histories
        self.administration = administration
        self.answer = answer
        self.enrolment = enrolment
    }

    static let offline = SyncError(
        .offline, "no connection to sync.example.org could be made", means: "nothing is lost",
        advice: "sync again when there is a network")

    /// How often it was asked.
    var asked: Int { rounds.withLock { $0 } }
    var traffic: Traffic { Traffic(up: asked * 500, down: asked * 1_200) }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        rounds.withLock { $0 += 1 }
        return try await answer(request)
    }

    func enrol(_ request: EnrolRequest) async throws -> EnrolReply { try enrolment(request) }

    func history(_ request: HistoryRequest) async throws -> HistoryPage {
        rounds.withLock { $0 += 1 }
        return try histories(request)
    }

    func origins(of records: [RecordID]) async throws -> [ConflictNotes] { try places(records) }

    func verify(_ request: VerifyRequest) async throws -> VerifyReply { throw Self.offline }

    func quarantine(_ request: QuarantineRequest) async throws -> QuarantineReply {
        rounds.withLock { $0 += 1 }
        return try administration(request)
    }

    /// An answer that takes every change, in one way or another, and brings some records.
    static func takes(
        _ request: ExchangeRequest, as outcome: Disposition.Outcome = .applied, records: [PageRecord] = [],
        serverSeconds: Int64 = TestDesk.now
    ) -> ExchangeReply {
        let hello = request.hello
        let numbers = (0..<UInt64(request.changes.count)).map { hello.firstUnsent + $0 }
        let isApplied = outcome == .applied || outcome == .conflict
        return ExchangeReply(
            welcome: Welcome(
                verdict: .ok, serverMicroseconds: serverSeconds * 1_000_000, epoch: 1,
                taken: hello.firstUnsent - 1 + UInt64(numbers.count), keys: ["all"]),
            dispositions: numbers.map { n in
                Disposition(
                    dot: Dot(hello.incarnation, n), outcome: outcome,
                    effective: isApplied
                        ? EffectiveTime(microseconds: serverSeconds * 1_000_000 + Int64(n)) : nil)
            },
            records: records,
            end: End(
                cursor: [1], more: false, remaining: 0, heard: hello.heard + UInt64(numbers.count)))
    }
}

extension Replica {
    /// Records a participant of site S1.
    @discardableResult
    func addParticipant(_ code: String, _ name: String, family: String? = nil) throws -> RecordID {
        let made = try edit { edit in
            try edit.create(
                "participant",
                [
                    RegisterWrite("identity", [.text(code)]),
                    RegisterWrite("name", [.text(name), family.map { .text($0) } ?? .none]),
                    RegisterWrite("home", [.text("S1"), .none, .none]),
                ])
        }
        return try #require(made.records.first)
    }
}
