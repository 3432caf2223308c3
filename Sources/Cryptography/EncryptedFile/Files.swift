internal import Base

extension CryptographyError {
  /// The error of a file that was read or written.
  init(_ doing: String, _ error: FileError) {
    self.init(.file, doing: "\(doing) \(error.path)", reason: error.reason, advice: error.advice, cause: error)
  }
}

/// A file that is read from start to end.
struct InputFile: ~Copyable {
  private let file: OpenFile

  var path: String { file.path }

  init(path: String) throws(CryptographyError) {
    do throws(FileError) {
      file = try OpenFile(path, .read)
    } catch {
      throw CryptographyError("read", error)
    }
  }

  /// Replaces the buffer's content by the next bytes: as many as asked for, fewer only at the end of the file.
  func read(_ count: Int, into buffer: inout [UInt8]) throws(CryptographyError) {
    if buffer.count != count { buffer = [UInt8](repeating: 0, count: count) }
    var filled = 0
    while filled < count {
      do throws(FileError) {
        let got = try file.read(into: &buffer, at: filled)
        if got == 0 { break }
        filled += got
      } catch {
        throw CryptographyError("read", error)
      }
    }
    buffer.removeLast(count - filled)
  }
}

/// A file that appears under its name only when it is complete and on the disk; dropped otherwise.
///
/// Readable by its owner alone. Never replaces a file.
struct OutputFile: ~Copyable {
  private let file: AtomicFile

  init(path: String) throws(CryptographyError) {
    do throws(FileError) {
      // Else it would be told after hours.
      try Files.requireAbsent(path)
      file = try AtomicFile(path)
    } catch {
      throw CryptographyError("write", error)
    }
  }

  func write(_ bytes: Span<UInt8>) throws(CryptographyError) {
    do throws(FileError) {
      try file.write(bytes)
    } catch {
      throw CryptographyError("write", error)
    }
  }

  consuming func commit() throws(CryptographyError) {
    do throws(FileError) {
      try file.commit(replacing: false)
    } catch {
      throw CryptographyError("write", error)
    }
  }
}
