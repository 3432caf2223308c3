internal import Base
internal import CPostgres
internal import Glibc

/// Finds out why a server's certificate is refused: libpq says no more than "verify failed".
///
/// Connects once more without verification, and only as far as the TLS handshake: neither user nor password are sent.
/// The chain is then judged here against the same authorities.
struct TLSDiagnosis {
  let connector: PostgresConnector

  func reason() -> String? {
    var parameters = connector.parameters().filter { !["sslmode", "sslrootcert", "user"].contains($0.0) }
    // With a readable root file `require` would verify too.
    parameters += [("sslmode", "require"), ("sslrootcert", "/dev/null/none"), ("user", "nobody")]
    // The diagnosis is a courtesy: where it fails the error stays as general as libpq's.
    guard let handle = try? connector.start(parameters, password: nil),
      // See above: no answer is no diagnosis.
      (try? connector.wait(handle, untilEncrypted: true)) != nil,
      let certificate = PeerCertificate(handle),
      let code = unsafe judge(handle.pointer)
    else { return nil }
    return text(code, certificate)
  }

  private func judge(_ connection: OpaquePointer) -> Int32? {
    guard let tls = unsafe PQsslStruct(connection, "OpenSSL").map({ OpaquePointer($0) }),
      let certificate = unsafe SSL_get1_peer_certificate(tls)
    else { return nil }
    defer { unsafe X509_free(certificate) }
    guard let store = unsafe X509_STORE_new(), let context = unsafe X509_STORE_CTX_new() else { return nil }
    defer {
      unsafe X509_STORE_CTX_free(context)
      unsafe X509_STORE_free(store)
    }
    let authorities = connector.address.rootCertificate ?? PostgresConnector.systemCertificates
    _ = unsafe X509_STORE_load_file(store, authorities)
    unsafe X509_STORE_CTX_init(context, store, certificate, SSL_get_peer_cert_chain(tls))
    unsafe X509_verify_cert(context)
    return unsafe X509_STORE_CTX_get_error(context)
  }

  private func text(_ code: Int32, _ certificate: PeerCertificate) -> String {
    switch code {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      "the server's certificate expired on \(certificate.notAfter)"
    case X509_V_ERR_CERT_NOT_YET_VALID:
      "the server's certificate is valid only from \(certificate.notBefore)"
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      "the server's certificate is self-signed by \(certificate.issuer), which is not trusted here"
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      "the server's certificate is signed by \(certificate.issuer), which is not trusted here"
    default:
      unsafe "the server's certificate is refused: \(String(cString: X509_verify_cert_error_string(Int(code))))"
    }
  }
}
