#pragma once

#include <memory>
#include <optional>

#include "base/status.h"
#include "expr/value.h"

namespace arrow {
class Array;
}  // namespace arrow

namespace linkwright {

/// The type of a column that is of type `a` in one input and `b` in another, as SQL's UNION ALL has it: the wider of
/// two numbers or dates, text for text and anything else that is no list, lists of the common type of their elements.
/// Nothing when there is none.
std::optional<ValueType> common_type(const ValueType& a, const ValueType& b);

/// The values of an array as those of `type`, a common type of its own and another: numbers and dates widened, or
/// written as CAST(x AS VARCHAR) writes them. The array itself if it has the type, or holds nothing but nulls.
Result<std::shared_ptr<arrow::Array>> widened(std::shared_ptr<arrow::Array> array, const ValueType& type);

}  // namespace linkwright
