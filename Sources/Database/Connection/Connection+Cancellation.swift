extension Connection {
  /// Runs blocking work and cancels what the connection does when the surrounding task is cancelled.
  ///
  /// A cancellation between two statements stops neither: loops check `Task.isCancelled` themselves.
  ///
  /// - Throws: `CancellationError` where the work was stopped by the task's cancellation.
  public func cancelledByTask<R>(_ body: () throws -> R) async throws -> R {
    let canceller = canceller()
    do {
      return try await withTaskCancellationHandler {
        try Task.checkCancellation()
        return try body()
      } onCancel: {
        canceller.cancel()
      }
    } catch let error as DatabaseError where error.code == .cancelled && Task.isCancelled {
      throw CancellationError()
    }
  }
}
