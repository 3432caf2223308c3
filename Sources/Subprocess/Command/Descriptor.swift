internal import CLinux
internal import Glibc

/// A file descriptor that is closed when it ends, and is closed in every program that is started.
struct Descriptor: ~Copyable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Opens `/dev/null` or a file; a new file is for its owner alone.
  static func open(_ path: String, _ flags: Int32) throws(SubprocessError) -> Descriptor {
    let number = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw .system("open \(path)") }
    return try aboveStandard(number)
  }

  /// A process that was started without standard streams gets 0, 1 or 2 for new descriptors; the child's own
  /// streams would then overwrite each other.
  static func aboveStandard(_ number: Int32) throws(SubprocessError) -> Descriptor {
    if number > 2 { return Descriptor(number) }
    let moved = fcntl(number, F_DUPFD_CLOEXEC, 3)
    close(number)
    guard moved >= 0 else { throw .system("move a descriptor") }
    return Descriptor(moved)
  }
}

/// A pipe of which one end, that of this process, does not block.
struct Pipe: ~Copyable {
  enum End { case read, write }

  let read: Descriptor
  let write: Descriptor

  init(ours end: End) throws(SubprocessError) {
    var numbers: [Int32] = [-1, -1]
    guard unsafe pipe2(&numbers, O_CLOEXEC) == 0 else { throw .system("make a pipe") }
    let readEnd = try Descriptor.aboveStandard(numbers[0])
    let writeEnd = try Descriptor.aboveStandard(numbers[1])
    guard fcntl(end == .read ? readEnd.number : writeEnd.number, F_SETFL, O_NONBLOCK) == 0 else {
      throw .system("make a pipe")
    }
    read = readEnd
    write = writeEnd
  }

  /// Closes the end that was handed on and gives the number of the other, for the caller to close.
  consuming func keep(_ end: End) -> Int32 {
    switch end {
    case .read: read.release()
    case .write: write.release()
    }
  }
}
