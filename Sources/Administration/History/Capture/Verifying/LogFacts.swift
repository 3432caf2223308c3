internal import Base
internal import Transfer

/// One record of a log, told by the verifier: what the destination must hold of it.
struct LogRecord {
  struct Property: Equatable {
    var name: [UInt8]
    var old: [UInt8]?
    var new: [UInt8]?
  }

  struct Section: Equatable {
    var name: String
    var outcome: [UInt8]?
    var message: [UInt8]?

    init(_ name: String, outcome: [UInt8]? = nil, message: [UInt8]? = nil) {
      self.name = name
      self.outcome = outcome
      self.message = message
    }
  }

  var key = UniqueID(high: 0, low: 0)
  /// Microseconds since 1970 in UTC.
  var at: Int64 = 0
  var completed: Int64?
  /// Seconds east of UTC.
  var offset: Int64 = 0
  var zone = "UTC"
  /// As 8.2 calls it.
  var operation = "modify"
  var failed = false
  var objectID: UniqueID?
  var objectName: [UInt8] = []
  var objectClass: [UInt8] = []
  var initiator: [UInt8] = []
  var account: [UInt8] = []
  var host: [UInt8] = []
  var properties: [Property] = []
  var sections: [Section] = []
}

/// Tells records of a log as facts, in the form in which the destination's rows are told.
struct LogFacts: ~Copyable {
  private var facts: FactWriter
  private let scope: ComparisonScope

  init(_ sums: RangeSums, _ scope: ComparisonScope) {
    facts = FactWriter(sums)
    self.scope = scope
  }

  var sums: RangeSums { facts.sums }

  func isAskedFor(_ record: LogRecord) -> Bool {
    scope.contains(record.at) && !scope.skipped.contains(.uuid(record.key))
  }

  mutating func add(_ record: LogRecord) {
    let key = Key.uuid(record.key)
    facts.begin(.request, of: key)
    put(term: record.operation, .operations)
    if let id = record.objectID { facts.put(objectID: id) } else { facts.putAbsent() }
    for text in [record.objectName, record.objectClass, record.initiator, record.account, record.host] {
      put(text)
    }
    facts.put(instant: Timestamp(microseconds: record.at), offset: record.offset)
    facts.put(
      instant: record.completed.map { Timestamp(microseconds: $0) },
      offset: record.completed == nil ? nil : record.offset)
    put(Array(record.zone.utf8))
    facts.put(false)
    put(term: record.failed ? "failed" : "completed", .requestStates)
    facts.putAbsent()
    facts.end(at: key)
    for (ordinal, property) in record.properties.enumerated() {
      facts.begin(.property, of: key, ordinal: Int64(ordinal))
      facts.put(Int64(ordinal))
      put(property.name)
      put(property.old)
      put(property.new)
      facts.end(at: key)
    }
    for (ordinal, section) in record.sections.enumerated() {
      facts.begin(.section, of: key, ordinal: Int64(ordinal))
      facts.put(Int64(ordinal))
      put(term: "workflow", .sectionKinds)
      put(Array(section.name.utf8))
      put(section.outcome)
      put(section.message)
      facts.end(at: key)
    }
  }

  private mutating func put(_ text: [UInt8]?) {
    guard let text else { return facts.putAbsent() }
    facts.put(text: unsafe text.span.bytes)
  }

  private mutating func put(term word: String, _ terms: Terms) {
    let bytes = Array(word.utf8)
    facts.put(term: unsafe bytes.span.bytes, of: terms)
  }
}
