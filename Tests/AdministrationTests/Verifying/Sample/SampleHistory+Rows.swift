import Base

extension SampleTime {
  /// Winter in Berlin.
  static let winter = SampleTime("2021-01-15 09:30:00", "2021-01-15T08:30:00Z", 3600)
  /// Summer there.
  static let summer = SampleTime("2021-07-15 09:30:00.25", "2021-07-15T07:30:00.25Z", 7200)
  static let firstReading = SampleTime("2019-10-27 02:30:00", "2019-10-27T00:30:00Z", 7200, isAmbiguous: true)
  static let secondReading = SampleTime(
    "2019-10-27 02:40:00.000001", "2019-10-27T01:40:00.000001Z", 3600, fold: 1,
    first: ("2019-10-27T00:40:00.000001Z", 7200), isAmbiguous: true)
  /// The clock went from 02:00 to 03:00.
  static let passedOver = SampleTime("2019-03-31 02:15:00", "2019-03-31T01:15:00Z", 3600)
  static let beforeStandardTime = SampleTime("1890-06-01 12:00:00", "1890-06-01T11:06:32Z", 3208)
  static let before1970 = SampleTime("1969-12-31 18:59:59.999999", "1969-12-31T23:59:59.999999Z", -18_000)
}

extension SampleHistory {
  /// A small history with every ugly thing in it that both engines can hold.
  static var plain: SampleHistory {
    SampleHistory(requests: plainRequests + vocabularyRequests, tasks: plainTasks)
  }

  /// The same with texts that only SQLite can hold.
  static var damaged: SampleHistory {
    var history = plain
    let latin = Array("cn=M".utf8) + [0xFC] + Array("ller,dc=example,dc=org".utf8)
    history.requests[0].dn = latin
    history.requests[0].reason = Array("cut ".utf8) + [0xE2, 0x82]
    history.requests[0].properties[1] = SampleProperty(
      Array("info".utf8), [0xFF, 0xFE, 0x41, 0x00], Array("a|b\\".utf8) + [0xC0, 0xAF, 0x0A, 0x00])
    // The section of the same ordinal has a damaged text as well.
    history.requests[0].sections[1] = SampleSection(2, "names", "failed", [0x93] + Array("quoted".utf8) + [0x94])
    history.tasks[1].subject = latin
    history.tasks[2].party = Array("g".utf8) + [0x00]
    return history
  }

  private static var plainRequests: [SampleRequest] {
    [
      SampleRequest(
        key: 1, submitted: .winter, completed: .winter, reason: Array("told | by \\ the\nboss ~".utf8),
        properties: [
          SampleProperty("title", nil, "Countess"), SampleProperty("info", "a|b", "\\c\nd"),
          SampleProperty("description", "", nil), SampleProperty("mark", "~", "~~"),
          SampleProperty("mark", "\\n", "|"), SampleProperty("größe", "ß", "𝔰"),
        ],
        sections: [
          SampleSection(1, "approve", "granted", "by\nGrace"), SampleSection(2, "names", nil, nil as String?),
          SampleSection(1, "notify", "", "mail|sent"),
        ]),
      SampleRequest(
        key: 2, submitted: .firstReading, completed: .secondReading,
        properties: [
          SampleProperty("a", "1", "2")
        ]),
      SampleRequest(key: 3, submitted: .secondReading, completed: nil, status: 2),
      SampleRequest(key: 4, submitted: .passedOver, completed: .passedOver),
      SampleRequest(key: 5, guid: nil, dn: [], submitted: .beforeStandardTime, completed: .winter),
      SampleRequest(key: 6, submitted: .before1970, completed: nil, zone: "America/New_York", status: 0),
      // Twice the same, with keys of their own.
      SampleRequest(key: 7, submitted: .summer, completed: .summer, properties: [SampleProperty("a", "1", "2")]),
      SampleRequest(key: 8, submitted: .summer, completed: .summer, properties: [SampleProperty("a", "1", "2")]),
      // A gap in the keys, half an hour of summer time, and a day that a country left out.
      SampleRequest(
        key: 20, guid: "3F2504E0-4F89-41D3-9A0C-0305E82C3302",
        submitted: SampleTime(
          "2020-04-05 01:45:00", "2020-04-04T15:15:00Z", 37_800, fold: 1, first: ("2020-04-04T14:45:00Z", 39_600),
          isAmbiguous: true), zone: "Australia/Lord_Howe"),
      SampleRequest(
        key: 21, submitted: SampleTime("2011-12-31 00:00:00", "2011-12-30T10:00:00Z", 50_400), zone: "Pacific/Apia"),
      SampleRequest(
        key: 22, submitted: SampleTime("2045-07-01 12:00:00", "2045-07-01T10:00:00Z", 7200),
        completed: SampleTime("2045-12-01 12:00:00", "2045-12-01T11:00:00Z", 3600)),
      SampleRequest(
        key: 23, submitted: .winter, completed: .winter, properties: [SampleProperty("lost", "x", nil)],
        sections: [SampleSection(1, "gone", "granted", "orphan")], isLost: true),
      SampleRequest(key: 25, guid: "{3f2504e0}", submitted: .winter),
      SampleRequest(key: 24, submitted: .winter, reason: [], properties: [SampleProperty("", "", "")]),
    ]
  }

  /// Each operation and each state once.
  private static var vocabularyRequests: [SampleRequest] {
    (1...10).map { number in
      SampleRequest(
        key: 100 + Int64(number), operation: number, submitted: .summer, completed: .winter, status: number % 7,
        properties: [SampleProperty("n", "\(number)", "\(number + 1)")],
        sections: [SampleSection(number % 2 + 1, "s\(number)", "ok", nil as String?)])
    }
  }

  private static var plainTasks: [SampleTask] {
    [
      SampleTask(key: 1, request: 1, kind: .approval(decision: nil, comment: nil), status: 0, due: .summer),
      SampleTask(
        key: 2, request: 2, kind: .approval(decision: "granted", comment: "fine | by\nme"), status: 1, due: .winter),
      SampleTask(key: 3, request: 7, kind: .membership(action: "add"), status: 0, due: .firstReading),
      SampleTask(key: 4, request: 7, kind: .membership(action: "remove"), status: 1, due: .secondReading),
      SampleTask(key: 5, request: 8, kind: .deprovisioning(["disable", "move\\to|ou", "log\nout"]), status: 3),
      SampleTask(key: 6, request: nil, kind: .deprovisioning([]), status: 2, due: .passedOver),
      SampleTask(key: 7, request: 23, kind: .approval(decision: "refused", comment: nil), status: 1, due: .winter),
      SampleTask(key: 8, request: 1, kind: .membership(action: "remove"), status: 2, due: nil),
      SampleTask(
        key: 9, request: 21, kind: .deprovisioning(["", "x"]), status: 1, due: .before1970, zone: "America/New_York"
      ),
    ]
  }
}
