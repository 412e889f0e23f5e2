#include <arrow/array.h>

#include <algorithm>

#include "compare/element_sets.h"
#include "compare/pair_kernel.h"
#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/levenshtein.h"

namespace linkwright {
namespace {

// Elements that were compared are remembered, 16 bytes each: tags repeat, and lists share their left list's elements.
constexpr int kKnownBits = 16;

class NearestElementsKernel final : public PairKernel {
 public:
  NearestElementsKernel(NearestElementsCall call, JaroWinklerRounding rounding) : call_(call), rounding_(rounding) {}

  Status load(const KernelValues& left, const KernelValues& right) {
    ARROW_ASSIGN_OR_RAISE(left_, ElementSets::make(left.values, &texts_));
    right_ = left_;
    if (right.values == left.values) return Status::OK();
    return ElementSets::make(right.values, &texts_).Value(&right_);
  }

  ValueType type() const override { return {is_edit_distance() ? ValueKind::kInteger : ValueKind::kDouble}; }

  void compute(std::span<const uint32_t> lefts, std::span<const uint32_t> rights, Scratch* scratch,
               BlockBuffer* result) const override {
    scratch->known.resize(size_t{1} << kKnownBits);
    for (size_t k = 0; k < lefts.size(); ++k) {
      const std::span<const uint32_t> left = elements(*left_, lefts[k]);
      const std::span<const uint32_t> right = elements(*right_, rights[k]);
      if (left.empty() || right.empty()) {
        result->set(k, Value::null());
      } else {
        const double nearest = call_.first_is_left ? best(left, right, scratch) : best(right, left, scratch);
        result->set(k,
                    is_edit_distance() ? Value::of_integer(static_cast<int64_t>(nearest)) : Value::of_double(nearest));
      }
    }
  }

 private:
  bool is_edit_distance() const {
    return call_.distance == ElementDistance::kLevenshtein || call_.distance == ElementDistance::kDamerauLevenshtein;
  }

  static std::span<const uint32_t> elements(const ElementSets& sets, uint32_t list) {
    return list == 0 ? std::span<const uint32_t>() : sets[list];
  }

  // Of two lists that are not empty.
  double best(std::span<const uint32_t> firsts, std::span<const uint32_t> seconds, Scratch* scratch) const {
    double best = distance_of(firsts[0], seconds[0], scratch);
    for (const uint32_t first : firsts) {
      for (const uint32_t second : seconds) {
        const double next = distance_of(first, second, scratch);
        best = call_.wants_largest ? std::max(best, next) : std::min(best, next);
      }
    }
    return best;
  }

  double distance_of(uint32_t first, uint32_t second, Scratch* scratch) const {
    constexpr uint64_t kSpread = 0x9E3779B97F4A7C15ULL;
    const uint64_t codes = uint64_t{first} << 32 | second;  // never 0: codes start at 1
    Scratch::Known& known = scratch->known[codes * kSpread >> (64 - kKnownBits)];
    if (known.codes != codes) known = {codes, distance(texts_.value(first), texts_.value(second))};
    return known.distance;
  }

  double distance(std::string_view first, std::string_view second) const {
    switch (call_.distance) {
      case ElementDistance::kLevenshtein:
        return static_cast<double>(levenshtein(first, second));
      case ElementDistance::kDamerauLevenshtein:
        return static_cast<double>(damerau_levenshtein(first, second));
      case ElementDistance::kJaro:
        return jaro(first, second);
      case ElementDistance::kJaroWinkler:
        break;
    }
    return jaro_winkler(first, second, rounding_);
  }

  NearestElementsCall call_;
  JaroWinklerRounding rounding_;
  ByteStringDictionary texts_;
  std::shared_ptr<const ElementSets> left_;
  std::shared_ptr<const ElementSets> right_;
};

}  // namespace

Result<std::unique_ptr<PairKernel>> make_nearest_elements_kernel(NearestElementsCall call, const KernelValues& left,
                                                                 const KernelValues& right,
                                                                 JaroWinklerRounding rounding) {
  const ValueType texts{ValueKind::kList, ValueKind::kText};
  if (left.type != texts || right.type != texts) return nullptr;
  auto kernel = std::make_unique<NearestElementsKernel>(call, rounding);
  ARROW_RETURN_NOT_OK(kernel->load(left, right));
  return kernel;
}

}  // namespace linkwright
