internal import Base
internal import Cryptography

extension Report {
  static let sizeLimit = 64 << 20

  /// The report of a run as it was last written, its signature checked with the platform's key.
  ///
  /// - Throws: ``MigrationError`` `notFound` where there is none, `damaged` where the signature does not fit, the
  ///   format is unknown, or the report is another run's.
  static func read(_ folder: RunFolder) throws -> Report {
    let report = try read(signed(at: folder.report, keys: ReportKeys(of: folder)))
    guard report.run == folder.run else {
      throw MigrationError(
        .damaged, doing: "read the report", reason: "\(folder.report) is the report of another run",
        advice: "locktender verify \(folder.run) writes it anew")
    }
    return report
  }

  /// The bytes of a report whose signature fits.
  static func signed(at path: String, keys: ReportKeys) throws -> [UInt8] {
    let doing = "read the report"
    guard try Files.exists(path) else {
      throw MigrationError(
        .notFound, doing: doing, reason: "the run has none yet", advice: "locktender verify compares and writes it")
    }
    let bytes = try Files.read(path, limit: sizeLimit)
    guard let key = try keys.verificationKey() else {
      throw MigrationError(
        .damaged, doing: doing, reason: "\(keys.publicKey) is gone, so that the signature cannot be checked",
        advice: "bring the file back from a copy; its fingerprint stands in the report")
    }
    let signature = ReportSignature(of: path)
    guard try signature.exists() else {
      throw MigrationError(
        .damaged, doing: doing, reason: "\(signature.path) is gone, so that nothing vouches for the report",
        advice: "locktender verify writes both anew")
    }
    guard try signature.fits(bytes, key) else {
      throw MigrationError(
        .damaged, doing: doing,
        reason: "its signature does not fit: \(path) was changed after it was signed, or another key signed it",
        advice: "do not rely on it; locktender verify writes it anew")
    }
    return bytes
  }

  /// Reads the JSON of a report.
  static func read(_ bytes: [UInt8]) throws -> Report {
    struct Format: Decodable { let format: Int }
    // What is no JSON, or has no number of a format, is told as such and not as the coder words it.
    guard let format = (try? decodeJSON(Format.self, from: bytes))?.format else {
      throw MigrationError(.damaged, doing: "read the report", reason: "it is no report")
    }
    guard format == currentFormat else {
      throw MigrationError(
        .damaged, doing: "read the report",
        reason: "its format is \(format), this program knows \(currentFormat)",
        advice: "use the locktender that wrote it, or a newer one")
    }
    do {
      return try decodeJSON(Report.self, from: bytes)
    } catch {
      throw MigrationError(
        .damaged, doing: "read the report", reason: "it says format \(format) and does not have its fields",
        cause: error)
    }
  }
}
