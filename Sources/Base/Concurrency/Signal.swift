internal import CLinux
internal import Glibc

/// A counter that threads can wait on: for the few places where a thread of its own has to block for another.
///
/// Read ``count``, look at the shared state, then ``wait(past:)`` that count: a change in between is not missed.
@safe
public final class Signal: @unchecked Sendable {
  // SAFETY: the counter is touched with the mutex held, and the two C objects are made to be shared.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var value = 0

  public init() {
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe condition.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  public var count: Int {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return value
  }

  public func notify() {
    unsafe pthread_mutex_lock(mutex)
    value += 1
    unsafe pthread_cond_broadcast(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Blocks the calling thread until the count is no longer the given one.
  public func wait(past seen: Int) {
    unsafe pthread_mutex_lock(mutex)
    while value == seen { unsafe pthread_cond_wait(condition, mutex) }
    unsafe pthread_mutex_unlock(mutex)
  }
}
