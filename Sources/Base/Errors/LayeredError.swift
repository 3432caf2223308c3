/// An error that tells one layer of what went wrong and carries the layer beneath it.
///
/// Every module has one such struct with a small code. A description speaks of its own layer only;
/// ``explain(_:)`` prints the whole chain. No description holds values of a customer's data.
public protocol LayeredError: Error, Sendable, CustomStringConvertible {
  associatedtype Code: Sendable & Equatable

  /// What kind of failure it is, for programs.
  var code: Code { get }
  /// What was being done, as a verb phrase: `read users`.
  var doing: String { get }
  /// What is wrong with the thing at hand, in a few words: `no such host db1.example.org`.
  var reason: String { get }
  /// What a person should do next, as one sentence or command; nil where the layer cannot know.
  var advice: String? { get }
  /// The error of the layer beneath.
  var cause: (any Error)? { get }
}

extension LayeredError {
  public var description: String { reason.isEmpty ? doing : "\(doing): \(reason)" }
}

/// The chain of an error from the outermost layer to its root: `read users: denied <- connect: unreachable`.
public func explain(_ error: any Error) -> String {
  chain(of: error).map(String.init(describing:)).joined(separator: " <- ")
}

/// The first advice found from the outermost layer inwards.
public func advice(for error: any Error) -> String? {
  for link in chain(of: error) {
    if let advice = (link as? any LayeredError)?.advice { return advice }
  }
  return nil
}

/// The errors of a chain, outermost first.
public func chain(of error: any Error) -> [any Error] {
  var links: [any Error] = [error]
  var next = (error as? any LayeredError)?.cause
  while let cause = next, links.count < 32 {
    links.append(cause)
    next = (cause as? any LayeredError)?.cause
  }
  return links
}

/// Stops the process when the program contradicts itself. Bad input throws instead.
///
/// Release builds drop the text of `precondition`; this keeps it.
@inlinable
public func invariant(
  _ holds: @autoclosure () -> Bool, _ text: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !holds() { fatalError("broken invariant: \(text())", file: file, line: line) }
}
