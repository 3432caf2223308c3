internal import Base
internal import Database
internal import Migration

/// What `discover` tells of sources and destination.
enum HistoryFacts {
  static func of(_ source: any HistorySource, _ found: SourceExamination) -> [Fact] {
    let subject = "source \(source.name)"
    let key = "source.\(source.name)"
    var facts = [
      Fact("\(key).kind", "Kind", of: subject, .text(source.kind)),
      Fact("\(key).location", "Location", of: subject, .text(found.location)),
      Fact("\(key).identity", "Identity", of: subject, .text(found.identity.description)),
      Fact("\(key).size", "Size", of: subject, .bytes(found.bytes)),
      Fact("\(key).first", "First request", of: subject, found.firstRecord.map { .instant($0) } ?? .unknown),
      Fact("\(key).last", "Last request", of: subject, found.lastRecord.map { .instant($0) } ?? .unknown),
      Fact("\(key).written", "Last write", of: subject, found.lastWrite.map { .instant($0) } ?? .unknown),
    ]
    // A log has no version.
    if let version = found.version {
      facts.insert(Fact("\(key).version", "Version", of: subject, .text(version)), at: 2)
    }
    for (table, count) in found.counts.sorted(by: { $0.key < $1.key }) {
      facts.append(Fact("\(key).rows.\(table)", "Rows of \(table)", of: subject, .count(count)))
    }
    return facts
  }

  static func of(_ destination: HistoryDestination) throws -> [Fact] {
    let subject = "destination"
    let location = Fact(
      "destination.location", "Location", of: subject, .text(destination.location.description))
    switch try destination.condition() {
    case .absent:
      return [location, Fact("destination.condition", "Condition", of: subject, .text("not there yet"))]
    case .blank: return [location, Fact("destination.condition", "Condition", of: subject, .text("blank"))]
    case .foreign(let reason):
      return [location, Fact("destination.condition", "Condition", of: subject, .text(reason))]
    case .empty(let identity): return [location] + identified(identity, rows: 0)
    case .inUse(let identity, let rows): return [location] + identified(identity, rows: rows)
    }
  }

  private static func identified(_ identity: DatabaseIdentity, rows: Int) -> [Fact] {
    [
      Fact("destination.version", "Version", of: "destination", .text(identity.release.description)),
      Fact("destination.identity", "Identity", of: "destination", .text(identity.id.description)),
      Fact("destination.rows", "Rows", of: "destination", .count(rows)),
    ]
  }
}
