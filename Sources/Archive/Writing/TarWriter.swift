public import Base
internal import CArchive

/// Writes a `.tar.gz` (POSIX.1-1988 ustar, RFC 1952) that appears under its name complete or not at all.
///
/// The same entries give the same bytes: owner 0, mode 0600, no time but those given. Every call blocks.
@safe
public struct TarWriter: ~Copyable {
  private let archive: OpaquePointer
  private let sink: TarSink
  private var names: Set<String> = []

  /// - Throws: `file` where the folder cannot be written to.
  public init(_ path: String, permissions: UInt32 = 0o600) throws(ArchiveError) {
    sink = try TarSink(path, permissions: permissions)
    unsafe archive = TarWriter.open(sink)
  }

  private static func open(_ sink: TarSink) -> OpaquePointer {
    guard let archive = unsafe archive_write_new() else { fatalError("out of memory for an archive") }
    let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
    let isOpen =
      unsafe archive_write_set_format_ustar(archive) == ARCHIVE_OK
      && archive_write_add_filter_gzip(archive) == ARCHIVE_OK
      && archive_write_set_filter_option(archive, "gzip", "timestamp", nil) == ARCHIVE_OK
      // The last block is as long as it is: padding is for tapes.
      && archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK
      && archive_write_open(archive, context, nil, takeArchiveBytes, nil) == ARCHIVE_OK
    invariant(isOpen, "libarchive knows no tar.gz")
    return unsafe archive
  }

  deinit { unsafe archive_write_free(archive) }

  /// Adds a file with the given content.
  ///
  /// - Parameter name: relative, of letters, digits, `.`, `_`, `-` and `/`, at most 100 bytes.
  /// - Throws: `refusedName`, `file`, `library`.
  public mutating func add(_ name: String, _ bytes: Span<UInt8>, modified: Timestamp) throws(ArchiveError) {
    try begin(name, size: Int64(bytes.count), modified)
    try append(bytes)
  }

  /// Adds a file with the content of another, as long as that one is now; it must not shrink meanwhile.
  public mutating func add(_ name: String, contentsOf source: String, modified: Timestamp) throws(ArchiveError) {
    do {
      let file = try OpenFile(source, .read)
      var left = try file.status().size
      try begin(name, size: left, modified)
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while left > 0 {
        let count = Int(min(left, Int64(try file.read(into: &buffer))))
        guard count > 0 else {
          throw ArchiveError(
            .file, doing: "add \(name) to an archive", reason: "\(source) became shorter meanwhile")
        }
        try append(buffer.span.extracting(0..<count))
        left -= Int64(count)
      }
    } catch let error as ArchiveError {
      throw error
    } catch {
      throw ArchiveError(.file, doing: "add \(name) to an archive", cause: error)
    }
  }

  /// Ends the archive and lets it appear.
  ///
  /// - Parameter replacing: false throws `file` where something stands at the path.
  public consuming func finish(replacing: Bool = true) throws(ArchiveError) {
    guard unsafe archive_write_close(archive) == ARCHIVE_OK else { throw failure() }
    do {
      try sink.commit(replacing: replacing)
    } catch {
      throw ArchiveError(.file, doing: "write archive", cause: error)
    }
  }

  // MARK: Parts

  private mutating func begin(_ name: String, size: Int64, _ modified: Timestamp) throws(ArchiveError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    guard isPlain, name.utf8.count <= 100, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw ArchiveError(.refusedName, doing: "add a file to an archive", reason: "not a plain relative name")
    }
    guard names.insert(name).inserted else {
      throw ArchiveError(.refusedName, doing: "add \(name) to an archive", reason: "it is in there already")
    }
    guard let entry = unsafe archive_entry_new() else { fatalError("out of memory for an archive") }
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_set_pathname(entry, name)
    unsafe archive_entry_set_size(entry, size)
    unsafe archive_entry_set_filetype(entry, carchive_regular_file())
    unsafe archive_entry_set_perm(entry, 0o600)
    unsafe archive_entry_set_mtime(entry, time_t(modified.microseconds / 1_000_000), 0)
    guard unsafe archive_write_header(archive, entry) == ARCHIVE_OK else { throw failure() }
  }

  private func append(_ bytes: Span<UInt8>) throws(ArchiveError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe archive_write_data(archive, $0.baseAddress! + written, $0.count - written)
      }
      guard count > 0 else { throw failure() }
      written += count
    }
  }

  /// The error of the call before: the file's own where that is behind it.
  private func failure() -> ArchiveError {
    if let cause = sink.failure { return ArchiveError(.file, doing: "write archive", cause: cause) }
    let text = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "libarchive refused"
    return ArchiveError(.library, doing: "write archive", reason: text)
  }
}
