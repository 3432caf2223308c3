import Base
import Testing

struct LoopbackTests {
  @Test(arguments: ["localhost", "LocalHost", "127.0.0.1", "127.255.0.3", "::1", "[::1]"])
  func `these are this machine`(host: String) { #expect(isLoopback(host)) }

  @Test(arguments: [
    "", "localhost.example", "127.0.0.1.example", "127.", "127.1", "127.0.0.1.2", "127..0.1", "0127.0.0.1",
    "127.0.0.256",
    "126.0.0.1", "::2", "[::1", "0.0.0.0",
  ])
  func `these need not be`(host: String) { #expect(!isLoopback(host)) }
}
