/// What libFuzzer calls; each harness beside this folder gives `fuzz(_:)`, which stops the process when a
/// promise is broken and otherwise returns.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
