#include <arrow/array.h>

#include <algorithm>
#include <limits>

#include "compare/element_sets.h"
#include "compare/pair_kernel.h"

namespace linkwright {
namespace {

class SetKernel final : public PairKernel {
 public:
  SetKernel(SetCall call, std::shared_ptr<const ElementSets> left, std::shared_ptr<const ElementSets> right,
            size_t num_elements)
      : call_(call), left_(std::move(left)), right_(std::move(right)), num_elements_(num_elements) {}

  ValueType type() const override {
    return {call_.function == SetFunction::kSharedElements ? ValueKind::kInteger : ValueKind::kBoolean};
  }

  void compute(std::span<const uint32_t> lefts, std::span<const uint32_t> rights, Scratch* scratch,
               BlockBuffer* result) const override {
    for (size_t k = 0; k < lefts.size(); ++k) {
      if (k == 0 || lefts[k] != lefts[k - 1]) mark(lefts[k], scratch);
      set(k, lefts[k], rights[k], *scratch, result);
    }
  }

 private:
  // Marks the elements of a list; those of all lists before are marked no longer.
  void mark(uint32_t left, Scratch* scratch) const {
    scratch->marks.resize(num_elements_ + 1);
    if (scratch->mark == std::numeric_limits<uint32_t>::max()) {
      std::fill(scratch->marks.begin(), scratch->marks.end(), 0);
      scratch->mark = 0;
    }
    ++scratch->mark;
    if (left == 0) return;
    for (const uint32_t element : (*left_)[left]) scratch->marks[element] = scratch->mark;
  }

  void set(size_t k, uint32_t left, uint32_t right, const Scratch& scratch, BlockBuffer* result) const {
    size_t shared = 0;
    if (left != 0 && right != 0) {
      for (const uint32_t element : (*right_)[right]) shared += scratch.marks[element] == scratch.mark ? 1 : 0;
    }
    const bool both = left != 0 && right != 0;
    switch (call_.function) {
      case SetFunction::kSharedElements: {
        // A list shares no elements with the null list, but the null list shares null with all.
        result->integers()[k] = static_cast<int64_t>(shared);
        result->nulls()[k] = (call_.first_is_left ? left : right) == 0 ? 1 : 0;
        return;
      }
      case SetFunction::kHasAny:
        result->truths()[k] = both ? truth_of(shared > 0) : kNullTruth;
        return;
      case SetFunction::kHasAll:
        result->truths()[k] =
            both ? truth_of(shared == (call_.first_is_left ? (*right_)[right] : (*left_)[left]).size()) : kNullTruth;
        return;
    }
  }

  SetCall call_;
  std::shared_ptr<const ElementSets> left_;
  std::shared_ptr<const ElementSets> right_;
  size_t num_elements_;
};

}  // namespace

Result<std::unique_ptr<PairKernel>> make_set_kernel(SetCall call, const KernelValues& left, const KernelValues& right) {
  const ValueKind element = left.type.element;
  const bool has_keys = element == ValueKind::kText || element == ValueKind::kInteger || element == ValueKind::kDate ||
                        element == ValueKind::kTimestamp;
  if (left.type != right.type || left.type.kind != ValueKind::kList || !has_keys) return nullptr;
  ByteStringDictionary dictionary;
  ARROW_ASSIGN_OR_RAISE(auto of_left, ElementSets::make(left.values, &dictionary));
  auto of_right = of_left;
  if (right.values != left.values) {
    ARROW_ASSIGN_OR_RAISE(of_right, ElementSets::make(right.values, &dictionary));
  }
  return std::make_unique<SetKernel>(call, std::move(of_left), std::move(of_right), dictionary.size());
}

}  // namespace linkwright
