internal import Base

/// Local times as 7.5 and 7.6 write them: `2019-10-27 02:30:00`, with as many decimals as the program that wrote
/// them used: none, one, three or six.
struct LocalTimeText {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ moment: Moment) {
    bytes.removeAll(keepingCapacity: true)
    let local = Timestamp(microseconds: moment.instant.microseconds + Int64(moment.offset) * 1_000_000)
    let civil = CivilTime(local, offsetMinutes: 0)
    bytes.append(number: civil.year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    two(civil.month)
    bytes.append(UInt8(ascii: "-"))
    two(civil.day)
    bytes.append(UInt8(ascii: " "))
    two(civil.hour)
    bytes.append(UInt8(ascii: ":"))
    two(civil.minute)
    bytes.append(UInt8(ascii: ":"))
    two(civil.second)
    let micro = civil.microsecond
    if micro == 0 { return }
    bytes.append(UInt8(ascii: "."))
    if micro % 100_000 == 0 {
      bytes.append(number: micro / 100_000)
    } else if micro % 1000 == 0 {
      bytes.append(number: micro / 1000, width: 3)
    } else {
      bytes.append(number: micro, width: 6)
    }
  }

  private mutating func two(_ number: Int) {
    bytes.append(48 + UInt8(number / 10))
    bytes.append(48 + UInt8(number % 10))
  }
}
