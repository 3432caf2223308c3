import Base
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
