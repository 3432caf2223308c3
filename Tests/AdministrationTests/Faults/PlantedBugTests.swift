import Base
import Database
import Migration
import Synchronization
import TestSupport
import Testing
import Transfer

@testable import Administration

/// An importer with a fault in it: the verification, which shares nothing with it, must find it.
@Suite struct PlantedBugTests {
  /// What goes wrong with one row.
  enum Bug: String, CaseIterable, Sendable {
    case leavesRowOut, doublesRow, losesLastChild, swapsValues, shiftsTime, cutsText, changesState, losesNull
  }

  /// Does what another transform does, but for one row.
  private final class Buggy: RowTransform {
    private let inner: any RowTransform
    private let bug: Bug
    private let victim: Int
    private let seen: Mutex<Int>.Box

    init(_ inner: any RowTransform, _ bug: Bug, victim: Int, _ seen: Mutex<Int>.Box) {
      self.inner = inner
      self.bug = bug
      self.victim = victim
      self.seen = seen
    }

    func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
      let before = outputs.counts
      let brings = try inner.transform(row, into: outputs)
      guard brings, isVictim(outputs, before) else { return brings }
      if bug == .doublesRow { return try inner.transform(row, into: outputs) }
      for table in outputs.tables.indices { spoil(table, from: before[table], outputs) }
      return true
    }

    /// The first row after so many that has what the bug needs.
    private func isVictim(_ outputs: OutputRows, _ before: [Int]) -> Bool {
      let children = zip(outputs.counts, before).dropFirst(2).reduce(0) { $0 + $1.0 - $1.1 }
      switch bug {
      case .losesLastChild, .swapsValues: if children == 0 { return false }
      case .losesNull: if !lastPropertyHasNull(outputs, before) { return false }
      default: break
      }
      return seen.next() == victim
    }

    private func lastPropertyHasNull(_ outputs: OutputRows, _ before: [Int]) -> Bool {
      guard let table = outputs.tables.firstIndex(where: { $0.name == "property_change" }) else { return false }
      return outputs.withTable(table) { block in
        block.count > before[table] && (block[block.count - 1].isNull(3) || block[block.count - 1].isNull(4))
      }
    }

    private func spoil(_ table: Int, from first: Int, _ outputs: OutputRows) {
      let name = outputs.tables[table].name
      outputs.withTable(table) { block in
        switch (bug, name) {
        case (.leavesRowOut, _): block.truncate(to: first)
        case (.losesLastChild, "property_change"): block.truncate(to: max(first, block.count - 1))
        case (.swapsValues, "property_change"), (.losesNull, "property_change"), (.shiftsTime, "change_request"),
          (.cutsText, "change_request"), (.changesState, "change_request"):
          rewriteLast(&block, first)
        default: break
        }
      }
    }

    /// Writes the last row of a block again with the fault in it.
    private func rewriteLast(_ block: inout RowBlock, _ first: Int) {
      guard block.count > first else { return }
      var copy = RowBlock(kinds: block.kinds)
      copy.appendTuple(block.bytes(of: block.count - 1))
      block.truncate(to: block.count - 1)
      block.beginRow()
      for column in 0..<copy.kinds.count { append(column, copy[0], to: &block) }
      block.endRow()
    }

    private func append(_ column: Int, _ row: borrowing RowView, to block: inout RowBlock) {
      switch (bug, column) {
      case (.swapsValues, 3): block.append(field: 4, of: row)
      case (.swapsValues, 4): block.append(field: 3, of: row)
      case (.losesNull, 3), (.losesNull, 4):
        if row.isNull(column) { block.append("") } else { block.append(field: column, of: row) }
      case (.shiftsTime, 8):
        block.append(Timestamp(microseconds: (row.timestamp(8)?.microseconds ?? 0) + 1_000_000))
      case (.cutsText, 3): block.append(String((row.string(3) ?? "").dropLast()))
      case (.changesState, 14): block.append(row.string(14) == "completed" ? "failed" : "completed")
      default: block.append(field: column, of: row)
      }
    }
  }

  /// The history's import with the bug in the step that carries requests.
  private struct BuggyImport: MigrationPart {
    let inner: HistoryImport
    let bug: Bug
    var address: PartAddress { inner.address }
    var summary: String { inner.summary }
    var choices: [ChoiceSpecification] { inner.choices }

    func discover(_ request: PlanRequest, in workplace: Workplace) async throws -> [Fact] {
      try await inner.discover(request, in: workplace)
    }
    func check(_ request: PlanRequest, for run: UniqueID?, in workplace: Workplace) async throws -> [Finding] {
      try await inner.check(request, for: run, in: workplace)
    }
    func plan(_ request: PlanRequest, findings: [Finding], in workplace: Workplace) async throws -> Plan {
      try await inner.plan(request, findings: findings, in: workplace)
    }
    func currentInputs(of plan: Plan, _ context: StepContext) async throws -> [PlanInput] {
      try await inner.currentInputs(of: plan, context)
    }
    func verify(_ plan: Plan, _ context: StepContext) async throws -> Verification {
      try await inner.verify(plan, context)
    }
    func finalSteps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
      try inner.finalSteps(of: plan, in: workplace)
    }
    func reportSections(of plan: Plan, _ context: StepContext) async throws -> [ReportSection] {
      try await inner.reportSections(of: plan, context)
    }

    func steps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
      let steps = try inner.steps(of: plan, in: workplace)
      let details = try HistoryPlan.of(plan)
      guard let destination = try inner.destination() else { return steps }
      let carried = try zip(inner.chosenSources(plan.request), details.sources).map {
        CarriedSource(source: $0, plan: $1)
      }
      // All steps that write share one hold on the destination.
      let target = destination.target()
      let engine = destination.location.engine
      return steps.map { step in
        switch step.id {
        case "prepare": PrepareStep(plan: details, destination: destination, target: target)
        case "tasks":
          CarryStep(id: step.id, destination: target, options: details.options) { context in
            try carried.flatMap { try $0.streams(engine, context).tasks }
          }
        case "history":
          CarryStep(id: step.id, destination: target, options: details.options) { context in
            try carried.flatMap { try $0.streams(engine, context).history }.map(planted)
          }
        case "keys": KeysStep(plan: details, destination: destination, target: target)
        case "settle": SettleStep(plan: details, destination: destination, target: target)
        default: step
        }
      }
    }

    private func planted(_ stream: TransferStream) -> TransferStream {
      guard stream.name.hasSuffix("/requests") else { return stream }
      let bug = bug
      let seen = Mutex<Int>.Box()
      return TransferStream(
        name: stream.name, scan: stream.scan, outputs: stream.outputs, openSource: stream.openSource,
        makeTransform: { Buggy(try stream.makeTransform(), bug, victim: 300, seen) }, removal: stream.removal)
    }
  }

  @Test(arguments: Bug.allCases) func `a planted bug fails the verification`(_ bug: Bug) async throws {
    let bench = try await FaultBench()
    let workbench = try bench.workbench()
    let inner = try #require(workbench.engine.parts.first as? HistoryImport)
    let engine = MigrationEngine(parts: [BuggyImport(inner: inner, bug: bug)], workplace: workbench.workplace)
    let (_, hash) = try await engine.plan(Workbench.part, PlanRequest(choices: ["workers": ["1"]]))
    let run = UniqueID.random()
    let error = await #expect(throws: MigrationError.self) { try await engine.apply(hash, run: run) }
    // A doubled row may already be refused by the keys: what matters is that it does not pass.
    if bug == .doublesRow && error?.code == .stepFailed { return }
    #expect(error?.code == .verificationFailed && error?.advice != nil, "\(error.map { explain($0) } ?? "")")
    #expect(try engine.summary(of: run).state == .differing)
    #expect(try engine.report(run).verdict == .differs)
    // The program's own importer is not to blame: verify goes on saying so.
    let again = await #expect(throws: MigrationError.self) { try await bench.workbench().engine.verify(run) }
    #expect(again?.code == .verificationFailed)
    #expect(try bench.openDestination().text("SELECT state FROM history_import") == "unverified")
    #expect(try await bench.workbench().engine.rollback(run).state == .rolledBack)
  }
}

extension Mutex where Value == Int {
  /// A counter that several workers share.
  final class Box: Sendable {
    private let value = Mutex<Int>(0)
    func next() -> Int {
      value.withLock { value in
        value += 1
        return value
      }
    }
  }
}
