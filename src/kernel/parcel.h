#pragma once

#include <cstdint>
#include <memory>

#include "base/status.h"

namespace arrow {
class Buffer;
class RecordBatch;
}  // namespace arrow

namespace linkwright {

/// Rows as one piece of bytes, on their way through Spark, which then has one value to carry where it had thousands of
/// rows to take apart: Arrow's IPC format behind a checksum.
struct Parcel {
  static constexpr uint32_t kNowhere = UINT32_MAX;

  uint32_t partition = kNowhere;  // the one that it is for
  std::shared_ptr<arrow::RecordBatch> rows;
};

Result<std::shared_ptr<arrow::Buffer>> pack_parcel(const Parcel& parcel);

/// The rows borrow `bytes`. Errors: bytes that are no parcel, or are not those that were packed.
Result<Parcel> unpack_parcel(const std::shared_ptr<arrow::Buffer>& bytes);

}  // namespace linkwright
