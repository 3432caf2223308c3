public import Base
public import Database
internal import Migration

/// The tables in the destination in which a run keeps its ranges and checkpoints: they commit with the rows that
/// they speak of, and are hence the authority on what is in.
enum LedgerSchema {
  // `bigint` and `text` mean the same on both engines.
  static let steps = SchemaSteps(
    table: "locktender_schema",
    [
      SchemaStep(
        1, "runs, ranges, batches",
        """
        CREATE TABLE locktender_run (
          run text PRIMARY KEY, plan_hash text NOT NULL, token bigint NOT NULL, holder text, started_at bigint NOT NULL
        );
        CREATE TABLE locktender_fence (
          name text PRIMARY KEY, token bigint NOT NULL
        );
        CREATE TABLE locktender_range (
          run text NOT NULL, stream text NOT NULL, number bigint NOT NULL,
          lower_key text, upper_key text NOT NULL, position text,
          state text NOT NULL, token bigint NOT NULL, worker text, leased_until bigint NOT NULL,
          PRIMARY KEY (run, stream, number)
        );
        CREATE TABLE locktender_batch (
          run text NOT NULL, stream text NOT NULL, range_number bigint NOT NULL, number bigint NOT NULL,
          lower_key text, upper_key text NOT NULL,
          source_rows bigint NOT NULL, skipped_rows bigint NOT NULL, rejected_rows bigint NOT NULL,
          source_digest text NOT NULL, committed_at bigint NOT NULL,
          PRIMARY KEY (run, stream, range_number, number)
        );
        CREATE TABLE locktender_batch_table (
          run text NOT NULL, stream text NOT NULL, range_number bigint NOT NULL, batch_number bigint NOT NULL,
          table_name text NOT NULL, written_rows bigint NOT NULL, digest text NOT NULL,
          PRIMARY KEY (run, stream, range_number, batch_number, table_name)
        );
        """),
      // A run stands in the journal beside the platform file and in the ranges; a table of its own told nothing more.
      SchemaStep(
        2, "rejected rows",
        """
        DROP TABLE locktender_run;
        CREATE TABLE locktender_reject (
          run text NOT NULL, stream text NOT NULL, range_number bigint NOT NULL, batch_number bigint NOT NULL,
          place bigint NOT NULL, row_key text NOT NULL, part text NOT NULL, reason text NOT NULL,
          PRIMARY KEY (run, stream, range_number, batch_number, place)
        );
        """),
      // By it a run can be taken up whose folder is lost (docs/decisions/0011-a-destination-keeps-the-plan.md).
      SchemaStep(
        3, "plans",
        """
        CREATE TABLE locktender_plan (run text PRIMARY KEY, plan text NOT NULL);
        """),
    ])
}

/// The ledger's tables as such, for a destination that a run made and gives up again.
public enum LedgerTables {
  /// What a run leaves, batches before their ranges, and what is kept of it once it is finalized.
  private static let ofRuns: [(name: String, kept: String)] = [
    ("locktender_reject", "1 = 1"), ("locktender_batch_table", "1 = 0"),
    ("locktender_batch", "rejected_rows > 0"), ("locktender_range", "1 = 0"), ("locktender_plan", "1 = 0"),
  ]

  /// All of them by name, those that hang on others first.
  private static let runNames = ofRuns.map(\.name)
  /// Those of them that tell of the streams of a run.
  static let streamNames = runNames.filter { $0 != "locktender_plan" }

  /// Whether a run other than the given one has left ranges there.
  public static func areUsed(besides run: UniqueID, on connection: Connection) throws -> Bool {
    guard try connection.hasTable("locktender_range") else { return false }
    return try connection.integer("SELECT count(*) FROM locktender_range WHERE run <> \(run.description)") != 0
  }

  /// Whether a run has committed batches.
  public static func hasBatches(of run: UniqueID, on connection: Connection) throws -> Bool {
    guard try connection.hasTable("locktender_batch") else { return false }
    return try connection.integer("SELECT 1 FROM locktender_batch WHERE run = \(run.description) LIMIT 1") != nil
  }

  /// How many rows of a run nobody needs once it is finalized. Checkpoints with rejected rows, and which ones these
  /// are, are not among them: they are what tells that something is missing.
  ///
  /// - Parameter keepingBatches: none of its batches are.
  public static func leftovers(
    of run: UniqueID, keepingBatches: Bool = false, on connection: Connection
  ) throws -> Int {
    var rows = 0
    for (table, kept) in try removable(keepingBatches, on: connection) {
      rows += Int(
        try connection.integer(
          "SELECT count(*) FROM \(identifier: table) WHERE run = \(run.description) AND NOT (\(unsafeSQL: kept))")
          ?? 0)
    }
    return rows
  }

  /// Removes these rows.
  public static func forget(
    _ run: UniqueID, keepingBatches: Bool = false, on connection: Connection
  ) throws {
    for (table, kept) in try removable(keepingBatches, on: connection) {
      try connection.execute(
        "DELETE FROM \(identifier: table) WHERE run = \(run.description) AND NOT (\(unsafeSQL: kept))")
    }
  }

  private static func removable(
    _ keepingBatches: Bool, on connection: Connection
  ) throws -> [(table: String, kept: String)] {
    try ofRuns.filter { try connection.hasTable($0.name) }.map { table in
      (table.name, keepingBatches && table.name == "locktender_batch" ? "1 = 1" : table.kept)
    }
  }

  /// Whether the tables are there and tell of no run any more.
  public static func areIdle(on connection: Connection) throws -> Bool {
    guard try connection.hasTable(LedgerSchema.steps.table) else { return false }
    for table in runNames {
      guard try connection.hasTable(table) else { continue }
      if try connection.integer("SELECT 1 FROM \(identifier: table) LIMIT 1") != nil { return false }
    }
    return true
  }

  /// Drops them all, with every checkpoint.
  public static func drop(on connection: Connection) throws {
    for table in runNames + ["locktender_fence", LedgerSchema.steps.table] {
      try connection.execute("DROP TABLE IF EXISTS \(identifier: table)")
    }
  }
}
