internal import Glibc

/// A thread of the operating system, for work that blocks: the task pool has one thread per processor.
struct NativeThread: Sendable {
  private let handle: pthread_t

  init(_ work: @escaping @Sendable () -> Void) throws(SupportError) {
    var handle = pthread_t()
    let box = unsafe Unmanaged.passRetained(Work(run: work)).toOpaque()
    let code = unsafe pthread_create(
      &handle, nil,
      { box in
        unsafe Unmanaged<Work>.fromOpaque(box!).takeRetainedValue().run()
        return nil
      }, box)
    guard code == 0 else {
      unsafe Unmanaged<Work>.fromOpaque(box).release()
      throw .system(doing: "start a thread", number: code)
    }
    self.handle = handle
  }

  /// Waits for the end. Once only, and not from the thread itself.
  func join() { pthread_join(handle, nil) }

  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
