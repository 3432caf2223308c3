import Base
import Glibc

/// Runs a Python program in a process of its own and gives back what it printed.
///
/// - Parameter input: written to a file whose path is the program's first argument.
func python(_ program: String, input: String = "") throws -> String {
  let folder = try TemporaryFolder(prefix: "python")
  try Files.write(program, to: folder.path("program.py"))
  try Files.write(input, to: folder.path("input"))
  let pipe = unsafe popen("exec python3 '\(folder.path("program.py"))' '\(folder.path("input"))'", "r")
  guard let pipe = unsafe pipe else {
    throw FileError(.other, doing: "run python3", path: folder.path, reason: "popen failed")
  }
  var output = [UInt8]()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&buffer, 1, buffer.count, pipe)
    if count == 0 { break }
    output += buffer[..<count]
  }
  let status = unsafe pclose(pipe)
  guard status == 0 else {
    throw FileError(.other, doing: "run python3", path: folder.path, reason: "exit status \(status)")
  }
  return String(decoding: output, as: UTF8.self)
}
