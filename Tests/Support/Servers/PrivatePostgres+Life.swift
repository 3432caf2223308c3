internal import Glibc
internal import Synchronization

extension PrivatePostgres {
  /// How a server is stopped.
  public enum Stopping: Sendable {
    /// Transactions are rolled back, a checkpoint is written.
    case fast
    /// As in a crash, but without leftovers: the next start recovers from the log.
    case immediate
  }

  /// Starts a stopped or killed server, on the same data and address.
  public func start() throws(SupportError) {
    let server = try ServerProcess(
      "postgres", ["-D", data], as: Account.forServers, log: log, ending: ("QUIT", SIGQUIT)
    ) { process in
      // The eighth line of postmaster.pid is the server's own word for being ready.
      guard let text = try? Files.text(of: "\(data)/postmaster.pid") else { return false }  // not yet written
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.count > 7 && lines[0] == "\(process.pid)" && lines[7].hasPrefix("ready")
    }
    state.withLock { $0.server = server }
  }

  /// Stops the server and waits for its end. A stopped server stays stopped until ``start()``.
  public func stop(_ how: Stopping = .fast) {
    thaw()
    let server = state.withLock { state in
      defer { state.server = nil }
      return state.server
    }
    server?.stop(how == .fast ? SIGINT : SIGQUIT)
    releaseSharedMemory()
  }

  /// Stops and starts; sessions are lost.
  public func restart(_ how: Stopping = .fast) throws(SupportError) {
    stop(how)
    try start()
  }

  /// Kills the server's main process with signal 9, as the kernel does when memory runs out.
  public func kill() {
    let server = state.withLock { state in
      defer { state.server = nil }
      return state.server
    }
    guard let server else { return }
    let sessions = children(of: server.process.pid)
    server.stop(SIGKILL)
    // Sessions end by themselves when they notice; a start before that is refused.
    let deadline = ContinuousClock.now + .seconds(20)
    while sessions.contains(where: isAlive), ContinuousClock.now < deadline {
      usleep(2_000)
    }
  }

  /// Stops all processes of the server with SIGSTOP: connections stay open and nothing answers.
  public func freeze() {
    state.withLock { state in
      guard let main = state.server?.process.pid else { return }
      _ = Glibc.kill(main, SIGSTOP)
      for pid in children(of: main) where Glibc.kill(pid, SIGSTOP) == 0 {
        state.frozen.append(Guardian.shared.keep(pid, endedBy: "KILL"))
      }
    }
  }

  /// Lets a frozen server go on.
  public func thaw() {
    state.withLock { state in
      for keeping in state.frozen {
        if let pid = pid_t(keeping.name) { _ = Glibc.kill(pid, SIGCONT) }
        keeping.drop()
      }
      state.frozen = []
      if let main = state.server?.process.pid { _ = Glibc.kill(main, SIGCONT) }
    }
  }

  /// The process id of the server's main process, or nil while it is stopped.
  public var processID: Int32? { state.withLock { $0.server?.process.pid } }

  private func children(of pid: pid_t) -> [pid_t] {
    let list = try? Files.text(of: "/proc/\(pid)/task/\(pid)/children")  // gone: no children
    return (list ?? "").split(separator: " ").compactMap { pid_t($0) }
  }

  /// A killed server leaves its System V segment behind; its name stands in the seventh line of postmaster.pid.
  private func releaseSharedMemory() {
    guard let text = try? Files.text(of: "\(data)/postmaster.pid") else { return }  // it ended well
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 6, let id = lines[6].split(separator: " ").last else { return }
    _ = try? Tool.run("ipcrm", ["--shmem-id", String(id)])  // gone already: all the better
  }
}
