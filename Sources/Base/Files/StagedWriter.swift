/// Text for a file that appears complete or not at all (``AtomicFile``), gathered into large writes.
public final class StagedWriter {
  private var file: AtomicFile?
  private var buffer: [UInt8] = []

  /// - Parameter permissions: of the finished file, whatever the umask is.
  public init(_ path: String, permissions: UInt32 = 0o600) throws(FileError) {
    file = try AtomicFile(path, permissions: permissions)
    buffer.reserveCapacity(1 << 17)
  }

  public func write(_ text: String) throws(FileError) {
    buffer += text.utf8
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Makes the file appear, in place of what stands there. Without it nothing does.
  public func commit() throws(FileError) {
    try flush()
    guard let file = file.take() else { return }
    try file.commit()
  }

  private func flush() throws(FileError) {
    try file?.write(buffer.span)
    buffer.removeAll(keepingCapacity: true)
  }
}
