internal import CLinux
internal import Glibc

/// An operating-system thread of its own, as an executor for work that blocks.
///
/// Blocking C calls on Swift's pool would starve every other task on a machine with two cores. Use it as
/// `group.addTask(executorPreference: thread)`, or as an actor's `unownedExecutor` (the actor must then hold the
/// thread strongly). Jobs run one after another in the order in which they came.
///
/// The thread ends with the last reference: what is queued is still run, and `deinit` waits for it (unless it is
/// itself on that thread, where waiting would be for ever).
public final class BlockingThread: TaskExecutor, SerialExecutor {
  private let queue: JobQueue
  private let thread: pthread_t

  /// - Parameter name: what `ps -L` and debuggers show; cut to 15 bytes by the kernel.
  public init(name: String) {
    let queue = JobQueue()
    self.queue = queue
    let start = ThreadStart(queue: queue, name: name)
    var thread = pthread_t()
    let argument = unsafe Unmanaged.passRetained(start).toOpaque()
    let code = unsafe pthread_create(&thread, nil, blockingThreadMain, argument)
    invariant(code == 0, "pthread_create gives \(code)")
    self.thread = thread
  }

  deinit {
    queue.stop()
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    unsafe queue.push(
      QueuedJob(job: UnownedJob(job), serial: asUnownedSerialExecutor(), task: asUnownedTaskExecutor()))
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

  /// Whether the caller runs on this thread.
  public var isCurrent: Bool { pthread_equal(thread, pthread_self()) != 0 }

  public func checkIsolated() { invariant(isCurrent, "work of a blocking thread that runs elsewhere") }
}

@unsafe
private struct QueuedJob {
  let job: UnownedJob
  let serial: UnownedSerialExecutor
  let task: UnownedTaskExecutor
}

/// What the thread needs to begin; it holds the queue, never the executor, so that the executor can end.
private final class ThreadStart {
  let queue: JobQueue
  let name: String

  init(queue: JobQueue, name: String) {
    self.queue = queue
    self.name = name
  }
}

private func blockingThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
  unsafe pthread_setname_np(pthread_self(), String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
  while let next = unsafe start.queue.pop() {
    unsafe next.job.runSynchronously(isolatedTo: next.serial, taskExecutor: next.task)
  }
  return nil
}

/// Jobs behind a mutex and a condition.
@safe
private final class JobQueue: @unchecked Sendable {
  // SAFETY: every access to the state stands between lock and unlock of the mutex, which has a fixed address.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var jobs: [QueuedJob] = unsafe []
  private var head = 0
  private var stopping = false

  init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  @unsafe func push(_ job: QueuedJob) {
    unsafe pthread_mutex_lock(mutex)
    unsafe jobs.append(job)
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// The next job, waited for; nil when the thread shall end and nothing is left.
  @unsafe func pop() -> QueuedJob? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while unsafe head == jobs.count {
      if stopping { return nil }
      unsafe pthread_cond_wait(condition, mutex)
    }
    let job = unsafe jobs[head]
    head += 1
    if unsafe head == jobs.count {
      unsafe jobs.removeAll(keepingCapacity: true)
      head = 0
    }
    return unsafe job
  }

  func stop() {
    unsafe pthread_mutex_lock(mutex)
    stopping = true
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }
}
