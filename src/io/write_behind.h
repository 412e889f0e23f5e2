#pragma once

#include <arrow/io/interfaces.h>

#include <cstdint>
#include <memory>

namespace linkwright {

inline constexpr int64_t kMostWriteBehindBytes = int64_t{16} << 20;

/// A stream whose writes return at once: a thread of its own hands them on to `file` in their order, so that encoding
/// goes on while the system copies. At most `kMostWriteBehindBytes` wait; a larger buffer waits alone. A buffer that is
/// handed over must not change any more. Where no thread is to be had, `file` itself.
///
/// An error of `file` is told by the next call, at the latest by `Close`, which waits for all writes. A stream that is
/// dropped drops what waits. For one thread, as `file` is.
std::shared_ptr<arrow::io::OutputStream> write_behind(std::shared_ptr<arrow::io::OutputStream> file);

}  // namespace linkwright
