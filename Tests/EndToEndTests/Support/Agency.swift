import Foundation
import Glibc
import Testing

/// An agency with a server of its own on loopback, and its laptops. All of it lies in one temporary folder.
///
/// Its people: two administrators AD01 and AD02, two peers PS07 and PS09, a nurse N01. P0001 Ana is with PS07, P0002
/// Benedict with PS09, P0003 Cleo with both, and P0004 Dagny with nobody.
final class Agency {
    private let place: Gate.Place
    let runner = ProcessRunner()
    /// The administrator who founded it.
    private(set) var founder: Laptop
    /// Where the server is reached.
    private(set) var url = ""
    private let privacy: Privacy
    private var server: BackgroundProcess?
    private var starts = 0

    /// How laptops reach the server.
    enum Privacy {
        case plain
        case tls(Certificates)

        fileprivate var ofServer: [String] {
            switch self {
            case .plain: ["--plain-http"]
            case .tls(let files): ["--certificate", files.certificate, "--key", files.key]
            }
        }

        fileprivate var ofLaptop: [String] {
            switch self {
            case .plain: ["--plain-http"]
            case .tls(let files): ["--ca-file", files.authority]
            }
        }
    }

    /// Begins an agency, starts its server, enrols its founder and takes its people in.
    init(tls: Bool = false) async throws {
        place = await Gate.agencies.enter()
        privacy = tls ? .tls(try await Certificates(runner)) : .plain
        founder = Laptop(name: "AD01", runner: runner)
        let made = try await run(
            "init", "--agency", "Harbor House", "--time-zone", "America/New_York", "--administrator", "AD01",
            "--administrator-name", "Ada Moss", "--json")
        try await start()
        try await enroll(founder, code: try #require(JSONTree(made)["code"].text))
        let people = try folder("people")
        for (file, text) in Self.people {
            try Data(text.utf8).write(to: people.appending(path: file))
        }
        try await founder.done("import", "people")
        try await founder.done("sync")
    }

    private static let people = [
        "site.csv": "code,name,kind\nS1,Elm Street,residence\n",
        "team.csv": "code,name,program,site\nACT1,ACT one,ACT,S1\n",
        "staff.csv": """
        code,name,role,site,team
        AD02,Bela Stone,administrator,S1,
        PS07,Rosa Diaz,peer,S1,ACT1
        PS09,Leo Park,peer,S1,ACT1
        N01,Nora Quill,nurse,S1,ACT1

        """,
        "participant.csv": """
        code,preferred_name,family_name,site,team
        P0001,Ana,Lopez,S1,ACT1
        P0002,Benedict,Ode,S1,ACT1
        P0003,Cleo,Reed,S1,ACT1
        P0004,Dagny,Thorne,S1,ACT1

        """,
        "assignment.csv": """
        key,participant_code,peer,basis,from_date
        1,P0001,PS07,referral,2026-01-05
        2,P0002,PS09,referral,2026-01-05
        3,P0003,PS07,team_decision,2026-01-05
        4,P0003,PS09,team_decision,2026-01-05

        """,
    ]

    /// A folder beside the replicas, made if it is not there.
    func folder(_ name: String) throws -> URL {
        let url = try runner.home.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    /// Runs `porchlightd VERB` on the agency's data, which must succeed.
    @discardableResult
    func run(_ verb: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let outcome = try await runner.run(
            Products.path(of: "porchlightd"), verb + ["--data", "server"])
        try #require(outcome.exit == .code(0), "\(outcome)", sourceLocation: sourceLocation)
        return outcome.output
    }

    /// What stands in the server's database, as the `sqlite3` command shows it.
    func query(_ sql: String) async throws -> String {
        try await runner.sql(sql, in: "server/porchlight.sqlite")
    }

    /// The digest of everything on the server.
    var digest: String {
        get async throws { try await run("digest").trimmed }
    }
}

// MARK: The server

extension Agency {
    /// The port it had from its first start, and takes again at each later one.
    var port: UInt16 { URL(string: url)?.port.flatMap { UInt16(exactly: $0) } ?? 0 }

    /// Starts the server.
    ///
    /// - Parameter environment: What it finds there beside what programs find anyway.
    func start(environment: [String: String] = [:]) async throws {
        let failed = try await attempt(environment: environment)
        try #require(failed == nil, "\(failed?.errors ?? "")")
    }

    /// Starts the server, which may fail to.
    ///
    /// - Returns: how it ended, if it ended before it served.
    func attempt(environment: [String: String]) async throws -> Outcome? {
        starts += 1
        let ready = "ready-\(starts)"
        let arguments = ["serve", "--data", "server", "--port", "\(port)", "--ready-file", ready]
        let process = try runner.start(
            Products.path(of: "porchlightd"), arguments + privacy.ofServer, environment: environment)
        server = process
        let path = try runner.home.appending(path: ready).path
        let said = try await Waiting(.seconds(60)).until { () -> String? in
            process.isRunning ? try? String(contentsOfFile: path, encoding: .utf8) : ""
        }
        let address = try #require(said).trimmed
        guard address.isEmpty else {
            url = address
            return nil
        }
        server = nil
        return try await process.outcome()
    }

    /// Waits for the end of a server that ends by itself, or stops it; how it ended.
    func end() async throws -> Exit? {
        server?.send(signal: SIGTERM)
        let exit = try await server?.outcome().exit
        server = nil
        return exit
    }

    /// What the server has logged since its last start.
    var log: String { server?.errors ?? "" }

    /// Stops the server as an administrator does.
    func stop() async throws {
        server?.send(signal: SIGTERM)
        let outcome = try await server?.outcome()
        server = nil
        #expect(outcome?.exit == .code(0), "\(outcome?.errors ?? "")")
    }

    /// Ends the server as a power cut does.
    func kill() async throws {
        server?.send(signal: SIGKILL)
        _ = try await server?.outcome()
        server = nil
    }
}

// MARK: Laptops

extension Agency {
    /// Enrols a laptop of a staff member, which syncs for the first time.
    ///
    /// - Parameter name: What the laptop is called, if the staff member has several.
    func laptop(of staff: String, name: String? = nil) async throws -> Laptop {
        let laptop = Laptop(name: name ?? staff, runner: runner)
        try await enroll(laptop, code: try await code(for: staff))
        return laptop
    }

    /// A one-time code.
    func code(for staff: String) async throws -> String {
        try #require(JSONTree(try await run("invite", staff, "--json"))["code"].text)
    }

    /// What `porchlight enroll` is told.
    func enrolment(code: String) -> [String] {
        ["enroll", "--server", url, "--code", code] + privacy.ofLaptop
    }

    private func enroll(_ laptop: Laptop, code: String) async throws {
        let outcome = try await laptop.run(enrolment(code: code) + ["--name", laptop.name])
        try #require(outcome.exit == .code(0), "\(outcome)")
    }
}
