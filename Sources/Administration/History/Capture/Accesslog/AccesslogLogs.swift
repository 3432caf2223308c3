internal import Base
internal import Directory

/// An accesslog in a file.
struct AccesslogFileLog: CapturedLog {
  let path: String

  var location: String { path }

  func fetch(into raw: String, progress: (Int64) throws -> Void) throws {
    var stream = try RawStream(raw)
    for segment in try LogSegment.files([path]) { try stream.append(segment, progress) }
    try stream.close()
  }

  func capture(_ raw: String, into path: String, progress: (Int) throws -> Void) throws -> CaptureTally {
    try AccesslogCapture.make(raw, into: path, progress: progress)
  }
}

/// An accesslog in its directory. Once it is fetched, it is a file as any other.
struct AccesslogDirectoryLog: CapturedLog {
  let directory: AccesslogDirectory

  var location: String { "\(directory.login.url)/\(directory.base)" }

  func fetch(into raw: String, progress: (Int64) throws -> Void) throws {
    _ = try directory.export(to: raw, progress: progress)
  }

  func capture(_ raw: String, into path: String, progress: (Int) throws -> Void) throws -> CaptureTally {
    try AccesslogCapture.make(raw, into: path, progress: progress)
  }
}

enum AccesslogCapture {
  /// Captures an LDIF file. Blocks.
  static func make(_ raw: String, into path: String, progress: (Int) throws -> Void) throws -> CaptureTally {
    var writer = try CaptureWriter(path)
    var count = 0
    var tally = try AccesslogReading.read(raw) { record, _ in
      try writer.add(record)
      count += 1
      if count.isMultiple(of: 4_096) { try progress(count) }
    }
    try writer.finish(&tally)
    return tally
  }
}
