internal import Base
internal import COpenSSL

/// Keys of P-521 from their bytes, which OpenSSL takes by parameters only (EVP_PKEY-EC(7)).
enum P521 {
  /// The key of a scalar, with its point.
  ///
  /// - Returns: nil where it is no scalar of the curve; the caller frees the key.
  static func pair(of scalar: Span<UInt8>) -> (key: OpaquePointer, point: [UInt8])? {
    guard let point = publicBytes(of: scalar),
      let key = unsafe key(publicBytes: point.span, privateBytes: scalar)
    else {
      ERR_clear_error()
      return nil
    }
    return unsafe (key, point)
  }

  /// The scalar of a key.
  static func scalar(of key: OpaquePointer) throws(CryptographyError) -> SecretBytes {
    var bytes = SecretBytes(zeros: Curve.p521.privateByteCount)
    let isWritten = bytes.withMutableBytes { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer in
        var scalar: OpaquePointer? = unsafe BN_secure_new()
        defer { unsafe BN_clear_free(scalar) }
        return unsafe EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1
          && BN_bn2binpad(scalar, buffer.baseAddress, Int32(buffer.count)) == buffer.count
      }
    }
    guard isWritten else { throw libraryError("export a private key") }
    return bytes
  }

  /// A key from its point, and its scalar where that is given.
  ///
  /// - Returns: nil where the point is not on the curve, or the scalar is not its own; the caller frees the key.
  static func key(publicBytes: Span<UInt8>, privateBytes: Span<UInt8>?) -> OpaquePointer? {
    guard let builder = unsafe OSSL_PARAM_BLD_new() else { return nil }
    defer { unsafe OSSL_PARAM_BLD_free(builder) }
    var scalar: OpaquePointer?
    if let privateBytes {
      unsafe scalar = unsafe withPointer(to: privateBytes) {
        unsafe BN_bin2bn($0.baseAddress, Int32($0.count), BN_secure_new())
      }
      if unsafe scalar == nil { return nil }
    }
    defer { unsafe BN_clear_free(scalar) }
    // The parameters point into these bytes until the key is made.
    return unsafe withPointer(to: publicBytes) { point in
      unsafe "P-521".withCString { name in
        guard
          unsafe OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, name, 0) == 1,
          unsafe OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.baseAddress, point.count)
            == 1,
          unsafe scalar == nil || OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1,
          let parameters = unsafe OSSL_PARAM_BLD_to_param(builder)
        else { return nil }
        defer { unsafe OSSL_PARAM_free(parameters) }
        return unsafe made(of: parameters, isPair: privateBytes != nil)
      }
    }
  }

  private static func made(of parameters: UnsafeMutablePointer<OSSL_PARAM>, isPair: Bool) -> OpaquePointer? {
    guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    let selection = isPair ? copenssl_selects_pair() : copenssl_selects_public()
    guard unsafe EVP_PKEY_fromdata_init(context) == 1,
      unsafe EVP_PKEY_fromdata(context, &key, selection, parameters) == 1, let key = unsafe key
    else { return nil }
    guard unsafe isValid(key, isPair: isPair) else {
      unsafe EVP_PKEY_free(key)
      return nil
    }
    return unsafe key
  }

  private static func isValid(_ key: OpaquePointer, isPair: Bool) -> Bool {
    guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return false }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    return unsafe isPair ? EVP_PKEY_pairwise_check(context) == 1 : EVP_PKEY_public_check(context) == 1
  }

  /// The point of a scalar, in the form that keys are handed on in; nil where the scalar is none of the curve's.
  static func publicBytes(of privateBytes: Span<UInt8>) -> [UInt8]? {
    guard let group = unsafe EC_GROUP_new_by_curve_name(NID_secp521r1) else { return nil }
    defer { unsafe EC_GROUP_free(group) }
    let scalar = unsafe withPointer(to: privateBytes) {
      unsafe BN_bin2bn($0.baseAddress, Int32($0.count), BN_secure_new())
    }
    defer { unsafe BN_clear_free(scalar) }
    guard let scalar = unsafe scalar, unsafe BN_is_zero(scalar) == 0,
      unsafe BN_cmp(scalar, EC_GROUP_get0_order(group)) < 0, let point = unsafe EC_POINT_new(group)
    else { return nil }
    defer { unsafe EC_POINT_free(point) }
    unsafe BN_set_flags(scalar, BN_FLG_CONSTTIME)
    var bytes = [UInt8](repeating: 0, count: Curve.p521.publicByteCount)
    guard unsafe EC_POINT_mul(group, point, scalar, nil, nil, nil) == 1,
      unsafe EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, &bytes, bytes.count, nil)
        == bytes.count
    else { return nil }
    return bytes
  }
}
