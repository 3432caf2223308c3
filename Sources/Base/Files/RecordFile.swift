/// Writes a file of records of one size behind eight bytes that tell what they are. It appears whole or not at all.
///
/// The form is for files that the program reads again itself, within one run; it promises nothing to later versions.
public struct RecordWriter: ~Copyable {
  private let file: AtomicFile
  private let size: Int
  private var buffer: [UInt8] = []

  /// - Parameters:
  ///   - magic: eight ASCII characters.
  ///   - size: of a record, in bytes.
  public init(_ path: String, magic: String, size: Int) throws(FileError) {
    invariant(magic.utf8.count == RecordReader.magicSize, "a mark of another length")
    file = try AtomicFile(path)
    self.size = size
    buffer = Array(magic.utf8)
  }

  public mutating func append(_ record: [UInt8]) throws(FileError) {
    invariant(record.count == size, "a record of another size")
    buffer += record
    if buffer.count >= 1 << 18 { try flush() }
  }

  private mutating func flush() throws(FileError) {
    try file.write(buffer.span)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Makes the file appear.
  public consuming func commit() throws(FileError) {
    try flush()
    try file.commit()
  }
}

/// Reads a file of ``RecordWriter``: one record after another, or, where they are sorted by their bytes, in search of
/// one. Holds some thousand records in memory, however many there are.
public struct RecordReader: ~Copyable {
  static let magicSize = 8
  private static let atOnce = 4_096

  private let file: OpenFile
  private let size: Int
  public let count: Int
  /// The records at hand and the place of the first.
  private var block: [UInt8] = []
  private var start = 0
  private var position = 0

  /// - Throws: ``FileError`` also where the file is none of that kind, or was cut off.
  public init(_ path: String, magic: String, size: Int) throws(FileError) {
    let file = try OpenFile(path, .read)
    var found = [UInt8](repeating: 0, count: RecordReader.magicSize)
    let read = try file.read(into: &found)
    let bytes = Int(try file.status().size) - RecordReader.magicSize
    guard read == found.count, found == Array(magic.utf8), bytes.isMultiple(of: size) else {
      throw FileError(.other, doing: "read file", path: path, reason: "it is not what this program wrote")
    }
    self.file = file
    self.size = size
    count = bytes / size
  }

  /// The next record; nil behind the last.
  public mutating func next() throws(FileError) -> ArraySlice<UInt8>? {
    if position == count { return nil }
    defer { position += 1 }
    return try record(position)
  }

  /// Whether a record is there. The records must be sorted by their bytes. Quickest for one near the last one asked for.
  public mutating func contains(_ record: [UInt8]) throws(FileError) -> Bool {
    if count == 0 { return false }
    if block.isEmpty || !spans(record) {
      // The last block whose first record is not above it.
      var (low, high) = (0, (count - 1) / RecordReader.atOnce)
      while low < high {
        let middle = (low + high + 1) / 2
        if RecordReader.isBelow(record, try read(at: middle * RecordReader.atOnce, 1)[...]) {
          high = middle - 1
        } else {
          low = middle
        }
      }
      try load(low)
    }
    var (low, high) = (0, block.count / size)
    while low < high {
      let middle = (low + high) / 2
      if RecordReader.isBelow(self[middle], record) { low = middle + 1 } else { high = middle }
    }
    return low < block.count / size && self[low].elementsEqual(record)
  }

  private func spans(_ record: [UInt8]) -> Bool {
    !RecordReader.isBelow(record, self[0]) && !RecordReader.isBelow(self[block.count / size - 1], record)
  }

  // MARK: Blocks

  private subscript(index: Int) -> ArraySlice<UInt8> { block[(index * size)..<((index + 1) * size)] }

  private mutating func record(_ place: Int) throws(FileError) -> ArraySlice<UInt8> {
    if block.isEmpty || place < start || place >= start + block.count / size {
      try load(place / RecordReader.atOnce)
    }
    return self[place - start]
  }

  private mutating func load(_ number: Int) throws(FileError) {
    start = number * RecordReader.atOnce
    block = try read(at: start, min(RecordReader.atOnce, count - start))
  }

  private func read(at place: Int, _ records: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: records * size)
    try file.seek(to: Int64(RecordReader.magicSize + place * size))
    var used = 0
    while used < bytes.count {
      let count = try file.read(into: &bytes, at: used)
      guard count > 0 else {
        throw FileError(.other, doing: "read file", path: file.path, reason: "it was cut off")
      }
      used += count
    }
    return bytes
  }

  private static func isBelow(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
    left.lexicographicallyPrecedes(right)
  }
}
