import Base
import Cryptography
import Glibc

/// The bytes of a file below `Tests/Vectors`.
func vectorBytes(_ path: String) throws -> [UInt8] {
  let root = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
  return try bytes(ofFile: "/\(root)/Vectors/\(path)")
}

/// The lines of a vector file without comments and empty lines.
func vectorLines(_ path: String) throws -> [String] {
  String(decoding: try vectorBytes(path), as: UTF8.self)
    .split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
}

struct MissingFile: Error { let path: String }

func bytes(ofFile path: String) throws -> [UInt8] {
  guard let file = unsafe fopen(path, "r") else { throw MissingFile(path: path) }
  defer { unsafe fclose(file) }
  var content = [UInt8]()
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let read = unsafe fread(&chunk, 1, chunk.count, file)
    if read == 0 { return content }
    content += chunk[..<read]
  }
}

/// The bytes of a hexadecimal text that stands in a test.
func hex(_ text: String) -> [UInt8] {
  guard let bytes = bytes(hexadecimal: text.filter { !$0.isWhitespace }) else { fatalError("not hexadecimal") }
  return bytes
}

/// SplitMix64, so that a failed random test can be run again with the seed that it printed.
struct SeededGenerator: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64 = .random(in: 0 ... .max)) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// The fields of each line of a vector file as bytes.
func vectorFields(_ path: String) throws -> [[[UInt8]]] {
  try vectorLines(path).map { $0.split(separator: " ").map { $0 == "-" ? [] : hex(String($0)) } }
}

/// Runs a call that must throw and gives its code; nil when it did not throw.
func failure(_ body: () throws(CryptographyError) -> Void) -> CryptographyError.Code? {
  do {
    try body()
    return nil
  } catch {
    return error.code
  }
}

/// A folder of its own, removed with all it holds when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/locktender-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw MissingFile(path: "/tmp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }

  /// The names of the files in the folder.
  var names: [String] { (try? fileNames(in: path)) ?? ["cannot be read"] }

  func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws -> String {
    let file = "\(path)/\(name)"
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC, mode)
    defer { close(descriptor) }
    guard descriptor >= 0, unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw MissingFile(path: file)
    }
    return file
  }
}

/// The names in a folder, in order.
func fileNames(in path: String) throws -> [String] {
  guard let folder = unsafe opendir(path) else { throw MissingFile(path: path) }
  defer { unsafe closedir(folder) }
  var names = [String]()
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
      unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
