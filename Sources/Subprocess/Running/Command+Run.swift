internal import Base
internal import Glibc

/// What a program left when it ended.
public struct CommandResult: Sendable {
  public let status: CommandStatus
  /// Empty where it was streamed.
  public let output: [UInt8]
  /// The last part where there was more than was to be kept.
  public let errors: [UInt8]
  let name: String

  /// The output as text, with invalid UTF-8 replaced.
  public var text: String { String(decoding: output, as: UTF8.self) }
  /// The errors as text, with invalid UTF-8 replaced.
  public var errorText: String { String(decoding: errors, as: UTF8.self) }

  /// Throws `failed` unless the program ended with status zero.
  @discardableResult
  public func requireSuccess() throws(SubprocessError) -> CommandResult {
    guard status.isSuccess else {
      throw SubprocessError(.failed(status), doing: "run \(name)", reason: status.description)
    }
    return self
  }
}

extension Command {
  /// Runs the program to its end and keeps its output. Blocks.
  ///
  /// A program that it leaves in the background is not waited for, even when it holds the outputs open.
  ///
  /// - Parameters:
  ///   - input: given to its standard input; not reading all of it is no error.
  ///   - timeout: after which it is stopped (SIGTERM, two seconds later SIGKILL, with all that it started).
  ///   - outputLimit: how many bytes of output are kept; of the errors, the last so many.
  /// - Throws: `notFound`, `denied`, `timedOut`, `tooMuchOutput`; an exit status is no error here: see
  ///   ``CommandResult/requireSuccess()``.
  public func run(
    input: Span<UInt8> = Span(), timeout: Duration? = nil, outputLimit: Int = 1 << 24
  ) throws(SubprocessError) -> CommandResult {
    var kept = [UInt8]()
    return try pump(input, timeout, errorLimit: outputLimit) { chunk throws(SubprocessError) in
      guard kept.count + chunk.count <= outputLimit else {
        throw SubprocessError(
          .tooMuchOutput, doing: "run \(name)", reason: "it wrote more than \(outputLimit) bytes")
      }
      for index in chunk.indices { kept.append(chunk[index]) }
    } result: {
      CommandResult(status: $0, output: kept, errors: $1, name: name)
    }
  }

  /// Runs the program to its end and hands its output to a consumer as it comes, in pieces of up to 64 KiB. Blocks.
  ///
  /// A slow consumer slows the program down. What the consumer throws stops the program and is the cause of an
  /// `interrupted`; all else is as with ``run(input:timeout:outputLimit:)``.
  public func stream(
    input: Span<UInt8> = Span(), timeout: Duration? = nil, errorLimit: Int = 1 << 16,
    to consume: (Span<UInt8>) throws -> Void
  ) throws(SubprocessError) -> CommandResult {
    try pump(input, timeout, errorLimit: errorLimit) { chunk throws(SubprocessError) in
      do {
        try consume(chunk)
      } catch {
        throw SubprocessError(
          .interrupted, doing: "read the output of \(name)", reason: "its consumer stopped", cause: error)
      }
    } result: {
      CommandResult(status: $0, output: [], errors: $1, name: name)
    }
  }

  private func pump(
    _ input: Span<UInt8>, _ timeout: Duration?, errorLimit: Int,
    consume: (Span<UInt8>) throws(SubprocessError) -> Void,
    result: (CommandStatus, [UInt8]) -> CommandResult
  ) throws(SubprocessError) -> CommandResult {
    var pump = try OutputPump(command: self, hasInput: !input.isEmpty)
    let deadline = Deadline(after: timeout)
    var errors = [UInt8]()
    var given = 0
    while try !pump.isDone {
      if deadline.hasPassed {
        try pump.child.terminate(grace: .seconds(2))
        throw SubprocessError(
          .timedOut, doing: "run \(name)", reason: "not done after \(timeout ?? .zero)",
          advice: "give it more time, or find out what it waits for")
      }
      let ready = try pump.wait(deadline)
      if ready.input { given += try pump.give(input.extracting(droppingFirst: given)) }
      if ready.errors {
        try pump.take(from: .errors) { chunk throws(SubprocessError) in
          for index in chunk.indices { errors.append(chunk[index]) }
          if errors.count > errorLimit * 2 { errors.removeFirst(errors.count - errorLimit) }
        }
      }
      if ready.output { try pump.take(from: .output, consume) }
    }
    return result(try pump.child.wait(), Array(errors.suffix(errorLimit)))
  }
}
