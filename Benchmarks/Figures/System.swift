import Glibc

func writeToErrors(_ bytes: inout [UInt8]) {
  _ = unsafe write(2, &bytes, bytes.count)
}

/// Removes a file if it is there.
func removeFile(_ path: String) { _ = unsafe unlink(path) }

/// sync(2): returns when the kernel has nothing left to write.
func writeEverythingOut() { sync() }
