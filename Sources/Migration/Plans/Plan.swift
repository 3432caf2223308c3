public import Base
public import Cryptography

/// What will be done, decided before anything is done: an immutable value with a hash.
///
/// The hash covers everything but the time of making. It is what a person accepts and what `apply` is given; the
/// execution makes no choices of its own.
public struct Plan: Sendable, Codable, Equatable {
  public static let currentFormat = 1

  public let format: Int
  public let part: PartAddress
  /// What was asked for; the checks are made again with it before anything is done.
  public let request: PlanRequest
  public let createdAt: Timestamp
  /// The program's version, since another version may carry out the same words otherwise.
  public let program: String
  /// What must be found unchanged when the plan is carried out or resumed.
  public let inputs: [PlanInput]
  public let steps: [PlannedStep]
  public let findings: [Finding]
  /// What cannot be taken back once it is done, one sentence each. Empty until `finalize` in most plans.
  public let irreversible: [String]
  /// The system's own choices, in its own shape.
  public let details: PlainValue

  public init(
    part: PartAddress, request: PlanRequest, createdAt: Timestamp, program: String, inputs: [PlanInput],
    steps: [PlannedStep],
    findings: [Finding], irreversible: [String] = [], details: PlainValue
  ) {
    format = Plan.currentFormat
    self.part = part
    self.request = request
    self.createdAt = createdAt
    self.program = program
    self.inputs = inputs
    self.steps = steps
    self.findings = findings
    self.irreversible = irreversible
    self.details = details
  }

  /// SHA-256 over what the plan decides: its JSON without the times of making and of waivers, and without the
  /// sentences of findings, in which numbers stand that change by themselves, such as free space. Made twice from
  /// the same facts and wishes, a plan has the same hash.
  public func hash() throws -> Digest256 {
    let never = Timestamp(microseconds: 0)
    let timeless = Plan(
      part: part, request: request, createdAt: never, program: program, inputs: inputs, steps: steps,
      findings: findings.map { $0.decisive(at: never) }, irreversible: irreversible, details: details)
    return sha256(try encodeJSON(timeless))
  }

  public var estimatedSeconds: Double { steps.reduce(0) { $0 + ($1.estimate.seconds ?? 0) } }
}

/// Something a plan was made for: a database, a file, a folder.
public struct PlanInput: Sendable, Codable, Equatable {
  /// `source main`, `destination`.
  public let name: String
  /// What it is, for good: a database's own identifier, a file's digest.
  public var identity: String
  /// The digest of its shape: tables and columns, not row counts.
  public let fingerprint: String
  /// Where it was, without any secret.
  public let location: String

  public init(name: String, identity: String, fingerprint: String, location: String) {
    self.name = name
    self.identity = identity
    self.fingerprint = fingerprint
    self.location = location
  }
}

/// One step as the plan tells it.
public struct PlannedStep: Sendable, Codable, Equatable {
  public enum Kind: String, Sendable, Codable { case once, batched }

  public struct Estimate: Sendable, Codable, Equatable {
    public var rows: Int?
    public var bytes: Int?
    public var seconds: Double?

    public init(rows: Int? = nil, bytes: Int? = nil, seconds: Double? = nil) {
      self.rows = rows
      self.bytes = bytes
      self.seconds = seconds
    }
  }

  public let id: String
  public let title: String
  public let kind: Kind
  /// How it is taken back, in one sentence; nil where nothing was changed.
  public let undo: String?
  public let estimate: Estimate

  public init(id: String, title: String, kind: Kind = .once, undo: String? = nil, estimate: Estimate = Estimate()) {
    self.id = id
    self.title = title
    self.kind = kind
    self.undo = undo
    self.estimate = estimate
  }
}
