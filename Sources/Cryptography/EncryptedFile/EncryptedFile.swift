internal import Base

/// Encrypts files that leave this program's care, such as backups.
///
/// The format is described in `docs/formats/encrypted-file.md`. All functions block, hold about 200 KiB of memory
/// whatever the size, and leave the destination either complete and on the disk or not there at all. They refuse
/// to replace a file. What a file held is released under its name only when its last byte is authenticated.
public enum EncryptedFile {
  /// Encrypts a file with a key.
  ///
  /// - Parameter progress: told the bytes read so far, after each chunk of 64 KiB; what it throws stops the work
  ///   with `interrupted`.
  public static func encrypt(
    _ source: String, to destination: String, key: borrowing SymmetricKey,
    progress: (Int64) throws -> Void = { _ in }
  ) throws(CryptographyError) {
    let header = EncryptedFileHeader(
      keySource: .key(key.id), salt: randomBytes(EncryptedFileHeader.saltByteCount))
    try encrypt(source, to: destination, header, key, progress)
  }

  /// Encrypts a file with a passphrase.
  ///
  /// - Throws: `invalidParameter` for a cost above ``Argon2id/Cost/largest``.
  public static func encrypt(
    _ source: String, to destination: String, passphrase: Span<UInt8>, cost: Argon2id.Cost = .recommended,
    progress: (Int64) throws -> Void = { _ in }
  ) throws(CryptographyError) {
    let salt = randomBytes(EncryptedFileHeader.saltByteCount)
    let key = try SymmetricKey(passphrase: passphrase, salt: salt.span, cost: cost)
    let header = EncryptedFileHeader(keySource: .passphrase(cost), salt: salt)
    try encrypt(source, to: destination, header, key, progress)
  }

  /// Decrypts a file that was encrypted with a key.
  ///
  /// - Throws: `otherKey` when the file names another key or a passphrase, `unknownFormat` for what is no such
  ///   file, `authenticationFailed` for one that was changed, cut or lengthened.
  public static func decrypt(
    _ source: String, to destination: String, key: borrowing SymmetricKey,
    progress: (Int64) throws -> Void = { _ in }
  ) throws(CryptographyError) {
    let input = try InputFile(path: source)
    let (header, code) = try readHeader(input)
    let id = key.id
    switch header.keySource {
    case .key(id): break
    case .key(let other): throw otherKey("it needs the key \(other), not \(id)")
    case .passphrase: throw otherKey("it needs its passphrase, not a key")
    }
    try decrypt(input, to: destination, header, code, key, progress)
  }

  /// Decrypts a file that was encrypted with a passphrase; errors as of the function for keys. A wrong passphrase
  /// gives `authenticationFailed`.
  public static func decrypt(
    _ source: String, to destination: String, passphrase: Span<UInt8>,
    progress: (Int64) throws -> Void = { _ in }
  ) throws(CryptographyError) {
    let input = try InputFile(path: source)
    let (header, code) = try readHeader(input)
    guard case .passphrase(let cost) = header.keySource else {
      throw otherKey("it needs a key, not a passphrase")
    }
    let key = try SymmetricKey(passphrase: passphrase, salt: header.salt.span, cost: cost)
    try decrypt(input, to: destination, header, code, key, progress)
  }

  /// What a file says of itself, not authenticated: which key it needs.
  public static func header(of path: String) throws(CryptographyError) -> EncryptedFileHeader {
    try readHeader(InputFile(path: path)).header
  }

  // MARK: Streams

  private static func encrypt(
    _ source: String, to destination: String, _ header: EncryptedFileHeader, _ key: borrowing SymmetricKey,
    _ progress: (Int64) throws -> Void
  ) throws(CryptographyError) {
    let input = try InputFile(path: source)
    let output = try OutputFile(path: destination)
    var chunks = try ChunkCipher(header: header, key: key)
    let start = header.plainBytes + chunks.headerCode
    try output.write(start.span)
    var sealed = [UInt8]()
    try forEachChunk(of: input, ChunkCipher.chunkByteCount, progress) { chunk, isLast throws(CryptographyError) in
      sealed.removeAll(keepingCapacity: true)
      try chunks.seal(chunk, isLast: isLast, appendingTo: &sealed)
      try output.write(sealed.span)
    }
    try output.commit()
  }

  private static func decrypt(
    _ input: borrowing InputFile, to destination: String, _ header: EncryptedFileHeader, _ code: [UInt8],
    _ key: borrowing SymmetricKey, _ progress: (Int64) throws -> Void
  ) throws(CryptographyError) {
    var chunks = try ChunkCipher(header: header, key: key)
    guard equalInConstantTime(chunks.headerCode.span, code.span) else {
      throw CryptographyError(
        .authenticationFailed, doing: "decrypt a file",
        advice: "check the passphrase or key; if it is right, the file is damaged: take another copy")
    }
    let output = try OutputFile(path: destination)
    var opened = [UInt8]()
    try forEachChunk(of: input, ChunkCipher.sealedByteCount, progress) { chunk, isLast throws(CryptographyError) in
      opened.removeAll(keepingCapacity: true)
      try chunks.open(chunk, isLast: isLast, appendingTo: &opened)
      try output.write(opened.span)
    }
    try output.commit()
  }

  /// Reads one chunk ahead, since only the end of the file tells which chunk is the last.
  private static func forEachChunk(
    of input: borrowing InputFile, _ count: Int, _ progress: (Int64) throws -> Void,
    _ body: (Span<UInt8>, _ isLast: Bool) throws(CryptographyError) -> Void
  ) throws(CryptographyError) {
    var current = [UInt8]()
    var next = [UInt8]()
    var done: Int64 = 0
    try input.read(count, into: &current)
    while true {
      if current.count == count { try input.read(count, into: &next) } else { next.removeAll() }
      let isLast = next.isEmpty
      try body(current.span, isLast)
      done += Int64(current.count)
      do {
        try progress(done)
      } catch {
        throw CryptographyError(.interrupted, doing: "process \(input.path)", cause: error)
      }
      if isLast { return }
      swap(&current, &next)
    }
  }

  private static func readHeader(
    _ input: borrowing InputFile
  ) throws(CryptographyError) -> (header: EncryptedFileHeader, code: [UInt8]) {
    var bytes = [UInt8]()
    try input.read(EncryptedFileHeader.byteCount, into: &bytes)
    let header = try EncryptedFileHeader(bytes: bytes.span)
    return (header, Array(bytes[EncryptedFileHeader.plainByteCount...]))
  }

  private static func otherKey(_ reason: String) -> CryptographyError {
    CryptographyError(
      .otherKey, doing: "decrypt a file", reason: reason, advice: "give the key that the file was made with")
  }
}
