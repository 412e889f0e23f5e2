#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "expr/block_column.h"
#include "expr/value.h"
#include "text/jaro_winkler_rounding.h"

namespace arrow {
class Array;
}

namespace linkwright {

/// A function of one value of each record of a pair, over tables that were made of all values once: how many elements
/// two lists share, for example, without taking a list apart. Equal to the SQL it stands for. Immutable; thread-safe.
class PairKernel {
 public:
  PairKernel() = default;
  PairKernel(const PairKernel&) = delete;
  PairKernel& operator=(const PairKernel&) = delete;
  virtual ~PairKernel() = default;

  /// What a thread keeps from one call to the next.
  struct Scratch {
    std::vector<uint32_t> marks;
    uint32_t mark = 0;
    // Distances of elements, by a hash of their codes.
    struct Known {
      uint64_t codes = 0;
      double distance = 0;
    };
    std::vector<Known> known;
  };

  virtual ValueType type() const = 0;

  /// The result for up to kBlockSize pairs of value codes (0: null), nulls included. Fastest where the left code stays
  /// the same from pair to pair.
  virtual void compute(std::span<const uint32_t> lefts, std::span<const uint32_t> rights, Scratch* scratch,
                       BlockBuffer* result) const = 0;
};

/// The values that one side of a kernel reads: code k is values[k - 1].
struct KernelValues {
  std::shared_ptr<arrow::Array> values;
  ValueType type;
};

enum class SetFunction : uint8_t { kSharedElements, kHasAny, kHasAll };
/// `first_is_left`: whether the SQL has the left record's list first.
struct SetCall {
  SetFunction function;
  bool first_is_left;
};
/// array_length(list_intersect(a, b)), list_has_any(a, b) or list_has_all(a, b). Null where the lists are not of one
/// type, or their elements have no plain keys.
Result<std::unique_ptr<PairKernel>> make_set_kernel(SetCall call, const KernelValues& left, const KernelValues& right);

enum class VectorFunction : uint8_t { kCosineSimilarity, kCosineDistance, kInnerProduct, kDistance };
/// Null where the lists are not all vectors of one length without nulls.
Result<std::unique_ptr<PairKernel>> make_vector_kernel(VectorFunction function, const KernelValues& left,
                                                       const KernelValues& right);

enum class ElementDistance : uint8_t { kLevenshtein, kDamerauLevenshtein, kJaro, kJaroWinkler };
struct NearestElementsCall {
  ElementDistance distance;
  bool wants_largest;
  bool first_is_left;
};
/// The smallest or largest distance of an element of one list to one of the other; null where the lists hold no text.
Result<std::unique_ptr<PairKernel>> make_nearest_elements_kernel(NearestElementsCall call, const KernelValues& left,
                                                                 const KernelValues& right,
                                                                 JaroWinklerRounding rounding);

}  // namespace linkwright
