public import Base
public import Database
public import Migration

extension LedgerTables {
  /// Keeps the plan of a run beside its checkpoints, within the caller's transaction. The tables must be there, as they
  /// are once the destination is held.
  public static func keep(_ plan: KeptPlan, on connection: Connection) throws {
    try connection.execute(
      """
      INSERT INTO locktender_plan (run, plan) VALUES (\(plan.run.description), \(plan.text))
      ON CONFLICT (run) DO UPDATE SET plan = excluded.plan
      """)
  }

  /// The plans of runs that were neither found right nor taken back.
  public static func plans(on connection: Connection) throws -> [KeptPlan] {
    guard try connection.hasTable("locktender_plan") else { return [] }
    var plans: [KeptPlan] = []
    try connection.rows("SELECT run, plan FROM locktender_plan ORDER BY run", [.text, .text]) { row in
      if let run = row.string(0).flatMap({ UniqueID($0) }), let text = row.string(1) {
        plans.append(KeptPlan(run: run, text: text))
      }
    }
    return plans
  }

  /// Forgets the plan of a run that nobody may go on with any more.
  public static func forgetPlan(of run: UniqueID, on connection: Connection) throws {
    guard try connection.hasTable("locktender_plan") else { return }
    try connection.execute("DELETE FROM locktender_plan WHERE run = \(run.description)")
  }
}
