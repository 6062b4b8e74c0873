// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "porchlight",
    products: [
        .executable(name: "porchlight", targets: ["porchlight"]),
        .executable(name: "porchlightd", targets: ["porchlightd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ],
    targets: [
        // Pure.
        .target(name: "SyncModel", dependencies: [crypto]),
        .target(name: "PeerSupport", dependencies: ["SyncModel"]),
        // Bytes.
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "SyncWire", dependencies: ["SyncModel", "CZstd", protobuf]),
        // Disk and network.
        .target(name: "CCurl", publicHeadersPath: "include"),
        .target(name: "SyncReplica", dependencies: ["SyncModel", "SyncWire", grdb, sqlite, crypto]),
        .target(name: "SyncTransport", dependencies: ["SyncModel", "SyncWire", "CCurl"]),
        .target(name: "SyncStore", dependencies: ["SyncModel", "SyncWire", grdb, sqlite, crypto]),
        .target(
            name: "SyncHTTP",
            dependencies: [
                "SyncModel", "SyncWire", "SyncStore", hummingbird, hummingbirdCore, hummingbirdTLS,
                lifecycle, unixSignals, nioSSL, nioCore, logging,
            ]),
        // The two commands.
        .executableTarget(
            name: "porchlight",
            dependencies: ["SyncModel", "PeerSupport", "SyncReplica", "SyncTransport", arguments],
            path: "client", exclude: ["JSON.md", "Care/JSON.md"]),
        .executableTarget(
            name: "porchlightd",
            dependencies: [
                "SyncModel", "PeerSupport", "SyncStore", "SyncHTTP", arguments, logging,
            ],
            path: "server"),
        // Tests and tools.
        .testTarget(name: "SyncModelTests", dependencies: ["SyncModel"]),
        .testTarget(name: "PeerSupportTests", dependencies: ["SyncModel", "PeerSupport", "samples"]),
        .testTarget(name: "SyncWireTests", dependencies: ["SyncModel", "SyncWire"]),
        .testTarget(
            name: "SyncReplicaTests",
            dependencies: ["SyncModel", "SyncWire", "PeerSupport", "SyncReplica", grdb]),
        .testTarget(
            name: "SyncTransportTests",
            dependencies: ["SyncModel", "SyncWire", "SyncTransport"]),
        .testTarget(
            name: "SyncStoreTests",
            dependencies: ["SyncModel", "SyncWire", "PeerSupport", "SyncStore", grdb]),
        .testTarget(
            name: "SyncHTTPTests",
            dependencies: [
                "SyncModel", "SyncWire", "PeerSupport", "SyncStore", "SyncHTTP", "SyncTransport", logging,
            ]),
        .target(
            name: "Simulation",
            dependencies: ["SyncModel", "SyncWire", "PeerSupport", "SyncReplica", "SyncStore", grdb],
            path: "Tests/Simulation", exclude: ["README.md"]),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation", arguments], path: "Tests/Simulate"),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Simulation", "SyncModel", "PeerSupport", "SyncReplica", "SyncStore"]),
        .testTarget(
            name: "porchlightTests",
            dependencies: ["SyncModel", "SyncWire", "PeerSupport", "SyncReplica", "porchlight", arguments]),
        .testTarget(name: "RepositoryTests"),
        .testTarget(name: "EndToEndTests", dependencies: ["porchlight", "porchlightd"]),
        .target(
            name: "FuzzTargets", dependencies: ["SyncModel", "SyncWire", "PeerSupport"],
            path: "Tests/Fuzz/Targets"),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzTargets", "SyncModel", "SyncWire", "PeerSupport", "samples"]),
        .executableTarget(
            name: "benchmark",
            dependencies: [
                "SyncModel", "SyncWire", "PeerSupport", "SyncReplica", "SyncStore", "SyncTransport",
                arguments,
            ],
            path: "Tests/Benchmark"),
        .executableTarget(
            name: "samples", dependencies: ["SyncModel", "PeerSupport", arguments], path: "samples",
            exclude: ["README.md"]),
    ],
    swiftLanguageModes: [.v6]
)

// The fuzzer's program has no beginning of its own: libFuzzer brings it, so it is built with `--sanitize=fuzzer` only.
if Context.environment["PORCHLIGHT_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
