public import Base
internal import CPostgres

/// The certificate of a server, as the connection saw it.
public struct PeerCertificate: Sendable, Hashable {
  /// RFC 2253 form: `CN=db1.example.org`.
  public let subject: String
  public let issuer: String
  /// The names and addresses that it is valid for.
  public let names: [String]
  public let notBefore: Timestamp
  public let notAfter: Timestamp

  init?(_ connection: borrowing PostgresHandle) {
    guard let tls = unsafe PQsslStruct(connection.pointer, "OpenSSL"),
      let certificate = unsafe SSL_get1_peer_certificate(OpaquePointer(tls))
    else { return nil }
    defer { unsafe X509_free(certificate) }
    subject = unsafe PeerCertificate.text(X509_get_subject_name(certificate))
    issuer = unsafe PeerCertificate.text(X509_get_issuer_name(certificate))
    names = unsafe PeerCertificate.names(certificate)
    notBefore = unsafe PeerCertificate.time(X509_get0_notBefore(certificate))
    notAfter = unsafe PeerCertificate.time(X509_get0_notAfter(certificate))
  }

  private static func text(_ name: OpaquePointer?) -> String {
    guard let name = unsafe name, let output = unsafe BIO_new(BIO_s_mem()) else { return "" }
    defer { unsafe BIO_free(output) }
    unsafe X509_NAME_print_ex(output, name, 0, cpostgres_name_flags)
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe BIO_read(output, &buffer, Int32(buffer.count))
    return String(decoding: buffer.prefix(max(0, Int(count))), as: UTF8.self)
  }

  private static func names(_ certificate: OpaquePointer) -> [String] {
    guard let list = unsafe cpostgres_alternative_names(certificate) else { return [] }
    defer { unsafe GENERAL_NAMES_free(list) }
    var names: [String] = []
    for index in 0..<(unsafe cpostgres_names_count(list)) {
      var length: Int32 = 0
      var kind: Int32 = 0
      guard let bytes = unsafe cpostgres_name_at(list, index, &kind, &length) else { continue }
      let value = unsafe UnsafeBufferPointer(start: bytes, count: Int(length))
      if kind == GEN_DNS {
        names.append(unsafe String(decoding: value, as: UTF8.self))
      } else if value.count == 4 {
        names.append(unsafe value.map(String.init).joined(separator: "."))
      } else if value.count == 16 {
        let words = stride(from: 0, to: 16, by: 2).map { unsafe UInt16(value[$0]) << 8 | UInt16(value[$0 + 1]) }
        names.append(words.map { String($0, radix: 16) }.joined(separator: ":"))
      }
    }
    return names
  }

  private static func time(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp {
    var parts = unsafe tm()
    unsafe ASN1_TIME_to_tm(time, &parts)
    let civil = unsafe CivilTime(
      year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
      hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
    return civil.instant(offsetMinutes: 0)
  }
}
