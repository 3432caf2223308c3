import Base

/// The most memory that this process had resident so far: `VmHWM` of proc(5).
enum PeakMemory {
  /// For people; an unreadable one is none worth telling.
  static var text: String { "\((try? bytes()).map { $0 >> 20 } ?? 0) MiB" }

  static func bytes() throws -> Int {
    let status = try Files.readText("/proc/self/status", limit: 1 << 16)
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      let number = line.dropFirst("VmHWM:".count).split(whereSeparator: \.isWhitespace).first
      return number.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }
    return 0
  }
}
