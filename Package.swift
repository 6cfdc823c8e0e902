// swift-tools-version: 6.3
import PackageDescription

/// Every target of ours is held to the same rules: no implicit C types in public signatures, every
/// unsafe use marked, every warning an error.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    // docs/decisions/0010-exclusivity-in-release.md
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// A module of the house: what it is called and what it may know.
func room(_ name: String, knows dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// The unit tests of one module.
///
/// `data` names folders of cases that the tests find beside their sources.
func tests(of name: String, with dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: data, swiftSettings: house)
}

/// A C library of the system, found by pkg-config, with the Debian package that brings it.
func library(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

/// A libFuzzer program: without a main of its own, so it is there only when asked for (`make fuzz`).
func fuzzer(_ name: String, of dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Fuzz/\(name)",
        swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

let fuzzers: [Target] =
    Context.environment["POTERNE_FUZZ"] == nil
    ? []
    : [
        fuzzer("FuzzCertificate", of: ["DER", "IGCSante", "X509"]),
        fuzzer("FuzzRevocationList", of: ["Revocation"]),
        fuzzer("FuzzRequestHead", of: ["HTTP", "HTTP1"]),
        fuzzer("FuzzConfiguration", of: ["Configuration"]),
        fuzzer("FuzzResponse", of: ["HTTP", "HTTP1"]),
        fuzzer("FuzzHTTP2", of: ["HTTP", "HTTP2"]),
        fuzzer("FuzzToken", of: ["Crypto", "DER", "Token"]),
    ]

/// What `make bench` measures from inside; nobody else builds it.
let measurements: [Target] =
    Context.environment["POTERNE_BENCHMARKS"] == nil
    ? []
    : [
        .executableTarget(
            name: "Microbenchmarks",
            dependencies: [
                "Crypto", "DER", "Gateway", "HTTP", "HTTP1", "IGCSante", "Revocation", "TestPKI", "Trust",
                "X509",
            ],
            path: "benchmarks/Microbenchmarks", swiftSettings: house)
    ]

let package = Package(
    name: "poterne",
    products: [.executable(name: "poterne", targets: ["poterne"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        library("CLibevent", pkgConfig: "libevent_core", debian: "libevent-dev"),
        library("COpenSSL", pkgConfig: "openssl", debian: "libssl-dev"),
        library("CNGHTTP2", pkgConfig: "libnghttp2", debian: "libnghttp2-dev"),
        library("CLibcurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
        .target(name: "CLinux"),
        .target(name: "CServingLibrary", dependencies: ["COpenSSL"]),

        room("DER"),
        room("X509", knows: ["DER"]),
        room("Crypto", knows: ["COpenSSL"]),
        room("IGCSante", knows: ["DER", "X509"]),
        room("Fetching", knows: ["CLibcurl"]),
        room("Revocation", knows: ["DER", "X509", "Crypto", "Fetching", "CLinux"]),
        room("Trust", knows: ["DER", "X509", "Crypto", "IGCSante", "Revocation"]),

        room("Token", knows: ["DER", "Crypto"]),

        room("EventLoop", knows: ["CLibevent", "CLinux"]),
        room("TLS", knows: ["COpenSSL", "CServingLibrary", "Crypto"]),
        room("HTTP"),
        room("HTTP1", knows: ["HTTP"]),
        room("HTTP2", knows: ["HTTP", "CNGHTTP2"]),

        room("Configuration", knows: [.product(name: "Yams", package: "Yams")]),
        room("Observability", knows: ["CLinux", "Crypto"]),
        room(
            "Gateway",
            knows: [
                "CLinux", "Configuration", "Crypto", "DER", "EventLoop", "Fetching", "HTTP", "HTTP1", "HTTP2",
                "IGCSante", "Observability", "Revocation", "TLS", "Token", "Trust", "X509",
                .product(name: "Logging", package: "swift-log"),
            ]),
        room("TestPKI", knows: ["DER", "X509", "Crypto"]),
        room("LoadTest", knows: ["Crypto", "EventLoop", "HTTP", "HTTP1", "HTTP2", "Observability", "TLS", "X509"]),

        .executableTarget(
            name: "poterne",
            dependencies: [
                "CLinux", "Configuration", "Crypto", "DER", "Gateway", "IGCSante", "LoadTest",
                "Observability", "Revocation", "TLS", "TestPKI", "Trust", "X509",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),

        tests(of: "DER"),
        tests(of: "X509", with: ["DER"]),
        tests(of: "Crypto", with: ["DER"]),
        tests(of: "IGCSante", with: ["X509", "DER", "TestPKI", "Crypto"]),
        .target(name: "LoopbackHTTP", path: "Tests/LoopbackHTTP", swiftSettings: house),
        tests(of: "Fetching", with: ["LoopbackHTTP"]),
        tests(of: "Revocation", with: ["DER", "X509", "Crypto", "Fetching", "LoopbackHTTP", "TestPKI"]),
        tests(of: "Trust", with: ["DER", "X509", "Crypto", "IGCSante", "Revocation", "TestPKI"]),
        tests(of: "Token", with: ["Crypto", "DER"]),
        tests(of: "EventLoop", with: ["CLinux"]),
        tests(of: "TLS", with: ["COpenSSL", "Crypto", "TestPKI", "DER"]),
        tests(of: "HTTP"),
        .target(name: "HTTP1Corpus", dependencies: ["HTTP"], path: "Tests/HTTP1Corpus", swiftSettings: house),
        tests(of: "HTTP1", with: ["HTTP", "HTTP1Corpus"], data: ["Corpus"]),
        .target(name: "HTTP2Frames", path: "Tests/HTTP2Frames", swiftSettings: house),
        tests(of: "HTTP2", with: ["HTTP", "HTTP2Frames"], data: ["Corpus"]),
        .testTarget(
            name: "ConfigurationTests", dependencies: ["Configuration"], exclude: ["cases"], swiftSettings: house),
        .target(name: "MetricsText", path: "Tests/MetricsText", swiftSettings: house),
        tests(of: "Observability", with: ["Crypto", "EventLoop", "MetricsText"]),
        tests(
            of: "Gateway",
            with: [
                "Configuration", "Crypto", "DER", "EventLoop", "HTTP", "HTTP1", "HTTP2", "IGCSante", "Observability",
                "Revocation", "TLS", "TestPKI", "Trust", "X509", .product(name: "Logging", package: "swift-log"),
            ]),
        tests(of: "TestPKI", with: ["DER", "X509", "Crypto"]),
        tests(of: "LoadTest", with: ["EventLoop", "HTTP", "HTTP2", "Observability", "TLS"]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "poterne", "TestPKI", "CLinux", "Crypto", "DER", "HTTP1Corpus", "HTTP2Frames", "MetricsText", "TLS",
                "X509",
            ],
            exclude: ["Peers"], swiftSettings: house),
    ] + fuzzers + measurements
)
