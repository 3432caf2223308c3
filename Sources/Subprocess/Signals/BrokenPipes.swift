internal import Glibc

/// Makes writing to a closed pipe or socket an error (EPIPE) instead of the end of this process, for good.
///
/// Servers call it once at their start; starting any program calls it too.
public func ignoreBrokenPipes() { _ = ignored }

private let ignored: Void = { signal(SIGPIPE, SIG_IGN) }()
