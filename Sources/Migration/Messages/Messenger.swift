public import Base
internal import Network
internal import Synchronization

/// Sends word of a run to the web hook and the mailboxes of the platform file, while the run goes on.
///
/// ```
/// let messenger = try Messenger(platform.messages, of: run, plan.part, in: workplace)
/// try await messenger.whileDelivering { try await engine.apply(hash, run: run, listeners: [messenger.listener]) }
/// ```
/// A message that cannot be sent becomes a warning in the run's events and never an error of the run.
public final class Messenger: Sendable {
  /// A channel with the secret that it needs.
  private final class Outlet: Sendable {
    let channel: MessageChannel
    private let secret: SecretBytes?

    init(_ channel: MessageChannel, _ workplace: Workplace) throws {
      self.channel = channel
      if let name = channel.secretName { secret = try workplace.secrets.secret(for: name) } else { secret = nil }
    }

    func send(_ message: Message) throws { try channel.send(message, secret: secret) }
  }

  private let run: UniqueID
  private let workplace: Workplace
  private let retry: RetryPolicy
  private let outlets: [Outlet]
  private let decision: Mutex<MessageDecision>
  private let queue: AsyncStream<Message>
  private let input: AsyncStream<Message>.Continuation
  private let warned: [EventSink.Listener]

  /// - Parameters:
  ///   - warned: who is told of a message that cannot be sent, beside the run's event log.
  /// - Throws: what the provider of secrets throws; they are asked for now, while somebody may be there.
  public convenience init(
    _ settings: MessageSettings, of run: UniqueID, _ part: PartAddress, in workplace: Workplace,
    warned: [EventSink.Listener] = []
  ) throws {
    try self.init(
      settings, MessageDecision(run: run, part: part), of: run, in: workplace, warned: warned,
      retry: RetryPolicy(transientRetries: 3, otherRetries: 0, firstDelay: 1))
  }

  init(
    _ settings: MessageSettings, _ decision: MessageDecision, of run: UniqueID, in workplace: Workplace,
    warned: [EventSink.Listener], retry: RetryPolicy
  ) throws {
    self.run = run
    self.workplace = workplace
    self.retry = retry
    self.warned = warned
    self.decision = Mutex(decision)
    let channels: [MessageChannel?] = [settings.webhook.map { .webhook($0) }, settings.mail.map { .mail($0) }]
    outlets = try channels.compactMap { $0 }.map { try Outlet($0, workplace) }
    (queue, input) = AsyncStream.makeStream(of: Message.self)
  }

  /// Listens to the run; returns at once.
  public var listener: EventSink.Listener {
    { [self] event in take { $0.take(event) } }
  }

  /// Delivers while the body runs, and what is left after it. Throws nothing of its own.
  ///
  /// To be called once. A server that does not answer holds up the end by a minute and a half at most for each way.
  public func whileDelivering<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    let result: Swift.Result<Result, any Error> = await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.deliverAll() }
      defer { input.finish() }
      do {
        return .success(try await whileWatchingTheTime(body))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func whileWatchingTheTime<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(5))
          self.take { $0.tick(at: self.workplace.clock.now()) }
        }
      }
      defer {
        group.cancelAll()
        take { $0.finish() }
      }
      return try await body()
    }
  }

  private func take(_ decide: (inout MessageDecision) -> Message?) {
    if let message = decision.withLock({ decide(&$0) }) { input.yield(message) }
  }

  // MARK: Delivery

  private func deliverAll() async {
    let thread = BlockingThread(name: "messages")
    for await message in queue {
      for outlet in outlets { await deliver(message, by: outlet, on: thread) }
    }
  }

  private func deliver(_ message: Message, by outlet: Outlet, on thread: BlockingThread) async {
    var failures = 0
    while true {
      do {
        try await thread.run { try outlet.send(message) }
        return
      } catch {
        failures += 1
        let delay = retry.delay(
          afterFailures: failures, transient: (error as? NetworkError)?.isTransient ?? false,
          spread: Double.random(in: 0..<1))
        guard let delay, await pause(delay) else { return warn(message, outlet.channel, error) }
      }
    }
  }

  /// False where the task was cancelled meanwhile.
  private func pause(_ seconds: Double) async -> Bool {
    do {
      try await Task.sleep(for: .seconds(seconds))
      return true
    } catch {
      return false
    }
  }

  private func warn(_ message: Message, _ channel: MessageChannel, _ error: any Error) {
    let event = Event(
      at: workplace.clock.now(), run: run,
      kind: .warned(
        "the message `\(message.kind.rawValue)` could not be sent by \(channel.title): \(explain(error))"))
    // The run may have ended, its log closed: the line goes to the file by a writer of its own. Where even that
    // fails, the listeners still hear of it.
    if let log = try? EventLog.writer(RunFolder(run: run, in: workplace)) { log(event) }
    for listener in warned { listener(event) }
  }
}
