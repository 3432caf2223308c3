internal import Glibc

extension Command {
  /// Starts the program so that it outlives this process and its terminal: in a session of its own, with an empty
  /// input, its outputs at the ends of files.
  ///
  /// - Returns: who it is, to be found and stopped later, also by another process.
  public func startDetached(output: String, errors: String) throws(SubprocessError) -> ProcessIdentity {
    let input = try Descriptor.open("/dev/null", O_RDONLY)
    let outputFile = try Descriptor.open(output, O_WRONLY | O_CREAT | O_APPEND)
    let errorFile = try Descriptor.open(errors, O_WRONLY | O_CREAT | O_APPEND)
    let process = try spawn(
      SpawnPlan(
        input: input.number, output: outputFile.number, errors: errorFile.number, ownSession: true))
    // It is our child and not waited for, so its number is still its own even when it has ended.
    return try ProcessIdentity(pid: process)
  }
}
