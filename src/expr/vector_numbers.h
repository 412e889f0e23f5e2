#pragma once

#include <algorithm>
#include <cmath>

namespace linkwright {

/// Cosine similarity from a dot product and the two sums of squares, in the arithmetic of `Float`, as DuckDB has it.
template <typename Float>
Float cosine_of(Float dot, Float left_squares, Float right_squares) {
  const Float similarity = dot / std::sqrt(left_squares * right_squares);
  return std::isnan(similarity) ? similarity : std::clamp(similarity, Float{-1}, Float{1});
}

}  // namespace linkwright
