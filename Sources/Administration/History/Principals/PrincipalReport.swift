internal import Migration

/// The chapter of the report on roles and rights, with the SQL.
enum PrincipalReport {
  static func section(_ plan: PrincipalsPlan, _ context: StepContext) throws -> ReportSection {
    let byHand = Int(try context.journal.note("\(PrincipalsStep.stepID).byHand") ?? "0") ?? 0
    let script = byHand > 0 ? " \(byHand) are left to somebody with more rights, in \(PrincipalsStep.script)." : ""
    return ReportSection(
      heading: "Roles and rights",
      text: "Nothing that came opens more than it did at the source.\(script) "
        + "\(PrincipalsStep.undoScript) takes everything back.",
      tables: [
        .init(
          columns: ["Role", "What", "Verdict", "Why", "SQL"],
          rows: plan.items.map { item in
            [
              item.principal, item.what, item.isByHand ? "by hand" : item.verdict.rawValue, item.reason ?? "",
              item.sql.joined(separator: "; "),
            ]
          })
      ])
  }
}
