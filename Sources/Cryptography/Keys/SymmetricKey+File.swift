internal import Base

extension SymmetricKey {
  /// Reads a key from a file of exactly 32 bytes.
  ///
  /// - Throws: `invalidKey` for another length and for a file that others than its owner can read or that belongs to
  ///   somebody else, `file` when it cannot be read.
  public init(file path: String) throws(CryptographyError) {
    let doing = "read the key file \(path)"
    let secret: SecretBytes
    do throws(SecretError) {
      secret = try SecretBytes.read(file: path, limit: SymmetricKey.byteCount, keepingLineBreak: true)
    } catch {
      let reason = error.code == .tooLong || error.code == .empty ? "not exactly 32 bytes" : error.reason
      throw CryptographyError(
        error.code == .unreadable ? .file : .invalidKey, doing: doing, reason: reason, advice: error.advice,
        cause: error.cause)
    }
    guard secret.count == SymmetricKey.byteCount else {
      throw CryptographyError(.invalidKey, doing: doing, reason: "not exactly 32 bytes")
    }
    try self.init(bytes: secret.bytes)
  }

  /// Writes the key to a new file that only its owner can read, and makes sure that it is on the disk.
  ///
  /// - Throws: `file`, also when the file exists.
  public func write(toFile path: String) throws(CryptographyError) {
    let output = try OutputFile(path: path)
    try output.write(bytes)
    try output.commit()
  }
}
