internal import Base
public import Cryptography

/// The platform's key pair for reports, in `.locktender/keys`.
///
/// The private key (`report-signing.pem`, 0600) is made at first use; the public one (`report-signing.pub.pem`) is
/// there to be given to whoever is to believe the reports. Both are PEM of RFC 8410, so that `openssl` reads them.
public struct ReportKeys: Sendable {
  public let folder: String
  public var privateKey: String { folder + "/report-signing.pem" }
  public var publicKey: String { folder + "/report-signing.pub.pem" }

  static let sizeLimit = 4096

  public init(folder: String) { self.folder = folder }

  public init(_ workplace: Workplace) { self.init(folder: workplace.stateFolder + "/keys") }

  /// The keys of the platform that a run's folder belongs to.
  init(of run: RunFolder) {
    self.init(folder: Paths.folder(of: Paths.folder(of: run.path)) + "/keys")
  }

  /// The signing key, made where there is none yet.
  ///
  /// - Throws: ``MigrationError`` `damaged` where others may read the private key, `CryptographyError` `invalidKey`.
  func signingKey() throws -> SigningKey {
    if try !Files.exists(privateKey) { try make() }
    let status = try Files.status(of: privateKey)
    guard status.permissions & 0o077 == 0 else {
      throw MigrationError(
        .damaged, doing: "read the report's signing key", reason: "others than its owner may read \(privateKey)",
        advice: "if nobody did, chmod 600 \(privateKey); else remove it, and a new one is made")
    }
    return try read()
  }

  private func read() throws -> SigningKey {
    var pem = try Files.read(privateKey, limit: ReportKeys.sizeLimit)
    defer { for index in pem.indices { pem[index] = 0 } }
    return try SigningKey(pem: pem.span)
  }

  /// Puts the public half beside the private one, where it is not there or another's.
  func publish(_ key: VerificationKey) throws {
    let text = key.pem
    guard try !Files.exists(publicKey) || Files.readText(publicKey, limit: ReportKeys.sizeLimit) != text else {
      return
    }
    try Files.write(text, to: publicKey, permissions: 0o644)
  }

  /// The public key; nil where no report was ever signed here.
  public func verificationKey() throws -> VerificationKey? {
    guard try Files.exists(publicKey) else { return nil }
    let pem = try Files.read(publicKey, limit: ReportKeys.sizeLimit)
    return try VerificationKey(pem: pem.span)
  }

  private func make() throws {
    try Files.createFolder(folder, withParents: true)
    // Another process may make it at the same moment: what stands there then is read.
    if let failure = try SigningKey().withPEM(keep), (failure as? FileError)?.code != .exists { throw failure }
  }

  private func keep(_ pem: Span<UInt8>) -> (any Error)? {
    do {
      try Files.write(pem, to: privateKey, permissions: 0o600, replacing: false)
      return nil
    } catch {
      return error
    }
  }
}

extension VerificationKey {
  /// SHA-256 of the key as DER (RFC 8410 section 4): what `openssl pkey -pubin -outform DER | sha256sum` prints.
  public var fingerprint: String {
    let header: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    return sha256(header + bytes).description
  }
}
