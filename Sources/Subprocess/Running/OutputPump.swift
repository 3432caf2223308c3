internal import Base
internal import Glibc

/// A running program with pipes to its three streams, of which this side never blocks.
struct OutputPump: ~Copyable {
  enum Source { case output, errors }

  var child: ChildProcess
  private var input: Int32
  private var output: Int32
  private var errors: Int32
  private var ended: Bool
  private let name: String
  private var buffer: [UInt8]

  init(command: Command, hasInput: Bool) throws(SubprocessError) {
    let outputPipe = try Pipe(ours: .read)
    let errorPipe = try Pipe(ours: .read)
    let started: ChildProcess
    let inputNumber: Int32
    if hasInput {
      let inputPipe = try Pipe(ours: .write)
      started = try ChildProcess(
        spawning: command,
        SpawnPlan(input: inputPipe.read.number, output: outputPipe.write.number, errors: errorPipe.write.number))
      inputNumber = inputPipe.keep(.write)
    } else {
      let nothing = try Descriptor.open("/dev/null", O_RDONLY)
      started = try ChildProcess(
        spawning: command,
        SpawnPlan(input: nothing.number, output: outputPipe.write.number, errors: errorPipe.write.number))
      inputNumber = -1
    }
    child = started
    input = inputNumber
    output = outputPipe.keep(.read)
    errors = errorPipe.keep(.read)
    ended = false
    name = command.name
    buffer = [UInt8](repeating: 0, count: 1 << 16)
  }

  deinit {
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
  }

  /// Whether the program has ended and all it wrote until then was taken. A process that it left behind may hold
  /// the pipes open for ever, so their end is not waited for.
  var isDone: Bool {
    mutating get throws(SubprocessError) { ended && output < 0 && errors < 0 }
  }

  /// Blocks until something can be done.
  mutating func wait(
    _ deadline: Deadline
  ) throws(SubprocessError) -> (input: Bool, output: Bool, errors: Bool) {
    // poll(2) passes over negative descriptors.
    var waits = [
      pollfd(fd: ended ? -1 : child.watch, events: Int16(POLLIN), revents: 0),
      pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
    ]
    try waitUntilReady(&waits, deadline)
    if waits[0].revents != 0 {
      ended = true
      // What it wrote is in the pipes by now: one look at each is enough, ready or not.
      return (false, output >= 0, errors >= 0)
    }
    return (waits[1].revents != 0, waits[2].revents != 0, waits[3].revents != 0)
  }

  /// Writes as much as fits and gives how much that was; closes the input when there is no more to give.
  mutating func give(_ bytes: Span<UInt8>) throws(SubprocessError) -> Int {
    let count = unsafe bytes.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return 0 }
    let isBroken = count < 0 && errno == EPIPE
    guard count >= 0 || isBroken else { throw .system("write to \(name)") }
    if isBroken || count == bytes.count {
      close(input)
      input = -1
    }
    return max(0, count)
  }

  /// Reads what is there: one piece while the program runs, and once it has ended all that a pipe can hold, but no
  /// more, since a process that it left behind may write for ever.
  mutating func take(
    from source: Source, _ body: (Span<UInt8>) throws(SubprocessError) -> Void
  ) throws(SubprocessError) {
    var left = 1 << 20
    while left > 0 {
      let descriptor = source == .output ? output : errors
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        try body(buffer.span.extracting(first: count))
        if !ended { return }
        left -= count
        continue
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN, !ended { return }
      guard count == 0 || errno == EAGAIN else { throw .system("read from \(name)") }
      break
    }
    close(source == .output ? output : errors)
    if source == .output { output = -1 } else { errors = -1 }
  }
}

extension Descriptor {
  /// Gives the number to the caller, who closes it.
  consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}
