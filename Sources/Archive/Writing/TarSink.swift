internal import Base
internal import CArchive

/// Where the bytes of an archive go, at an address that libarchive can keep.
final class TarSink {
  private var file: AtomicFile?
  private(set) var failure: FileError?

  init(_ path: String, permissions: UInt32) throws(ArchiveError) {
    do {
      file = try AtomicFile(path, permissions: permissions)
    } catch {
      throw ArchiveError(.file, doing: "write archive", cause: error)
    }
  }

  fileprivate func take(_ bytes: Span<UInt8>) -> Bool {
    do throws(FileError) {
      try file?.write(bytes)
      return true
    } catch {
      failure = error
      return false
    }
  }

  func commit(replacing: Bool) throws(FileError) {
    try file.take()?.commit(replacing: replacing)
  }
}

/// archive_write_open(3): gives how many bytes were taken, or -1.
func takeArchiveBytes(
  _ archive: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int {
  guard let context = unsafe context, let bytes = unsafe bytes else { return -1 }
  let sink = unsafe Unmanaged<TarSink>.fromOpaque(context).takeUnretainedValue()
  let span = unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: bytes, count: count))
  return sink.take(span) ? count : -1
}
