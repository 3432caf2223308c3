extension SymmetricKey {
  /// Reads a key from a file of exactly 32 bytes.
  ///
  /// - Throws: `invalidKey` for another length and for a file that others than its owner can read, `file` when it
  ///   cannot be read.
  public init(file path: String) throws(CryptographyError) {
    let input = try InputFile(path: path)
    guard try input.mode() & 0o077 == 0 else {
      throw CryptographyError(
        .invalidKey, doing: "read the key file \(path)", reason: "others than its owner have rights to it",
        advice: "chmod 600 \(path)")
    }
    var bytes = [UInt8]()
    defer { wipe(&bytes) }
    try input.read(SymmetricKey.byteCount + 1, into: &bytes)
    guard bytes.count == SymmetricKey.byteCount else {
      throw CryptographyError(
        .invalidKey, doing: "read the key file \(path)", reason: "not exactly 32 bytes")
    }
    try self.init(bytes: bytes.span)
  }

  /// Writes the key to a new file that only its owner can read, and makes sure that it is on the disk.
  ///
  /// - Throws: `file`, also when the file exists.
  public func write(toFile path: String) throws(CryptographyError) {
    var output = try OutputFile(path: path)
    try output.write(bytes)
    try output.commit()
  }
}
