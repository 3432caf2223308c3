import Glibc
import Subprocess

/// The code of what a call throws; nil when it does not throw.
func failure(_ body: () throws(SubprocessError) -> Void) -> SubprocessError.Code? {
  do {
    try body()
    return nil
  } catch {
    return error.code
  }
}

/// Runs a script of the shell, which stands for any program here.
func script(_ text: String, environment: Command.Environment = .inherited(), user: UserIdentity? = nil) -> Command {
  Command("/bin/sh", ["-c", text], environment: environment, user: user)
}

/// A folder of its own that everybody may enter.
func temporaryFolder() throws -> String {
  try Command("mktemp", ["-d", "/tmp/locktender-test-XXXXXX"]).run().requireSuccess().text
    .split(separator: "\n").first.map(String.init) ?? ""
}

func remove(_ folder: String) throws { try Command("rm", ["-rf", folder]).run().requireSuccess() }

/// Whether a process with this number runs, and is not only waiting to be reaped.
func runs(_ pid: Int32) -> Bool {
  do { return try ProcessIdentity(pid: pid).isRunning } catch { return false }
}
