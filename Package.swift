// swift-tools-version: 6.3
import PackageDescription

// Targets are layers: a target imports only what stands beneath it. `make layers` checks the imports
// against this table and proves with a planted violation that the check bites.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableExperimentalFeature("Lifetimes"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// For targets whose loops run once per row: optimised in every configuration, so that tests move real volumes.
let hot: [SwiftSetting] = strict + [.unsafeFlags(["-O"])]

let package = Package(
  name: "locktender",
  products: [
    .executable(name: "locktender", targets: ["locktender"])
  ],
  targets: [
    // C libraries: a module map and what Swift cannot say, nothing else.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CLDAP", pkgConfig: "ldap", providers: [.apt(["libldap-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CODBC", pkgConfig: "odbc", providers: [.apt(["unixodbc-dev"])]),
    .systemLibrary(name: "CLinux"),

    .target(name: "Base", dependencies: ["CLinux"], swiftSettings: hot),

    // One face per outside thing.
    .target(name: "Cryptography", dependencies: ["Base", "COpenSSL", "CArgon2"], swiftSettings: hot),
    .target(name: "Database", dependencies: ["Base", "CSQLite", "CPostgres", "CODBC"], swiftSettings: hot),
    .target(name: "Directory", dependencies: ["Base", "CLDAP"], swiftSettings: hot),
    .target(name: "Network", dependencies: ["Base", "CCurl"], swiftSettings: strict),
    .target(name: "Archive", dependencies: ["Base", "CArchive"], swiftSettings: hot),
    .target(name: "Subprocess", dependencies: ["Base", "CLinux"], swiftSettings: strict),

    // The engine. It knows no system.
    .target(
      name: "Migration",
      dependencies: ["Archive", "Base", "Cryptography", "Database", "Network"],
      // Swift 6.3.1 emits a broken module for non-copyable locals in unoptimised code ("verify" pass, signal 6).
      swiftSettings: hot),
    .target(
      name: "Transfer",
      dependencies: ["Base", "Cryptography", "Database", "Migration"],
      swiftSettings: hot),

    // The systems. None imports another.
    .target(
      name: "Administration",
      dependencies: ["Base", "Cryptography", "Database", "Directory", "Migration", "Subprocess", "Transfer"],
      resources: [.embedInCode("Schema")],
      swiftSettings: hot),

    .target(
      name: "CommandLine",
      dependencies: ["Administration", "Base", "Cryptography", "Database", "Migration", "Subprocess", "Transfer"],
      swiftSettings: strict),
    .executableTarget(name: "locktender", dependencies: ["CommandLine"], swiftSettings: strict),

    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "Administration", "Base", "Cryptography", "Database", "Migration", "Subprocess", "TestSupport", "Transfer",
      ],
      path: "Benchmarks",
      swiftSettings: hot),

    .target(
      name: "TestSupport",
      dependencies: ["Base", "Database", "Subprocess"],
      path: "Tests/Support",
      swiftSettings: strict),
    .testTarget(name: "SupportTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(name: "BaseTests", dependencies: ["Base", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "DatabaseTests", dependencies: ["Database", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "DirectoryTests", dependencies: ["Directory", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "NetworkTests", dependencies: ["Network", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ArchiveTests", dependencies: ["Archive", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "SubprocessTests", dependencies: ["Subprocess", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "MigrationTests", dependencies: ["Migration", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "TransferTests", dependencies: ["Transfer", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "AdministrationTests", dependencies: ["Administration", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests", dependencies: ["CommandLine", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
