#include <arrow/array.h>

#include <array>
#include <cmath>
#include <optional>

#include "compare/pair_kernel.h"
#include "expr/arrow_values.h"
#include "expr/vector_numbers.h"

namespace linkwright {
namespace {

// Vectors of one length, by code; code 0 (null) is all zeros.
template <typename Float>
struct Vectors {
  size_t length = 0;
  std::vector<Float> numbers;
  std::vector<Float> squares;  // their sum, of each vector

  const Float* operator[](uint32_t code) const { return numbers.data() + code * length; }
};

// None where the lists differ in length, are empty, or hold nulls.
template <typename Float>
Result<std::optional<Vectors<Float>>> read_vectors(const KernelValues& lists) {
  Vectors<Float> vectors;
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(lists.values));
  for (int64_t row = 0; row < values.length(); ++row) {
    const Value list = values.at(row);
    if (row == 0) {
      vectors.length = list.list().size();
      vectors.numbers.resize(vectors.length);
      vectors.squares.resize(1);
    }
    if (list.list().size() != vectors.length || vectors.length == 0) return std::nullopt;
    Float squares = 0;
    for (const Value& item : list.list()) {
      if (item.is_null()) return std::nullopt;
      const auto number = static_cast<Float>(item.number);
      vectors.numbers.push_back(number);
      squares += number * number;
    }
    vectors.squares.push_back(squares);
  }
  if (vectors.length == 0) return std::nullopt;
  return vectors;
}

// Sums one product or squared difference after the other, as SQL does, but those of eight pairs side by side: an
// addition waits for the one before it, so the pairs fill each other's waits.
constexpr size_t kSideBySide = 8;

template <typename Float, bool kDifferences>
void sum_up(const std::array<const Float*, kSideBySide>& lefts, const std::array<const Float*, kSideBySide>& rights,
            size_t length, std::array<Float, kSideBySide>* sums) {
  std::array<Float, kSideBySide> sum{};
  for (size_t i = 0; i < length; ++i) {
    for (size_t j = 0; j < kSideBySide; ++j) {
      const Float left = lefts[j][i];
      const Float right = rights[j][i];
      const Float term = kDifferences ? (left - right) * (left - right) : left * right;
      sum[j] += term;
    }
  }
  *sums = sum;
}

template <typename Float>
class VectorKernel final : public PairKernel {
 public:
  VectorKernel(VectorFunction function, Vectors<Float> left, Vectors<Float> right)
      : function_(function), left_(std::move(left)), right_(std::move(right)) {}

  ValueType type() const override {
    ValueType type{ValueKind::kDouble};
    type.is_single_precision = sizeof(Float) == sizeof(float);
    return type;
  }

  void compute(std::span<const uint32_t> lefts, std::span<const uint32_t> rights, Scratch* /*scratch*/,
               BlockBuffer* result) const override {
    for (size_t begin = 0; begin < lefts.size(); begin += kSideBySide) {
      const size_t size = std::min(kSideBySide, lefts.size() - begin);
      std::array<const Float*, kSideBySide> left;
      std::array<const Float*, kSideBySide> right;
      for (size_t j = 0; j < kSideBySide; ++j) {
        left[j] = left_[j < size ? lefts[begin + j] : 0];
        right[j] = right_[j < size ? rights[begin + j] : 0];
      }
      std::array<Float, kSideBySide> sums;
      const bool differences = function_ == VectorFunction::kDistance;
      (differences ? sum_up<Float, true> : sum_up<Float, false>)(left, right, left_.length, &sums);
      for (size_t j = 0; j < size; ++j) {
        const uint32_t l = lefts[begin + j];
        const uint32_t r = rights[begin + j];
        result->numbers()[begin + j] = static_cast<double>(result_of(sums[j], l, r));
        result->nulls()[begin + j] = l == 0 || r == 0 ? 1 : 0;
      }
    }
  }

 private:
  Float result_of(Float sum, uint32_t left, uint32_t right) const {
    switch (function_) {
      case VectorFunction::kCosineSimilarity:
        return cosine_of(sum, left_.squares[left], right_.squares[right]);
      case VectorFunction::kCosineDistance:
        return Float{1} - cosine_of(sum, left_.squares[left], right_.squares[right]);
      case VectorFunction::kInnerProduct:
        return sum;
      case VectorFunction::kDistance:
        break;
    }
    return std::sqrt(sum);
  }

  VectorFunction function_;
  Vectors<Float> left_;
  Vectors<Float> right_;
};

template <typename Float>
Result<std::unique_ptr<PairKernel>> make_kernel(VectorFunction function, const KernelValues& left,
                                                const KernelValues& right) {
  ARROW_ASSIGN_OR_RAISE(auto lefts, read_vectors<Float>(left));
  if (!lefts) return nullptr;
  ARROW_ASSIGN_OR_RAISE(auto rights, read_vectors<Float>(right));
  if (!rights || rights->length != lefts->length) return nullptr;
  return std::make_unique<VectorKernel<Float>>(function, *std::move(lefts), *std::move(rights));
}

}  // namespace

Result<std::unique_ptr<PairKernel>> make_vector_kernel(VectorFunction function, const KernelValues& left,
                                                       const KernelValues& right) {
  const auto is_vector = [](const ValueType& type) {
    return type.kind == ValueKind::kList && type.element == ValueKind::kDouble;
  };
  if (!is_vector(left.type) || !is_vector(right.type)) return nullptr;
  const bool single = left.type.is_single_precision && right.type.is_single_precision;
  return single ? make_kernel<float>(function, left, right) : make_kernel<double>(function, left, right);
}

}  // namespace linkwright
