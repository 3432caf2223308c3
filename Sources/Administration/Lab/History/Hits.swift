/// What is due at one place of the stream.
struct Hits: OptionSet {
  let rawValue: UInt64

  @inline(__always)
  init(rawValue: UInt64) { self.rawValue = rawValue }

  @inline(__always)
  init(_ kind: Ugliness) { rawValue = 1 << UInt64(kind.rawValue) }

  static var unfinishedApproval: Hits { Hits(.unfinishedApproval) }
  static var unfinishedTemporalMembership: Hits { Hits(.unfinishedTemporalMembership) }
  static var unfinishedDeprovisioning: Hits { Hits(.unfinishedDeprovisioning) }
  static var pendingRequest: Hits { Hits(.pendingRequest) }
  static var unknownInitiator: Hits { Hits(.unknownInitiator) }
  static var unknownWorkflow: Hits { Hits(.unknownWorkflow) }
  static var manyScripts: Hits { Hits(.manyScripts) }
  static var longValue: Hits { Hits(.longValue) }
  static var hugeValue: Hits { Hits(.hugeValue) }
  static var emptyValue: Hits { Hits(.emptyValue) }
  static var specialCharacters: Hits { Hits(.specialCharacters) }
  static var invalidUTF8: Hits { Hits(.invalidUTF8) }
  static var nul: Hits { Hits(.nul) }
  static var before1970: Hits { Hits(.before1970) }
  static var duplicateNaturalKey: Hits { Hits(.duplicateNaturalKey) }
  static var missingRequest: Hits { Hits(.missingRequest) }
  static var keyGap: Hits { Hits(.keyGap) }
  static var lateCommit: Hits { Hits(.lateCommit) }

  static var none: Hits { Hits(rawValue: 0) }

  // Array literals of an option set are slow here, the empty one too: they are built through generic code.
  @inline(__always)
  static func | (left: Hits, right: Hits) -> Hits { Hits(rawValue: left.rawValue | right.rawValue) }

  /// Those that a changed value shows.
  static var values: Hits { manyScripts | longValue | hugeValue | emptyValue | specialCharacters }
  static var spoilt: Hits { invalidUTF8 | nul }
  static var unfinished: Hits { unfinishedApproval | unfinishedTemporalMembership | unfinishedDeprovisioning }
}
