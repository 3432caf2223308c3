internal import Base
internal import Glibc
internal import Synchronization

/// A pipe from a program's output into the encryption, so that no plain copy stands on a disk.
///
/// Who reads must not take the end of the stream for its completion: ``succeed()`` comes before the writing end is
/// closed, and ``check()`` asks for it.
final class DumpPipe: Sendable {
  private let reading: Mutex<Int32>
  private let writing: Mutex<Int32>
  private let succeeded = Mutex(false)

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw AdministrationError(
        .unusable, doing: "make a pipe", reason: unsafe String(cString: strerror(errno)))
    }
    // Programs that are started meanwhile inherit no descriptors at all (Subprocess), whatever is set here.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    reading = Mutex(ends[0])
    writing = Mutex(ends[1])
  }

  deinit {
    closeReading()
    closeWriting()
  }

  /// What the reader opens like a file.
  var path: String { reading.withLock { "/proc/self/fd/\($0)" } }

  /// Writes all bytes. Blocks while the reader is busy.
  func write(_ bytes: Span<UInt8>) throws {
    let descriptor = writing.withLock { $0 }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      if count > 0 { written += count }
      guard count > 0 || errno == EINTR else {
        throw AdministrationError(
          .unusable, doing: "hand the dump on", reason: unsafe String(cString: strerror(errno)))
      }
    }
  }

  /// All was written that was to be written.
  func succeed() { succeeded.withLock { $0 = true } }

  /// Asked by the reader after each piece, the last one included.
  ///
  /// - Throws: where the writer has ended before it was done.
  func check() throws {
    // The end of the stream is not seen before the lock is free again, and the flag is set by then.
    let isClosed = writing.withLock { $0 < 0 }
    guard !isClosed || succeeded.withLock({ $0 }) else {
      throw AdministrationError(.unusable, doing: "take the dump over", reason: "it ended before its time")
    }
  }

  func closeReading() { DumpPipe.close(reading) }
  func closeWriting() { DumpPipe.close(writing) }

  private static func close(_ end: borrowing Mutex<Int32>) {
    end.withLock { descriptor in
      if descriptor >= 0 { _ = Glibc.close(descriptor) }
      descriptor = -1
    }
  }
}
