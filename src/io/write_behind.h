#pragma once

#include <arrow/io/interfaces.h>

#include <memory>

namespace linkwright {

/// A stream whose writes return at once: a thread of its own hands them on to `file` in their order, so that encoding
/// goes on while the system copies. So many bytes at most wait; a larger buffer waits alone.
///
/// An error of `file` is told by the next call, at the latest by `Close`, which waits for all writes. A stream that is
/// dropped drops what waits. For one thread, as `file` is.
std::shared_ptr<arrow::io::OutputStream> write_behind(std::shared_ptr<arrow::io::OutputStream> file);

}  // namespace linkwright
