internal import CLinux

/// Makes the C library give large pieces of memory back as soon as they are freed (mallopt(3)).
///
/// Without it glibc raises the size from which it maps pieces of their own with each one that is freed, keeps a heap
/// for every thread, and so holds on to several times the blocks that workers fill and drop. To be called before the
/// first thread is made.
public func limitHeap() {
  mallopt(M_MMAP_THRESHOLD, 1 << 18)
  mallopt(M_TRIM_THRESHOLD, 1 << 20)
  mallopt(M_ARENA_MAX, 2)
}
