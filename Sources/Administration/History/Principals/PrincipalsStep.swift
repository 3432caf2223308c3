internal import Base
internal import Database
internal import Migration

/// Gives the new history's tables the roles and rights that the plan has found at the old ones, in one transaction.
///
/// What the login may not do is left in a script for somebody who may; another one takes everything back.
struct PrincipalsStep: Step {
  static let stepID = "principals"
  static let script = "principals.sql"
  static let undoScript = "principals-undo.sql"

  let id = PrincipalsStep.stepID
  let plan: PrincipalsPlan
  let destination: HistoryDestination
  /// Opens the one source whose passwords may come; gives nil where there is none.
  let openSource: @Sendable () throws -> Connection?

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      let connection = try destination.open()
      var refused: [PrincipalItem] = []
      try connection.transaction(.immediate) {
        let facts = try PrincipalFacts(tables: GrantMapping.tables, on: connection)
        var done = try carriedOut(context)
        for (number, item) in plan.items.enumerated() where item.verdict == .new && !item.isByHand {
          if item.kind == .password {
            // Set with the role that this transaction makes, or never.
            guard facts.roles[item.principal] == nil, try carry(item, on: connection, &refused) else { continue }
          } else if item.isThere(in: facts) {
            continue
          } else if !(try carry(item, on: connection, &refused)) {
            continue
          }
          done.insert(number)
        }
        // On disk before the commit: what is taken back is what may have been done.
        try context.journal.note("\(id).carried", done.sorted().map(String.init).joined(separator: " "))
      }
      let byHand = plan.byHand + refused
      try writeScripts(byHand, context)
      try context.journal.note("\(id).byHand", String(byHand.count))
      if !byHand.isEmpty {
        context.events.tell(
          .warned(
            "\(byHand.count) statements for roles are left to be run by hand: \(context.folder)/\(PrincipalsStep.script)"
          ))
      }
      try context.journal.note("\(id).done", "yes")
    }
  }

  /// - Returns: false where the server does not allow it; the item is then among the refused ones.
  private func carry(_ item: PrincipalItem, on connection: Connection, _ refused: inout [PrincipalItem]) throws
    -> Bool
  {
    do {
      try connection.transaction {
        for statement in item.sql { try connection.execute(SQL(unsafeSQL: statement)) }
        if item.kind == .password { try carryPassword(of: item.principal, on: connection) }
      }
      return true
    } catch let error as DatabaseError where error.code == .permission {
      refused.append(item)
      return false
    }
  }

  /// A verifier goes from one server to the other and is kept nowhere. Other forms than SCRAM are left: an MD5 hash is
  /// as good as the password itself.
  private func carryPassword(of name: String, on connection: Connection) throws {
    guard let source = try openSource(),
      let verifier = try source.text("SELECT rolpassword FROM pg_authid WHERE rolname = \(name)"),
      verifier.hasPrefix("SCRAM-SHA-256$"),
      verifier.utf8.allSatisfy({ byte in
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "+/=:$-".utf8.contains(byte)
        }
      })
    else { return }
    try connection.execute("ALTER ROLE \(identifier: name) PASSWORD \(unsafeSQL: "'\(verifier)'")")
  }

  private func carriedOut(_ context: StepContext) throws -> Set<Int> {
    let text = try context.journal.note("\(id).carried") ?? ""
    return Set(text.split(separator: " ").compactMap { Int($0) })
  }

  private func writeScripts(_ byHand: [PrincipalItem], _ context: StepContext) throws {
    func text(_ heading: String, _ statements: [String]) -> String {
      "-- \(heading)\n-- Run \(context.run).\n" + statements.map { $0 + ";\n" }.joined()
    }
    let all = plan.items.filter { $0.verdict == .new }
    try Files.write(
      text("Roles and rights that the run could not bring itself.", byHand.flatMap(\.sql)),
      to: "\(context.folder)/\(PrincipalsStep.script)")
    try Files.write(
      text("Takes back all roles and rights that the run and its script bring.", all.reversed().flatMap(\.undo)),
      to: "\(context.folder)/\(PrincipalsStep.undoScript)")
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    guard try context.journal.note("\(id).done") != nil else { return .incomplete }
    return try await BlockingThread(name: id).run {
      let facts = try PrincipalFacts(tables: GrantMapping.tables, on: destination.openReadOnly())
      let done = try carriedOut(context)
      return done.allSatisfy { plan.items[$0].isThere(in: facts) } ? .complete(digest: nil) : .incomplete
    }
  }

  /// Revokes exactly what this run granted, and drops the roles that it made unless something hangs on them by now.
  func undo(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      let connection: Connection
      do throws(DatabaseError) {
        connection = try Connection.open(destination.location, options: destination.options)
      } catch {
        // Nothing was granted in a database that was never made.
        if error.code == .noSuchDatabase { return }
        throw error
      }
      let done = try carriedOut(context)
      try connection.transaction(.immediate) {
        let facts = try PrincipalFacts(tables: GrantMapping.tables, on: connection)
        for number in done.sorted(by: >) {
          let item = plan.items[number]
          guard item.isThere(in: facts) else { continue }
          if item.kind == .role, facts.roles[item.principal]?.comment != plan.mark { continue }
          do {
            try connection.transaction {
              for statement in item.undo { try connection.execute(SQL(unsafeSQL: statement)) }
            }
          } catch let error as DatabaseError where error.sqlState == "2BP01" {
            // Others have given it rights, or objects, since.
            context.events.tell(.warned("\(item.what) of \(item.principal) stays: others depend on it"))
          }
        }
      }
      try context.journal.note("\(id).done", "undone")
    }
  }
}
