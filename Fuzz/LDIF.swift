// fuzz: Base Directory
internal import Base
internal import Directory

/// Entries do not depend on where the file was cut into pieces.
func fuzz(_ input: [UInt8]) {
  guard let first = input.first else { return }
  let file = Array(input.dropFirst())
  let whole = read(file, piece: max(1, file.count))
  let pieces = read(file, piece: Int(first) % 17 + 1)
  invariant(whole == pieces, "pieces change what is read")
}

private struct Read: Equatable {
  var entries: [[[UInt8]]] = []
  var places: [LDIFPosition] = []
  var error: DirectoryError.Code?
}

private func read(_ file: [UInt8], piece: Int) -> Read {
  var result = Read()
  var reader = LDIFReader()
  func take(_ entry: borrowing DirectoryEntry, _ place: LDIFPosition) {
    var values = [Array(entry.name.utf8)]
    for index in 0..<entry.count {
      values.append(copy(entry.attribute(index)))
      values.append(copy(entry.value(index)))
    }
    result.entries.append(values)
    result.places.append(place)
  }
  do throws(DirectoryError) {
    var start = 0
    while start < file.count {
      let end = min(file.count, start + piece)
      let part = Array(file[start..<end])
      let span = part.span
      try reader.feed(span, take)
      start = end
    }
    try reader.finish(take)
  } catch {
    result.error = error.code
  }
  return result
}

private func copy(_ bytes: Span<UInt8>) -> [UInt8] { (0..<bytes.count).map { bytes[$0] } }
