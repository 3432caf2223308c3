internal import Base
internal import CLinux
internal import Glibc

/// One process for all time: its number with the moment at which it started, since numbers are used again.
///
/// Written into state files, to find a program again that outlived the one that started it.
public struct ProcessIdentity: Hashable, Sendable, Codable {
  public let pid: Int32
  /// Clock ticks from the boot of the machine to the start of the process (field 22 of proc_pid_stat(5)).
  public let startTicks: UInt64
  /// Which boot of the machine it was.
  public let bootID: String

  /// Takes what was written down before.
  public init(pid: Int32, startTicks: UInt64, bootID: String) {
    self.pid = pid
    self.startTicks = startTicks
    self.bootID = bootID
  }

  /// Identifies a process that runs now.
  ///
  /// - Throws: `notFound` when there is none with this number.
  public init(pid: Int32) throws(SubprocessError) {
    guard let found = ProcessStatus(pid: pid) else {
      throw SubprocessError(.notFound, doing: "identify process \(pid)", reason: "no such process")
    }
    self.pid = pid
    startTicks = found.startTicks
    bootID = currentBootID()
  }

  /// Whether it runs. A process that has ended and was not waited for by its parent does not; if this process is
  /// the parent, asking is the waiting.
  public var isRunning: Bool {
    guard bootID == currentBootID(), let status = ProcessStatus(pid: pid), status.startTicks == startTicks else {
      return false
    }
    if status.isZombie {
      waitpid(pid, nil, WNOHANG)
      return false
    }
    return true
  }

  /// Asks it to end by SIGTERM, and kills it when it still runs after the grace. Blocks until it has ended; one
  /// that has ended already is no error. What it started is left alone.
  ///
  /// - Throws: `denied` when it belongs to somebody else.
  public func terminate(grace: Duration = .seconds(10)) throws(SubprocessError) {
    // The descriptor is opened before the start time is compared: from then on it means that one process.
    let number = pidfd_open(pid, 0)
    if number < 0 {
      if errno == ESRCH { return }
      throw .system("stop process \(pid)")
    }
    let watch = Descriptor(number)
    guard isRunning else { return }
    for (signal, patience) in [(SIGTERM, grace as Duration?), (SIGKILL, nil)] {
      if pidfd_send_signal(watch.number, signal, nil, 0) != 0 {
        if errno == ESRCH { return }
        throw .system("stop process \(pid)")
      }
      var waits = [pollfd(fd: watch.number, events: Int16(POLLIN), revents: 0)]
      try waitUntilReady(&waits, Deadline(after: patience))
      if waits[0].revents != 0 { break }
    }
    // Reaps it if this process is its parent; the kernel refuses otherwise.
    waitpid(pid, nil, WNOHANG)
  }
}

/// What the kernel tells of a process.
private struct ProcessStatus {
  let isZombie: Bool
  let startTicks: UInt64

  init?(pid: Int32) {
    guard let line = readSmallFile("/proc/\(pid)/stat") else { return nil }
    // The name in parentheses may hold anything, also spaces and parentheses.
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let ticks = UInt64(fields[19]) else { return nil }
    isZombie = fields[0] == "Z" || fields[0] == "X"
    startTicks = ticks
  }
}

private func currentBootID() -> String {
  readSmallFile("/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first.map(String.init) ?? ""
}

private func readSmallFile(_ path: String) -> String? {
  guard let file = try? Descriptor.open(path, O_RDONLY) else { return nil }  // a process that ended is no error
  var buffer = [UInt8](repeating: 0, count: 4096)
  let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file.number, $0.baseAddress, $0.count) }
  return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
}
