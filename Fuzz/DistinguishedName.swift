// fuzz: Base Directory
internal import Base
internal import Directory

/// A name that is read is written in a form that reads as the same name, and lies within its parent.
func fuzz(_ input: [UInt8]) {
  // What is no name is refused; that is all that may happen to it.
  guard let name = try? DistinguishedName(String(decoding: input, as: UTF8.self)) else { return }
  guard let again = try? DistinguishedName(name.description) else { fatalError("its own form is refused") }
  invariant(again == name, "its own form is another name")
  invariant(again.description == name.description, "two forms of one name")
  if let parent = name.parent { invariant(name.isWithin(parent), "outside of its parent") }
}
