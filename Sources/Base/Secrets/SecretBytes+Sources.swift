internal import Glibc

extension SecretBytes {
  /// Reads a secret from a file that nobody else may read, or from a pipe.
  ///
  /// - Parameters:
  ///   - limit: the most bytes it may have.
  ///   - keepingLineBreak: false leaves out one line break at the end, which editors add.
  public static func read(
    file path: String, limit: Int = 1 << 16, keepingLineBreak: Bool = false
  ) throws(SecretError) -> SecretBytes {
    let doing = "read secret"
    let secret: SecretBytes
    do throws(FileError) {
      let file = try OpenFile(path, .read)
      let status = try file.status()
      if status.permissions & 0o077 != 0 {
        throw FileError(
          .denied, doing: doing, path: path,
          reason: "others may read or change it (mode \(String(status.permissions, radix: 8)))",
          advice: "Run `chmod 600 \(shellQuoted(path))`, and renew the secret if somebody may have seen it.")
      }
      if status.owner != geteuid(), status.owner != 0 {
        throw FileError(
          .denied, doing: doing, path: path, reason: "it belongs to another user",
          advice: "Run `chown \(geteuid()) \(shellQuoted(path))` if that user may not read it.")
      }
      let buffer = SecretBytes(zeros: limit + 1)
      let used = try buffer.fill(from: file)
      secret = try buffer.trimmed(used, limit: limit, keepingLineBreak: keepingLineBreak, source: path)
    } catch {
      let code: SecretError.Code =
        error.code == .tooLarge
        ? .tooLong : error.systemError == 0 && error.code == .denied ? .exposed : .unreadable
      throw SecretError(code, doing: doing, reason: "", advice: error.advice, cause: error)
    }
    if secret.count == 0 {
      throw SecretError(
        .empty, doing: doing, reason: "\(path): the file is empty", advice: "Write the secret into it.")
    }
    return secret
  }

  /// Takes a secret out of the environment: the variable is overwritten and unset, so that no child inherits
  /// it. Must be called before other threads run, as unsetenv(3) demands.
  ///
  /// - Returns: nil where the variable is not set or empty.
  public static func take(environmentVariable name: String) -> SecretBytes? {
    guard let value = unsafe getenv(name) else { return nil }
    let length = unsafe strlen(value)
    defer {
      unsafe explicit_bzero(value, length)
      unsafe unsetenv(name)
    }
    guard length > 0 else { return nil }
    let bytes = unsafe UnsafeRawBufferPointer(start: value, count: length)
    return unsafe SecretBytes(copying: Span<UInt8>(_unsafeBytes: bytes))
  }

  private borrowing func fill(from file: borrowing OpenFile) throws(FileError) -> Int {
    var used = 0
    while used < count {
      let got = try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[used..<count]))
      if got == 0 { break }
      used += got
    }
    return used
  }

  private consuming func trimmed(
    _ used: Int, limit: Int, keepingLineBreak: Bool, source: String
  ) throws(FileError) -> SecretBytes {
    if used > limit {
      throw FileError(
        .tooLarge, doing: "read secret", path: source, reason: "longer than \(limit) bytes",
        advice: "Check that this is the right file.")
    }
    var length = used
    withBytes { bytes in
      if keepingLineBreak { return }
      if length > 0, bytes[length - 1] == UInt8(ascii: "\n") { length -= 1 }
      if length > 0, length < used, bytes[length - 1] == UInt8(ascii: "\r") { length -= 1 }
    }
    return prefix(length)
  }
}
