import Database
import Glibc
import Testing

/// A PostgreSQL 15 of our own in a temporary folder, one for the test process, run as an unprivileged user.
///
/// Its guardian is a shell that waits for the end of a pipe from this process: however the tests end, the server is
/// stopped by its own process id and its folder goes.
final class PrivateServer: Sendable {
  static let shared = PrivateServer()

  let folder: String
  let port: Int

  /// - Parameter settings: further lines for postgresql.conf.
  init(settings: String = "") {
    folder = temporaryFolder()
    port = freePort()
    let uid = getuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : ""
    if getuid() == 0 { _ = run("chown postgres: \(folder)") }
    let bin = "/usr/lib/postgresql/15/bin"
    let configuration = """
      cat >> \(folder)/data/postgresql.conf <<'END'
      unix_socket_directories = '\(folder)'
      listen_addresses = '127.0.0.1'
      port = \(port)
      fsync = off
      max_connections = 40
      max_wal_size = 4GB
      \(settings)
      END
      cat > \(folder)/data/pg_hba.conf <<'END'
      local all locked scram-sha-256
      local all barred reject
      local all all trust
      hostssl all locked 127.0.0.1/32 scram-sha-256
      hostssl all all 127.0.0.1/32 trust
      END
      """
    let made = run(
      "\(uid)\(bin)/initdb -D \(folder)/data -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >/dev/null && "
        + configuration)
    precondition(made == 0, "initdb fails")
    certificates()
    start(
      """
      for f in /proc/self/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done
      cd \(folder); \(bin)/postgres -D \(folder)/data >\(folder)/log 2>&1 & pid=$!
      read line; kill -INT $pid; wait $pid; rm -rf \(folder)
      """, uid: uid)
    waitUntilReady(bin)
    let admin = try! Connection.open(location(), options: .readWrite)
    try! admin.execute(
      unsafeScript: """
        create role locked login password 'right'; create role barred login; create role plain login;
        grant create on database postgres to plain;
        """)
    try! admin.close()
  }

  /// Over the Unix socket.
  func location(user: String = "postgres", database: String = "postgres", schema: String? = nil) -> DatabaseLocation
  {
    DatabaseLocation(
      .postgresql(
        PostgresAddress(host: folder, port: port, user: user, database: database, schema: schema)))
  }

  private func start(_ script: String, uid: String) {
    var ends: [Int32] = [0, 0]
    unsafe pipe(&ends)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    unsafe posix_spawn_file_actions_addclose(&actions, ends[1])
    // Only this process holds the writing end: nothing else that is started later may keep the server alive.
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    var pid = pid_t()
    unsafe spawn(&pid, &actions, "exec \(uid)bash -c '\(script)' >/dev/null 2>&1")
    close(ends[0])
  }

  private func waitUntilReady(_ bin: String) {
    for _ in 0..<600 {
      if run("\(bin)/pg_isready -q -h \(folder) -p \(port)") == 0 { return }
      usleep(20_000)
    }
    preconditionFailure("the server does not start")
  }

  private func certificates() {
    let made = run(
      """
      cd \(folder) && . /dev/stdin <<'END'
      set -e
      openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 30 -subj '/CN=Test Authority' \
        2>/dev/null
      issue() {
        openssl req -newkey rsa:2048 -nodes -keyout $1.key -out $1.csr -subj "/CN=$1" 2>/dev/null
        printf 'subjectAltName=%s\\n' "$2" > $1.ext
        openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out $1.crt -extfile $1.ext $3 \
          2>/dev/null
      }
      issue good IP:127.0.0.1 '-days 30'
      issue other DNS:elsewhere.example '-days 30'
      issue expired IP:127.0.0.1 '-days -1'
      openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key -out self.crt -days 30 -subj '/CN=self' \
        -addext subjectAltName=IP:127.0.0.1 2>/dev/null
      chmod 600 *.key
      END
      """)
    precondition(made == 0, "openssl fails")
    if getuid() == 0 { _ = run("chown postgres: \(folder)/*.key") }
  }
}

/// A new folder under /tmp that everybody may look into.
func temporaryFolder() -> String {
  var name = Array("/tmp/locktender-database-XXXXXX".utf8CString)
  unsafe precondition(mkdtemp(&name) != nil)
  unsafe chmod(name, 0o755)
  return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func freePort() -> Int {
  let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(file) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  unsafe withUnsafeMutablePointer(to: &address) {
    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      _ = unsafe bind(file, $0, length)
      _ = unsafe getsockname(file, $0, &length)
    }
  }
  return Int(UInt16(bigEndian: address.sin_port))
}

/// Runs a shell command and gives its exit code.
@discardableResult
func run(_ command: String) -> Int32 {
  var pid = pid_t()
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  unsafe spawn(&pid, &actions, command)
  var status: Int32 = 0
  unsafe waitpid(pid, &status, 0)
  return status == 0 ? 0 : max(1, (status >> 8) & 0xFF)
}

private func spawn(_ pid: inout pid_t, _ actions: inout posix_spawn_file_actions_t, _ command: String) {
  let words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("sh"), strdup("-c"), strdup(command), nil]
  defer { unsafe words.forEach { unsafe free($0) } }
  // The pool's threads block signals, SIGCHLD among them, and a shell could not wait for its children.
  var attributes = posix_spawnattr_t()
  var none = sigset_t()
  unsafe sigemptyset(&none)
  unsafe posix_spawnattr_init(&attributes)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  defer {
    unsafe posix_spawnattr_destroy(&attributes)
    unsafe posix_spawn_file_actions_destroy(&actions)
  }
  let code = unsafe posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, environ)
  precondition(code == 0)
}
