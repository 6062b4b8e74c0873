import Testing

/// Whom a laptop believes, and what the server tells those who watch it.
@Suite struct TrustTests {
    @Test func `a laptop talks to nobody whose certificate it cannot verify`() async throws {
        let agency = try await Agency(tls: true)
        let code = try await agency.code(for: "PS07")
        let rosa = Laptop(name: "PS07", runner: agency.runner)
        _ = try await Certificates(agency.runner, named: "stranger-")
        let attempts: [(options: [String], code: String, exit: Int32)] = [
            ([], "untrusted_server", 69),
            (["--ca-file", "stranger-authority.pem"], "untrusted_server", 69),
            (["--ca-file", "missing.pem"], "bad_value", 65),
        ]
        for attempt in attempts {
            let outcome = try await rosa.run(
                ["enroll", "--server", agency.url, "--code", code, "--json"] + attempt.options)
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.code == attempt.code, "\(attempt.options)")
            #expect(refused.exit == .code(attempt.exit), "\(attempt.options)")
        }
        // None of this used the code up.
        #expect(try await rosa.run(agency.enrolment(code: code)).exit == .code(0))
    }

    @Test func `plain HTTP is for this computer alone, and only when asked for`() async throws {
        let agency = try await Agency()
        let rosa = Laptop(name: "PS07", runner: agency.runner)
        let code = try await agency.code(for: "PS07")
        let attempts: [(options: [String], code: String, exit: Int32)] = [
            ([agency.url], "untrusted_server", 69),
            (["http://192.0.2.1:8443", "--plain-http"], "untrusted_server", 69),
            (["ftp://127.0.0.1", "--plain-http"], "bad_value", 65),
            (["not an address"], "bad_value", 65),
        ]
        for attempt in attempts {
            let outcome = try await rosa.run(
                ["enroll", "--code", code, "--json", "--server"] + attempt.options)
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.code == attempt.code, "\(attempt.options)")
            #expect(refused.exit == .code(attempt.exit), "\(attempt.options)")
        }
        #expect(try await rosa.run(agency.enrolment(code: code)).exit == .code(0))
    }

    @Test func `the server's figures and logs hold nobody's data`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "spoke of the brewery")
        try await rosa.done("sync")
        let health = try await agency.runner.run("curl", ["-s", "-f", agency.url + "/health"])
        #expect(health.exit == .code(0))
        let metrics = try await agency.runner.run("curl", ["-s", "-f", agency.url + "/metrics"])
        #expect(metrics.exit == .code(0))
        #expect(metrics.output.contains("# TYPE "))
        let token = try await rosa.query("SELECT token FROM sync_meta")
        let log = agency.log
        #expect(log.contains("exchange"))
        for secret in ["Ana", "Lopez", "Rosa", "P0001", "brewery", "Harbor House", token] {
            #expect(!secret.isEmpty)
            #expect(!log.contains(secret), "\(secret)")
            #expect(!metrics.output.contains(secret), "\(secret)")
        }
        try await agency.stop()
        let stopped = try await agency.runner.run("curl", ["-s", "-f", agency.url + "/health"])
        #expect(stopped.exit == .code(7))
    }
}
