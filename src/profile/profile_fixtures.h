#pragma once

// Tables for the tests of this folder.

#include <arrow/array/builder_primitive.h>

#include <memory>
#include <vector>

#include "base/test_table.h"

namespace linkwright {

using test::table_of;
using test::text_array;
using test::Texts;

inline std::shared_ptr<arrow::Array> number_array(const std::vector<int64_t>& values) {
  arrow::Int64Builder builder;
  if (!builder.AppendValues(values).ok()) return nullptr;
  return builder.Finish().ValueOrDie();
}

}  // namespace linkwright
