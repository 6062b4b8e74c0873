import Testing

/// Calls and words that have no place in some or all of the tree, each with what to write instead.
struct BannedRule {
    /// Where a rule is looked for.
    enum Reading {
        case code
        case literals
        case codeAndComments
    }

    /// A folder or file where the rule does not hold, and why.
    struct Exception {
        var place: String
        var reason: String

        init(_ place: String, _ reason: String) {
            self.place = place
            self.reason = reason
        }

        func covers(_ path: String) -> Bool {
            path == place || path.hasPrefix(place + "/")
        }
    }

    var what: String
    var pattern: String
    var reading = Reading.code
    var instead: String
    var exceptions: [Exception] = []

    func violations(in files: [SwiftFile]) throws -> [Violation] {
        let expression = try Pattern(pattern)
        return files.filter { file in !file.isGenerated && !exceptions.contains { $0.covers(file.path) } }
            .flatMap { file in
                texts(of: file).flatMap { piece in
                    expression.matches(in: piece.text).map { match in
                        Violation(
                            path: file.path, line: piece.line + match.line - 1, message: "\(what): \(instead)"
                        )
                    }
                }
            }
    }

    private func texts(of file: SwiftFile) -> [SourceText.Piece] {
        let code = SourceText.Piece(line: 1, text: file.source.code)
        switch reading {
        case .code: return [code]
        case .literals: return file.source.literals
        case .codeAndComments: return [code] + file.source.comments
        }
    }
}

extension BannedRule {
    /// The edges of the system, where time, randomness and output come from.
    private static let edges = [
        Exception("client", "a command: it reads the clock and hands it on"),
        Exception("server", "a command: it reads the clock and hands it on"),
        Exception("samples", "a command: it prints where its files are"),
        Exception("Tests/Benchmark", "a command: it measures"),
        Exception("Tests/Simulate", "a command: it prints the seeds that fail"),
    ]

    static let house: [BannedRule] = [
        BannedRule(
            what: "Date()", pattern: #"(?<![\w.])Date\(\)|\bDate\.now\b"#,
            instead: "take the time as an argument; only the commands read a clock", exceptions: edges),
        BannedRule(
            what: "UUID()", pattern: #"(?<![\w.])UUID\(\)"#,
            instead: "take the bytes, or a generator, as an argument",
            exceptions: edges + [Exception("Tests", "names of temporary folders")]),
        BannedRule(
            what: "unseeded randomness",
            pattern:
                #"\.random\((?!\))(?![^()]*(?:\([^()]*\)[^()]*)*\busing:)|\b(?:Bool|SystemRandomNumberGenerator)\.random\(\)|\.(?:randomElement|shuffled|shuffle)\(\)"#,
            instead: "pass `using: &generator`; tests give a seeded one",
            exceptions: edges),
        BannedRule(
            what: "sleeping", pattern: #"\bTask\.sleep\b|\bThread\.sleep\b|(?<![\w.])(?:u|nano)?sleep\("#,
            instead: "take the waiting as an argument, or wait for the event itself",
            exceptions: edges + [
                Exception(
                    "Tests/EndToEndTests/Support", "waits for processes, which cannot be awaited otherwise"),
                Exception(
                    "Tests/SyncTransportTests/ConnectionTests.swift",
                    "a server that is silent for longer than a stall may last: only real time shows it"),
            ]),
        BannedRule(
            what: "print", pattern: #"(?<![\w.])(?:print|debugPrint)\("#,
            instead: "return the text to a command, or log it", exceptions: edges),
        BannedRule(
            what: "try!", pattern: #"\btry!"#, instead: "throw on, or in a test `try` or `try #require`"),
        BannedRule(
            what: "fatalError", pattern: #"(?<![\w.])fatalError\("#,
            instead: "throw a SyncError; `preconditionFailure` where only a mistake in this program leads"),
        BannedRule(
            what: "as!", pattern: #"\bas!"#, instead: "`as?` with a guard, or in a test `try #require`"),
        BannedRule(
            what: "force unwrap", pattern: #"[\w)\]}"`]!(?!=)(?<!\btry!)(?<!\bas!)"#,
            instead: "`guard let`, or in a test `try #require`"),
        BannedRule(
            what: "leftover", pattern: #"\b(?:FIXME|TODO|XXX|HACK)\b"#, reading: .codeAndComments,
            instead: "do it, or open an issue"),
        BannedRule(
            what: "SQL",
            pattern: #"\A\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE INTO|PRAGMA|ATTACH|VACUUM|"#
                + #"(?:CREATE|DROP|ALTER)\s+(?:TEMP\s+)?(?:TABLE|UNIQUE|INDEX|VIEW|TRIGGER))\b"#,
            reading: .literals, instead: "SQL lives in SyncReplica and SyncStore: add a method there",
            exceptions: [
                Exception("Sources/SyncReplica", "the replica's tables"),
                Exception("Sources/SyncStore", "the server's tables"),
                Exception("Tests/SyncReplicaTests", "look into the tables of the module they test"),
                Exception("Tests/SyncStoreTests", "look into the tables of the module they test"),
                Exception(
                    "Tests/Simulation", "compares a replica's tables with what a rebuild makes of them"),
                Exception("Tests/EndToEndTests", "read the visible tables as a person with sqlite3 does"),
                Exception("Tests/Benchmark", "counts the rows it compares with the floor"),
            ]),
        BannedRule(
            what: "sockets",
            pattern: #"(?<![\w.])(?:socket|socketpair|getaddrinfo|sockaddr_in6?)\(|"#
                + #"\b(?:URLSession|NWConnection|ServerBootstrap|ClientBootstrap)\b|\bcurl_\w+"#,
            instead: "sockets live in SyncTransport and SyncHTTP: go through ExchangePeer",
            exceptions: [
                Exception("Sources/SyncTransport", "the client's side of the network"),
                Exception("Sources/SyncHTTP", "the server's side of the network"),
                Exception("Tests/SyncTransportTests", "play servers that misbehave"),
                Exception("Tests/SyncHTTPTests", "play clients that misbehave"),
                Exception("Tests/EndToEndTests", "play servers and clients that misbehave"),
            ]),
    ]
}
