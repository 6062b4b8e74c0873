import Testing

/// An authority of a test's own, and the certificate of a server on loopback that it signed.
struct Certificates {
    let authority = "authority.pem"
    let certificate = "certificate.pem"
    let key = "key.pem"

    /// Makes them in the runner's home folder, as an administrator would with the `openssl` command.
    init(_ runner: ProcessRunner) async throws {
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        let commands = [
            ["req", "-x509"] + newKey + [
                "-keyout", "authority.key", "-out", authority, "-days", "2", "-subj", "/CN=Test authority",
                "-addext", "basicConstraints=critical,CA:TRUE",
            ],
            ["req", "-x509"] + newKey + [
                "-CA", authority, "-CAkey", "authority.key", "-keyout", key, "-out", certificate, "-days",
                "2",
                "-subj", "/CN=localhost", "-addext", names, "-addext", "basicConstraints=critical,CA:FALSE",
            ],
        ]
        for command in commands {
            let outcome = try await runner.run("openssl", command)
            try #require(outcome.exit == .code(0), "\(outcome.errors)")
        }
    }
}
