internal import Base
internal import COpenSSL

/// Keys as text (RFC 7468), read strictly: one block, nothing before it and nothing but a line end behind it.
enum PEM {
  static func readPrivateKey(_ text: Span<UInt8>) throws(CryptographyError) -> OpaquePointer {
    let doing = "read a private key"
    try check(text, label: "PRIVATE KEY", doing)
    // An answer of zero makes OpenSSL give up instead of asking for a passphrase on the terminal.
    let refuse: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
      _, _, _, _ in 0
    }
    return try unsafe ed25519(read(text) { unsafe PEM_read_bio_PrivateKey($0, nil, refuse, nil) }, doing)
  }

  static func readPublicKey(_ text: Span<UInt8>) throws(CryptographyError) -> OpaquePointer {
    let doing = "read a public key"
    try check(text, label: "PUBLIC KEY", doing)
    return try unsafe ed25519(read(text) { unsafe PEM_read_bio_PUBKEY($0, nil, nil, nil) }, doing)
  }

  /// Lends what a writer of OpenSSL prints; the memory is wiped afterwards.
  static func withWritten<Result>(
    _ write: (OpaquePointer) -> Int32, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    guard let output = unsafe BIO_new(BIO_s_secmem()) else { fatalError("out of memory for a key") }
    defer { unsafe BIO_free(output) }
    invariant(unsafe write(output) == 1, "a key that OpenSSL holds cannot be written")
    var start: UnsafeMutablePointer<CChar>?
    let length = unsafe BIO_ctrl(output, BIO_CTRL_INFO, 0, &start)
    guard let start = unsafe start else { fatalError("a key was written to nowhere") }
    return unsafe start.withMemoryRebound(to: UInt8.self, capacity: length) {
      unsafe body(Span(_unsafeStart: $0, count: length))
    }
  }

  private static func read(
    _ text: Span<UInt8>, _ reader: (OpaquePointer) -> OpaquePointer?
  ) -> OpaquePointer? {
    unsafe withPointer(to: text) { text in
      guard let input = unsafe BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else { return nil }
      defer { unsafe BIO_free(input) }
      return unsafe reader(input)
    }
  }

  /// Compares in place: a copy of the text would be a copy of the key that nobody wipes.
  private static func check(_ text: Span<UInt8>, label: String, _ doing: String) throws(CryptographyError) {
    let head = Array("-----BEGIN \(label)-----".utf8)
    let foot = Array("-----END \(label)-----".utf8)
    var end = text.count
    if end > 0, text[end - 1] == 10 { end -= 1 }
    if end > 0, text[end - 1] == 13 { end -= 1 }
    let footStart = end - foot.count
    guard text.count <= 4096, footStart > head.count,
      head.indices.allSatisfy({ text[$0] == head[$0] }),
      foot.indices.allSatisfy({ text[footStart + $0] == foot[$0] }),
      !(head.count..<footStart).contains(where: { text[$0] == UInt8(ascii: "-") })
    else {
      throw CryptographyError(
        .invalidKey, doing: doing, reason: "not one PEM block `\(label)`",
        advice: "make the key with `openssl genpkey -algorithm ed25519`")
    }
  }

  private static func ed25519(_ key: OpaquePointer?, _ doing: String) throws(CryptographyError) -> OpaquePointer {
    guard let key = unsafe key else {
      ERR_clear_error()
      throw CryptographyError(.invalidKey, doing: doing, reason: "not a valid key")
    }
    guard unsafe EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else {
      unsafe EVP_PKEY_free(key)
      throw CryptographyError(
        .invalidKey, doing: doing, reason: "not an Ed25519 key",
        advice: "make the key with `openssl genpkey -algorithm ed25519`")
    }
    return unsafe key
  }
}
