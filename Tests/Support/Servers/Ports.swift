internal import Glibc

/// Loopback ports and readiness of listeners.
public enum Ports {
  /// A TCP port on 127.0.0.1 that was free a moment ago.
  public static func free() throws(SupportError) -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(doing: "make a socket", number: errno) }
    defer { close(descriptor) }
    let address = SocketAddress.loopback(0)
    guard unsafe address.with({ unsafe bind(descriptor, $0, $1) }) == 0 else {
      throw .system(doing: "find a free port", number: errno)
    }
    guard let port = SocketAddress.port(of: descriptor) else {
      throw .system(doing: "find a free port", number: errno)
    }
    return port
  }

  /// True where something accepts connections on the port of 127.0.0.1.
  public static func accepts(_ port: UInt16) -> Bool {
    SocketAddress.loopback(port).connected().map { close($0) } != nil
  }

  /// True where something accepts connections on the Unix socket.
  public static func accepts(socket path: String) -> Bool {
    SocketAddress.unix(path).connected().map { close($0) } != nil
  }
}

/// An address of the two kinds that tests use.
enum SocketAddress: Sendable {
  case loopback(UInt16)
  case unix(String)

  var family: Int32 { if case .loopback = self { AF_INET } else { AF_UNIX } }

  /// Lends the address in the form that the C library takes.
  func with<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    switch self {
    case .loopback(let port):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .unix(let path):
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
        for (index, byte) in path.utf8.prefix(place.count - 1).enumerated() { unsafe place[index] = byte }
      }
      return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
    }
  }

  /// A socket connected to the address, or nil. The caller closes it.
  func connected() -> Int32? {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    guard unsafe with({ unsafe connect(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// A socket that listens on the address. The caller closes it.
  func listening() throws(SupportError) -> Int32 {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(doing: "make a socket", number: errno) }
    guard unsafe with({ unsafe bind(descriptor, $0, $1) }) == 0, listen(descriptor, 64) == 0 else {
      let number = errno
      close(descriptor)
      throw .system(doing: "listen", number: number)
    }
    return descriptor
  }

  /// The port that a bound TCP socket got.
  static func port(of descriptor: Int32) -> UInt16? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size)
      }
    }
    return code == 0 ? UInt16(bigEndian: address.sin_port) : nil
  }
}
