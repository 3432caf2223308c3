internal import CArgon2

/// The memory-hard passphrase hash Argon2id, version 1.3 (RFC 9106).
public enum Argon2id {
  /// How much work one derivation is.
  public struct Cost: Hashable, Sendable {
    public var memoryKiB: UInt32
    public var iterations: UInt32
    public var lanes: UInt32

    public init(memoryKiB: UInt32, iterations: UInt32, lanes: UInt32) {
      self.memoryKiB = memoryKiB
      self.iterations = iterations
      self.lanes = lanes
    }

    /// The second recommendation of RFC 9106 section 4: 64 MiB, three passes, four lanes; about 0.12 s.
    public static let recommended = Cost(memoryKiB: 1 << 16, iterations: 3, lanes: 4)

    /// The most that is accepted, also from a file's header, so that a forged header cannot exhaust the machine:
    /// 1 GiB, 16 passes, 16 lanes.
    public static let largest = Cost(memoryKiB: 1 << 20, iterations: 16, lanes: 16)

    /// Whether the cost is within the bounds of the algorithm and of ``largest``.
    public var isAcceptable: Bool {
      lanes >= 1 && lanes <= Cost.largest.lanes && iterations >= 1 && iterations <= Cost.largest.iterations
        && memoryKiB >= 8 * lanes && memoryKiB <= Cost.largest.memoryKiB
    }
  }

  /// Fills the output with a key made from a passphrase. Blocks for as long as the cost tells and runs one thread
  /// for each lane.
  ///
  /// - Parameters:
  ///   - salt: 8 bytes or more, random for each key.
  ///   - pepper: a secret kept elsewhere; may be empty.
  ///   - context: data that the key is bound to; may be empty.
  ///   - output: 4 to 1,024 bytes.
  /// - Throws: `invalidParameter` where a length or the cost is out of bounds.
  public static func derive(
    passphrase: Span<UInt8>, salt: Span<UInt8>, pepper: Span<UInt8> = Span(),
    context: Span<UInt8> = Span(), cost: Cost, into output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    let doing = "derive a key with Argon2id"
    guard cost.isAcceptable else {
      throw CryptographyError(
        .invalidParameter, doing: doing,
        reason: "a cost of \(cost.memoryKiB) KiB, \(cost.iterations) passes, \(cost.lanes) lanes")
    }
    guard salt.count >= 8, output.count >= 4, output.count <= 1024 else {
      throw CryptographyError(
        .invalidParameter, doing: doing, reason: "a salt of \(salt.count) and an output of \(output.count) bytes")
    }
    let code = unsafe withPointer(to: passphrase) { passphrase in
      unsafe withPointer(to: salt) { salt in
        unsafe withPointer(to: pepper) { pepper in
          unsafe withPointer(to: context) { context in
            unsafe output.withUnsafeMutableBufferPointer { output in
              // The library takes its inputs as mutable so that it can wipe them, which no flag here asks for.
              var request = unsafe argon2_context(
                out: output.baseAddress, outlen: UInt32(output.count),
                pwd: UnsafeMutablePointer(mutating: passphrase.baseAddress), pwdlen: UInt32(passphrase.count),
                salt: UnsafeMutablePointer(mutating: salt.baseAddress), saltlen: UInt32(salt.count),
                secret: UnsafeMutablePointer(mutating: pepper.baseAddress), secretlen: UInt32(pepper.count),
                ad: UnsafeMutablePointer(mutating: context.baseAddress), adlen: UInt32(context.count),
                t_cost: cost.iterations, m_cost: cost.memoryKiB, lanes: cost.lanes, threads: cost.lanes,
                version: ARGON2_VERSION_13.rawValue, allocate_cbk: nil, free_cbk: nil, flags: 0)
              return unsafe argon2id_ctx(&request)
            }
          }
        }
      }
    }
    guard code == ARGON2_OK.rawValue else {
      throw CryptographyError(
        .library, doing: doing, reason: "code \(code)",
        advice: "make sure that \(cost.memoryKiB / 1024) MiB of memory are free")
    }
  }
}
