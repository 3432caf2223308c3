import Base
import Glibc
import Testing

struct FilesTests {
  @Test func `what is written is read back, with the permissions asked for`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a b'c.txt")
    try Files.write("hällo\n", to: path)
    #expect(try Files.readText(path, limit: 100) == "hällo\n")
    #expect(try Files.status(of: path).permissions == 0o600)
    try Files.write("", to: path, permissions: 0o664)
    #expect(try Files.read(path, limit: 0) == [])
    #expect(try Files.status(of: path).permissions == 0o664, "whatever the umask is")
    #expect(try Files.list(folder.path) == ["a b'c.txt"], "no temporary file is left")
  }

  @Test func `a file larger than the limit is refused, one of exactly the limit is read`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("f")
    let bytes = [UInt8](repeating: 7, count: 10_000)
    try Files.write(bytes.span, to: path)
    #expect(try Files.read(path, limit: 10_000) == bytes)
    let error = #expect(throws: FileError.self) { try Files.read(path, limit: 9_999) }
    #expect(error?.code == .tooLarge)
    // A file whose size the file system does not tell.
    #expect(try Files.read("/proc/self/status", limit: 1 << 20).count > 500)
    #expect(throws: FileError.self) { try Files.read("/proc/self/status", limit: 100) }
    #expect(throws: FileError.self) { try Files.read("/dev/zero", limit: 100_000) }
  }

  @Test func `a write that may not replace leaves the old content and no temporary file`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("f")
    try Files.write("old", to: path, replacing: false)
    let error = #expect(throws: FileError.self) { try Files.write("new", to: path, replacing: false) }
    #expect(error?.code == .exists)
    #expect(try Files.readText(path, limit: 10) == "old")
    #expect(try Files.list(folder.path) == ["f"])
  }

  @Test func `an atomic file that is not committed never appears`() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try AtomicFile(folder.path("f"))
      try file.write([1, 2, 3].span)
      #expect(try Files.list(folder.path).count == 1, "the hidden file")
      #expect(try !Files.exists(folder.path("f")))
    }
    #expect(try Files.list(folder.path) == [])
  }

  @Test func `rewriting keeps owner, permissions and links`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("settings")
    try Files.write("old", to: path, permissions: 0o640)
    if geteuid() == 0 { #expect(unsafe chown(path, 65534, 65533) == 0) }
    let before = try Files.status(of: path)
    #expect(unsafe symlink("settings", folder.path("link")) == 0)
    try Files.rewrite(folder.path("link"), with: Array("new".utf8).span)
    let after = try Files.status(of: path)
    #expect(try Files.readText(path, limit: 10) == "new")
    #expect(after.permissions == 0o640 && after.owner == before.owner && after.group == before.group)
    #expect(after.inode != before.inode, "another file took its place")
    #expect(try Files.status(of: folder.path("link"), followingLinks: false).kind == .link)
    let content = Array("x".utf8)
    let error = #expect(throws: FileError.self) { try Files.rewrite(folder.path("none"), with: content.span) }
    #expect(error?.code == .notFound)
  }

  @Test func `a write that fails half-way leaves the old file and no other`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      try Files.write("old", to: folder.path("f"))
      // The file system refuses what goes beyond the limit, as a full disk would.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let error = #expect(throws: FileError.self) {
        try Files.write([UInt8](repeating: 1, count: 5000).span, to: folder.path("f"))
      }
      #expect(error?.code == .tooLarge)
      #expect(try Files.readText(folder.path("f"), limit: 10) == "old")
      #expect(try Files.list(folder.path) == ["f"])
      var writer = try AppendWriter(folder.path("log"))
      #expect(throws: FileError.self) { try writer.append(String(repeating: "x", count: 2000)) }
      try OpenFile(folder.path("log"), .readWrite).truncate(to: 500)
      try writer.append("whole")
      let lines = try Files.readText(folder.path("log"), limit: 2000).split(separator: "\n")
      #expect(lines.map(\.count) == [500, 5], "the torn line stays alone")
    }
  }

  @Test func `an error names the path, the system's words and what to do`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("none/file")
    let error = try #require(throws: FileError.self) { try Files.read(path, limit: 10) }
    #expect(error.code == .notFound)
    #expect(error.systemError == ENOENT)
    #expect(error.description == "open file: \(path): No such file or directory")
    #expect(error.advice?.contains("ls -ld \(folder.path("none"))") == true)
    let full = try #require(throws: FileError.self) {
      try OpenFile("/dev/full", .append).write([1].span)
    }
    #expect(full.code == .noSpace)
    #expect(full.advice?.contains("df -h /dev") == true)
  }

  @Test func `a copy has the bytes and permissions of its original`() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Files.write(bytes.span, to: folder.path("a"), permissions: 0o640)
    #expect(try Files.copy(folder.path("a"), to: folder.path("b")) == 3_000_001)
    #expect(try Files.read(folder.path("b"), limit: 1 << 22) == bytes)
    #expect(try Files.status(of: folder.path("b")).permissions == 0o640)
    #expect(throws: FileError.self) { try Files.copy(folder.path("a"), to: folder.path("b")) }
    try Files.copy(folder.path("a"), to: folder.path("b"), permissions: 0o600, replacing: true)
    #expect(try Files.status(of: folder.path("b")).permissions == 0o600)
    #expect(throws: FileError.self) { try Files.copy(folder.path, to: folder.path("c")) }
  }

  @Test func `folders are made with their parents, listed in order, and removed without following links`() throws {
    let folder = try TemporaryFolder()
    #expect(try Files.status(of: folder.path).permissions == 0o700)
    let deep = folder.path("x/y/z")
    #expect(throws: FileError.self) { try Files.createFolder(deep) }
    #expect(try Files.createFolder(deep, withParents: true))
    #expect(try !Files.createFolder(deep), "there already")
    #expect(try Files.status(of: deep).permissions == 0o700)
    for name in ["b", "ä", "B", ".hidden"] { try Files.write("x", to: Paths.join(deep, name)) }
    #expect(try Files.list(deep) == [".hidden", "B", "b", "ä"])
    try Files.write("kept", to: folder.path("kept"))
    #expect(unsafe symlink(folder.path, Paths.join(deep, "link")) == 0)
    #expect(try Files.status(of: Paths.join(deep, "link"), followingLinks: false).kind == .link)
    #expect(try Files.status(of: Paths.join(deep, "link")).kind == .folder)
    try Files.removeFolderAndContents(folder.path("x"))
    #expect(try Files.list(folder.path) == ["kept"])
    let error = #expect(throws: FileError.self) { try Files.createFolder(folder.path("kept")) }
    #expect(error?.code == .exists)
  }

  @Test func `a temporary folder goes away with its contents`() throws {
    let path: String
    do {
      let folder = try TemporaryFolder(prefix: "gone")
      path = folder.path
      try Files.createFolder(folder.path("a"))
      try Files.write("x", to: folder.path("a/b"))
      #expect(Paths.name(of: path).hasPrefix("gone."))
    }
    #expect(try !Files.exists(path))
  }

  @Test func `the space of a file system is what df says`() throws {
    let space = try Files.space(at: "/tmp")
    let told = try python("import shutil; u = shutil.disk_usage('/tmp'); print(u.total, u.free)")
    let numbers = told.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
    #expect(space.total == numbers[0])
    #expect(abs(space.free - numbers[1]) < 1 << 30, "others write meanwhile")
  }

  @Test(arguments: [
    ("/a/b.txt", "/a", "b.txt", "txt"), ("b", ".", "b", ""), ("/", "/", "/", ""), ("/a", "/", "a", ""),
    ("a/b/", "a", "b", ""), ("//a", "/", "a", ""), (".profile", ".", ".profile", ""),
    ("x/a.tar.gz", "x", "a.tar.gz", "gz"),
  ])
  func `paths are taken apart like dirname and basename do`(
    path: String, folder: String, name: String, suffix: String
  ) {
    #expect(Paths.folder(of: path) == folder)
    #expect(Paths.name(of: path) == name)
    #expect(Paths.fileExtension(of: path) == suffix)
  }

  @Test func `a name joins a folder with one slash`() {
    #expect(Paths.join("/a", "b") == "/a/b")
    #expect(Paths.join("/a/", "b") == "/a/b")
    #expect(Paths.join("/a", "/b") == "/b")
    #expect(Paths.join("", "b") == "b")
  }

  @Test func `a time that no timestamp can tell becomes the end of the range`() throws {
    // tmpfs keeps every second that fits 64 bits.
    let folder = try TemporaryFolder(in: "/dev/shm")
    let path = folder.path("f")
    try Files.write("x", to: path)
    for (second, end) in [(Int.max, Int64.max), (Int.min, .min)] {
      var times = [timespec(tv_sec: second, tv_nsec: 0), timespec(tv_sec: second, tv_nsec: 0)]
      #expect(unsafe utimensat(AT_FDCWD, path, &times, 0) == 0)
      #expect(try Files.status(of: path).modified.microseconds == end)
    }
  }
}
