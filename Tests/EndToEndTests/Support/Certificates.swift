import Testing

/// An authority of a test's own, and the certificate of a server on loopback that it signed.
struct Certificates {
    let authority: String
    let certificate: String
    let key: String

    /// Makes them in the runner's home folder, as an administrator would with the `openssl` command.
    ///
    /// - Parameter prefix: What the names of the files begin with.
    init(_ runner: ProcessRunner, named prefix: String = "") async throws {
        authority = "\(prefix)authority.pem"
        certificate = "\(prefix)certificate.pem"
        key = "\(prefix)key.pem"
        let authorityKey = "\(prefix)authority.key"
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        let commands = [
            ["req", "-x509"] + newKey + [
                "-keyout", authorityKey, "-out", authority, "-days", "2", "-subj", "/CN=Test authority",
                "-addext", "basicConstraints=critical,CA:TRUE",
            ],
            ["req", "-x509"] + newKey + [
                "-CA", authority, "-CAkey", authorityKey, "-keyout", key, "-out", certificate, "-days",
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
