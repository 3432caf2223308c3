internal import Base
internal import Migration

extension Invocation {
  /// The waivers that the options state: each `--waive` with the `--by` and `--reason` that follow it, or with
  /// the only ones that are given at all.
  ///
  /// - Throws: ``CommandLineError`` `usage` where a waiver lacks a name or a reason, or has two.
  func waivers(at time: Timestamp) throws(CommandLineError) -> [Waiver] {
    var waivers: [Waiver] = []
    var open: (check: String, by: String?, reason: String?)?
    let everyName = values("by")
    let everyReason = values("reason")

    func close(_ waiver: (check: String, by: String?, reason: String?)) throws(CommandLineError) -> Waiver {
      guard let by = waiver.by ?? (everyName.count == 1 ? everyName[0] : nil),
        let reason = waiver.reason ?? (everyReason.count == 1 ? everyReason[0] : nil), !by.isEmpty, !reason.isEmpty
      else {
        throw CommandLineError(
          .usage, doing: "waive \(waiver.check)", reason: "a waiver needs a name and a reason",
          advice: "--waive \(waiver.check) --by NAME --reason TEXT")
      }
      let names = waiver.check.split(separator: "@", maxSplits: 1).map(String.init)
      return Waiver(
        check: names.first ?? "", subject: names.count == 2 ? names[1] : nil, by: by, reason: reason, at: time)
    }

    for option in given {
      switch option.name {
      case "waive":
        if let open { waivers.append(try close(open)) }
        open = (option.value, nil, nil)
      case "by":
        if open?.by != nil { throw twice("--by") }
        open?.by = option.value
      case "reason":
        if open?.reason != nil { throw twice("--reason") }
        open?.reason = option.value
      default:
        break
      }
    }
    if let open { waivers.append(try close(open)) }
    if waivers.isEmpty, let stray = given.first(where: { $0.name == "by" || $0.name == "reason" }) {
      throw CommandLineError(
        .usage, doing: "read the command line", reason: "--\(stray.name) belongs to a --waive, and none is given",
        advice: "--waive CHECK --by NAME --reason TEXT")
    }
    return waivers
  }

  private func twice(_ option: String) -> CommandLineError {
    CommandLineError(
      .usage, doing: "read the command line", reason: "one --waive has two \(option)",
      advice: "--waive CHECK --by NAME --reason TEXT, again for each check")
  }
}
