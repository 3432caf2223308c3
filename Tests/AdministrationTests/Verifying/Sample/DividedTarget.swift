import Administration
import Base
import Cryptography
import Database

/// Writes a sample into tables of 8.1 or 8.2: as a source, or as what an import must make of a source. The import
/// here is slow and simple on purpose.
struct DividedTarget {
  enum Purpose {
    case source
    /// The destination of an import with the given number, from a source of the given release.
    case destination(Int64, from: Release)
  }

  let release: Release
  let history: SampleHistory
  let purpose: Purpose

  /// Whether the import is to be entered into the list of imports.
  let isFirst: Bool
  /// What the source has: tasks tell of requests that were not asked for.
  let whole: SampleHistory

  init(
    _ release: Release, _ history: SampleHistory, of whole: SampleHistory? = nil, _ purpose: Purpose,
    isFirst: Bool = true
  ) {
    self.isFirst = isFirst
    self.release = release
    self.history = history
    self.whole = whole ?? history
    self.purpose = purpose
  }

  /// The release that the sample came from.
  var origin: Release {
    if case .destination(_, let origin) = purpose { origin } else { release }
  }

  var importID: Int64 {
    if case .destination(let number, _) = purpose { number } else { 0 }
  }

  var isDestination: Bool { importID != 0 }

  func write(to connection: Connection) throws {
    let schema = ReleaseSchema(release, .history)
    for statement in schema.tableStatements(for: connection.engine) + schema.keyStatements(for: connection.engine) {
      try connection.execute(unsafeScript: statement)
    }
    try addRows(to: connection)
  }

  /// Adds the rows to tables that are there.
  func addRows(to connection: Connection) throws {
    var originals = originalTable
    try requests(&originals).insert(on: connection)
    let (properties, sections) = children(&originals)
    try properties.insert(on: connection)
    try sections.insert(on: connection)
    for code in 1...3 { try tasks(code, &originals).insert(on: connection) }
    guard release == .v8_2 else { return }
    try originals.insert(on: connection)
    if isDestination, isFirst {
      let zero = UniqueID(high: 0, low: 0)
      try connection.execute(
        """
        insert into history_import (id, source_id, run_id, state, started_at)
        values (\(importID), 1, \(zero), 'running', \(Timestamp(microseconds: 0)))
        """)
    }
  }

  // MARK: Keys

  /// The key of a row; the letter tells tables apart.
  static func key(_ letter: String, _ key: Int64, _ time: Timestamp, in role: String, version: UInt64) -> UniqueID {
    var hasher = SHA256Hasher()
    let hash = hasher.digest(of: Array("\(role) \(letter) \(key)".utf8).span)
    var id = UniqueID(milliseconds: time.milliseconds, hashHigh: hash.word0, hashLow: hash.word1)
    id.high = id.high & ~0xF000 | version << 12
    return id
  }

  /// The key that a row has in a source of 8.1 or 8.2.
  static func sourceKey(_ letter: String, _ key: Int64, _ time: Timestamp, _ release: Release) -> UniqueID {
    DividedTarget.key(letter, key, time, in: "source", version: release == .v8_1 ? 7 : 8)
  }

  func key(_ letter: String, _ key: Int64, _ time: Timestamp) -> UniqueID {
    isDestination
      ? DividedTarget.key(letter, key, time, in: "destination", version: 8)
      : DividedTarget.sourceKey(letter, key, time, release)
  }

  func sourceKeyText(_ letter: String, _ key: Int64, _ time: Timestamp) -> TableRows.Cell {
    guard isDestination, origin >= .v8_1 else { return .text("\(key)") }
    return .text(DividedTarget.sourceKey(letter, key, time, origin).description)
  }

  func time(_ request: SampleRequest) -> Timestamp { request.submitted.imported(from: origin).instant }

  /// A request that is not there has no time from which a key could be made.
  func key(of request: SampleRequest) -> UniqueID {
    key("r", request.key, isDestination && request.isLost ? Timestamp(microseconds: 0) : time(request))
  }

  func time(_ task: SampleTask) -> Timestamp {
    task.due?.imported(from: origin).instant ?? whole.request(task.request).map(time)
      ?? Timestamp(microseconds: 0)
  }

  // MARK: Tables

  private var originalTable: TableRows {
    TableRows(
      "original_value",
      ["row_id": .uuid, "ordinal": .integer, "field": .text, "value": .bytes, "import_id": .integer])
  }

  /// The text as this release holds it; its original bytes go beside where they cannot be shown.
  func cell(
    _ text: [UInt8]?, _ row: UniqueID, _ field: String, _ originals: inout TableRows, ordinal: Int64 = 0
  ) -> TableRows.Cell {
    guard let text else { return .null }
    guard release == .v8_2 else { return .text(text) }
    let readable = String(decoding: text, as: UTF8.self).replacing("\0", with: "\u{2400}")
    if Array(readable.utf8) != text {
      originals.add(.id(row), .integer(ordinal), .text(field), .bytes(text), .integer(importID))
    }
    return .text(readable)
  }

  private func requests(_ originals: inout TableRows) -> TableRows {
    let is82 = release == .v8_2
    var rows = TableRows(
      "change_request",
      is82
        ? [
          "id": .uuid, "operation": .text, "object_guid": .uuid, "object_dn": .text, "object_class": .text,
          "initiator": .text, "account_used": .text, "host": .text, "requested_at": .timestamp,
          "requested_offset": .integer, "completed_at": .timestamp, "completed_offset": .integer, "zone": .text,
          "state": .text, "reason": .text, "ambiguous": .boolean, "import_id": .integer, "source_key": .text,
        ]
        : [
          "id": .uuid, "operation": .text, "object_guid": .uuid, "object_dn": .text, "object_class": .text,
          "initiator": .text, "account_used": .text, "host": .text, "submitted_at": .timestamp,
          "submitted_offset": .integer, "completed_at": .timestamp, "completed_offset": .integer, "zone": .text,
          "state": .text, "reason": .text,
        ])
    for request in history.requests where !request.isLost {
      let id = key(of: request)
      let submitted = request.submitted.imported(from: origin)
      let completed = request.completed?.imported(from: origin)
      let isAmbiguous = request.submitted.isAmbiguous || request.completed?.isAmbiguous == true
      rows.rows.append(
        [
          .id(id), .text(PackedSource.operations[request.operation - 1]),
          objectID(request.guid, id, &originals), cell(request.dn, id, "object_dn", &originals),
          cell(request.objectClass, id, "object_class", &originals),
          cell(request.initiator, id, "initiator", &originals),
          cell(request.account, id, "account_used", &originals), cell(request.host, id, "host", &originals),
          .time(submitted.instant), .integer(submitted.offset), .optional(completed?.instant),
          .optional(completed?.offset), .text(request.zone), .text(state(request.status)),
          cell(request.reason, id, "reason", &originals),
        ]
          + (is82
            ? [
              // A source of 8.2 may have imported such a row from 7.5.
              .flag(isAmbiguous && (origin == .v7_5 || origin == .v8_2)), .integer(importID),
              sourceKeyText("r", request.key, time(request)),
            ] : []))
    }
    return rows
  }

  /// The id; a text of 7.5 or 7.6 that spells it otherwise, or spells none, goes beside.
  private func objectID(_ text: String?, _ row: UniqueID, _ originals: inout TableRows) -> TableRows.Cell {
    let id = text.flatMap { UniqueID($0) }
    if let text, isDestination, origin <= .v7_6, id?.description != text {
      originals.add(
        .id(row), .integer(0), .text("object_guid"), .bytes(Array(text.utf8)), .integer(importID))
    }
    return .optional(id)
  }

  private func state(_ status: Int) -> String {
    let old = PackedSource.requestStates[status]
    return release == .v8_2 ? ["executing": "running", "done": "completed"][old] ?? old : old
  }

  private func children(_ originals: inout TableRows) -> (TableRows, TableRows) {
    var properties = TableRows(
      "property_change",
      release == .v8_2
        ? [
          "request_id": .uuid, "ordinal": .integer, "name": .text, "old_value": .text, "new_value": .text,
          "import_id": .integer,
        ]
        : ["request_id": .uuid, "ordinal": .integer, "name": .text, "old_value": .text, "new_value": .text])
    var sections = TableRows(
      "request_section",
      release == .v8_2
        ? [
          "request_id": .uuid, "ordinal": .integer, "kind": .text, "name": .text, "outcome": .text,
          "message": .text, "import_id": .integer,
        ]
        : [
          "request_id": .uuid, "ordinal": .integer, "kind": .text, "name": .text, "outcome": .text,
          "message": .text,
        ])
    let ending: [TableRows.Cell] = release == .v8_2 ? [.integer(importID)] : []
    for request in history.requests {
      let id = key(of: request)
      // Up to 8.0 the properties are part of the request, and are lost with it; in 7.5 the sections are, too.
      for (ordinal, property) in request.properties.enumerated() where !request.isLost || origin >= .v8_1 {
        let ordinal = Int64(ordinal)
        properties.rows.append(
          [
            .id(id), .integer(ordinal), cell(property.name, id, "property.name", &originals, ordinal: ordinal),
            cell(property.old, id, "property.old_value", &originals, ordinal: ordinal),
            cell(property.new, id, "property.new_value", &originals, ordinal: ordinal),
          ] + ending)
      }
      for (ordinal, section) in request.sections.enumerated() where !request.isLost || origin != .v7_5 {
        let ordinal = Int64(ordinal)
        sections.rows.append(
          [
            .id(id), .integer(ordinal), .text(PackedSource.sectionKinds[section.kind - 1]),
            cell(section.name, id, "section.name", &originals, ordinal: ordinal),
            cell(section.outcome, id, "section.outcome", &originals, ordinal: ordinal),
            cell(section.message, id, "section.message", &originals, ordinal: ordinal),
          ] + ending)
      }
    }
    return (properties, sections)
  }
}
