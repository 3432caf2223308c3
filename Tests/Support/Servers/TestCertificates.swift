internal import Glibc

/// A certificate with its key, as PEM files.
public struct ServerCertificate: Sendable {
  /// The path of the certificate.
  public let certificate: String
  /// The path of the private key, readable by everybody: it protects nothing. Servers get copies of their own.
  public let key: String
}

/// Certificates to be accepted and refused, made with the `openssl` program once per test process.
///
/// The servers' names are `localhost` and 127.0.0.1. Keys are P-256.
public final class TestCertificates: Sendable {
  /// The authority's certificate: what a client trusts.
  public let authority: String
  /// Another authority's certificate, which signed none of these.
  public let otherAuthority: String
  /// Signed by the authority, for `localhost` and 127.0.0.1, valid.
  public let good: ServerCertificate
  /// For the right names, but signed by itself.
  public let selfSigned: ServerCertificate
  /// Signed by the authority for the right names, but out of date since 2021.
  public let expired: ServerCertificate
  /// Signed by the authority and valid, but for `elsewhere.example`.
  public let wrongName: ServerCertificate
  private let folder: TestFolder

  /// The certificates of this test process.
  public static func made() throws(SupportError) -> TestCertificates { try shared.get() }

  private static let shared = Result { () throws(SupportError) in try TestCertificates() }
  private static let here = "DNS:localhost,IP:127.0.0.1"

  private init() throws(SupportError) {
    folder = try TestFolder(.traversable)
    try folder.write(
      """
      [ca]
      default_ca = tests
      [tests]
      database = \(folder / "index.txt")
      rand_serial = yes
      new_certs_dir = \(folder.path)
      default_md = sha256
      policy = any
      unique_subject = no
      copy_extensions = copy
      [any]
      commonName = supplied
      """, to: "authority.cnf")
    try folder.write("", to: "index.txt")
    authority = try Self.selfSign("authority", extensions: ["basicConstraints=critical,CA:TRUE"], in: folder)
      .certificate
    otherAuthority = try Self.selfSign("other", extensions: ["basicConstraints=critical,CA:TRUE"], in: folder)
      .certificate
    selfSigned = try Self.selfSign("self-signed", extensions: ["subjectAltName=\(Self.here)"], in: folder)
    good = try Self.sign("good", names: Self.here, from: "20200101000000Z", until: "20491231235959Z", in: folder)
    expired = try Self.sign(
      "expired", names: Self.here, from: "20200101000000Z", until: "20210101000000Z", in: folder)
    wrongName = try Self.sign(
      "wrong-name", names: "DNS:elsewhere.example", from: "20200101000000Z", until: "20491231235959Z", in: folder)
    for name in Files.names(in: folder.path) { unsafe chmod(folder / name, 0o644) }
  }

  private static let freshKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

  private static func selfSign(
    _ name: String, extensions: [String], in folder: TestFolder
  ) throws(SupportError) -> ServerCertificate {
    let made = ServerCertificate(certificate: folder / "\(name).pem", key: folder / "\(name).key")
    try Tool.check(
      "openssl",
      [
        "req", "-x509", "-subj", "/CN=Locktender test \(name)", "-days", "3650", "-keyout", made.key, "-out",
        made.certificate,
      ]
        + freshKey + extensions.flatMap { ["-addext", $0] })
    return made
  }

  private static func sign(
    _ name: String, names: String, from: String, until: String, in folder: TestFolder
  ) throws(SupportError) -> ServerCertificate {
    let made = ServerCertificate(certificate: folder / "\(name).pem", key: folder / "\(name).key")
    let request = folder / "\(name).csr"
    try Tool.check(
      "openssl",
      ["req", "-new", "-subj", "/CN=Locktender test \(name)", "-keyout", made.key, "-out", request]
        + freshKey + ["-addext", "subjectAltName=\(names)"])
    try Tool.check(
      "openssl",
      [
        "ca", "-batch", "-notext", "-config", folder / "authority.cnf", "-cert", folder / "authority.pem",
        "-keyfile", folder / "authority.key", "-in", request, "-out", made.certificate,
        "-startdate", from, "-enddate", until,
      ])
    return made
  }
}
