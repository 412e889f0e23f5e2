#include "expr/block_functions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/simd_clones.h"
#include "expr/calendar.h"

namespace linkwright {
namespace {

// --- loops

LW_SIMD_CLONES void add(const double* __restrict a, const double* __restrict b, size_t size, double* __restrict c) {
  for (size_t k = 0; k < size; ++k) c[k] = a[k] + b[k];
}
LW_SIMD_CLONES void subtract(const double* __restrict a, const double* __restrict b, size_t size,
                             double* __restrict c) {
  for (size_t k = 0; k < size; ++k) c[k] = a[k] - b[k];
}
LW_SIMD_CLONES void multiply(const double* __restrict a, const double* __restrict b, size_t size,
                             double* __restrict c) {
  for (size_t k = 0; k < size; ++k) c[k] = a[k] * b[k];
}
LW_SIMD_CLONES void divide(const double* __restrict a, const double* __restrict b, size_t size, double* __restrict c) {
  for (size_t k = 0; k < size; ++k) c[k] = a[k] / b[k];
}
LW_SIMD_CLONES void absolute(const double* __restrict a, size_t size, double* __restrict c) {
  for (size_t k = 0; k < size; ++k) c[k] = std::abs(a[k]);
}
LW_SIMD_CLONES void to_single(const double* __restrict a, size_t size, double* __restrict c) {
  for (size_t k = 0; k < size; ++k) c[k] = static_cast<double>(static_cast<float>(a[k]));
}
LW_SIMD_CLONES void to_double(const int64_t* __restrict a, size_t size, double* __restrict c) {
  for (size_t k = 0; k < size; ++k) c[k] = static_cast<double>(a[k]);
}
// A single that became infinite though the double was not is out of range.
LW_SIMD_CLONES void find_overflow(const double* __restrict a, const double* __restrict single, size_t size,
                                  uint8_t* __restrict failed) {
  for (size_t k = 0; k < size; ++k) failed[k] = std::isinf(single[k]) && !std::isinf(a[k]) ? 1 : 0;
}

// The sign of the result is wrong where a sum or difference overflows.
LW_SIMD_CLONES void add_integers(const int64_t* __restrict a, const int64_t* __restrict b, size_t size,
                                 int64_t* __restrict c, uint8_t* __restrict failed) {
  for (size_t k = 0; k < size; ++k) {
    c[k] = static_cast<int64_t>(static_cast<uint64_t>(a[k]) + static_cast<uint64_t>(b[k]));
    failed[k] = ((a[k] ^ c[k]) & (b[k] ^ c[k])) < 0 ? 1 : 0;
  }
}
LW_SIMD_CLONES void subtract_integers(const int64_t* __restrict a, const int64_t* __restrict b, size_t size,
                                      int64_t* __restrict c, uint8_t* __restrict failed) {
  for (size_t k = 0; k < size; ++k) {
    c[k] = static_cast<int64_t>(static_cast<uint64_t>(a[k]) - static_cast<uint64_t>(b[k]));
    failed[k] = ((a[k] ^ b[k]) & (a[k] ^ c[k])) < 0 ? 1 : 0;
  }
}
void multiply_integers(const int64_t* a, const int64_t* b, size_t size, int64_t* c, uint8_t* failed) {
  for (size_t k = 0; k < size; ++k) failed[k] = __builtin_mul_overflow(a[k], b[k], &c[k]) ? 1 : 0;
}
LW_SIMD_CLONES void absolute_integers(const int64_t* __restrict a, size_t size, int64_t* __restrict c,
                                      uint8_t* __restrict failed) {
  for (size_t k = 0; k < size; ++k) {
    c[k] = a[k] < 0 ? static_cast<int64_t>(uint64_t{0} - static_cast<uint64_t>(a[k])) : a[k];
    failed[k] = c[k] < 0 ? 1 : 0;
  }
}

LW_SIMD_CLONES void equal(const double* __restrict a, const double* __restrict b, size_t size,
                          Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) {
    const bool both_nan = a[k] != a[k] && b[k] != b[k];
    truths[k] = a[k] == b[k] || both_nan ? kTrue : kFalse;
  }
}
LW_SIMD_CLONES void less(const double* __restrict a, const double* __restrict b, size_t size,
                         Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) {
    const bool second_nan = a[k] == a[k] && b[k] != b[k];
    truths[k] = a[k] < b[k] || second_nan ? kTrue : kFalse;
  }
}
LW_SIMD_CLONES void less_equal(const double* __restrict a, const double* __restrict b, size_t size,
                               Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = a[k] <= b[k] || b[k] != b[k] ? kTrue : kFalse;
}
LW_SIMD_CLONES void equal_integers(const int64_t* __restrict a, const int64_t* __restrict b, size_t size,
                                   Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = a[k] == b[k] ? kTrue : kFalse;
}
LW_SIMD_CLONES void less_integers(const int64_t* __restrict a, const int64_t* __restrict b, size_t size,
                                  Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = a[k] < b[k] ? kTrue : kFalse;
}
LW_SIMD_CLONES void less_equal_integers(const int64_t* __restrict a, const int64_t* __restrict b, size_t size,
                                        Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = a[k] <= b[k] ? kTrue : kFalse;
}

bool is_double(const SqlType& type) {
  return type.kind == SqlKind::kDecimal || type.kind == SqlKind::kFloat || type.kind == SqlKind::kDouble;
}
bool is_whole(const SqlType& type) {
  return type.is_integer() || type.kind == SqlKind::kDate || type.kind == SqlKind::kTimestamp;
}

using DoubleLoop = void (*)(const double* a, const double* b, size_t size, double* c);

DoubleLoop loop_of(Arithmetic operation) {
  switch (operation) {
    case Arithmetic::kAdd:
      return add;
    case Arithmetic::kSubtract:
      return subtract;
    case Arithmetic::kMultiply:
      return multiply;
    case Arithmetic::kDivide:
      break;
  }
  return divide;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }
bool same(int64_t a, int64_t b) { return a == b; }

// Takes the candidates that are greater (less) than the best so far, or the first that are not null.
template <bool kGreatest, typename Number>
inline void take_extreme(const Number* __restrict candidates, const uint8_t* __restrict candidate_nulls, size_t size,
                         Number* __restrict best, uint8_t* __restrict nulls) {
  for (size_t k = 0; k < size; ++k) {
    const Number low = kGreatest ? best[k] : candidates[k];
    const Number high = kGreatest ? candidates[k] : best[k];
    const bool is_better = (low < high) | ((high != high) & (low == low));
    const bool takes = (candidate_nulls[k] == 0) & ((nulls[k] != 0) | is_better);
    best[k] = takes ? candidates[k] : best[k];
    nulls[k] &= candidate_nulls[k];
  }
}
LW_SIMD_CLONES void take_greatest(const double* candidates, const uint8_t* candidate_nulls, size_t size, double* best,
                                  uint8_t* nulls) {
  take_extreme<true>(candidates, candidate_nulls, size, best, nulls);
}
LW_SIMD_CLONES void take_least(const double* candidates, const uint8_t* candidate_nulls, size_t size, double* best,
                               uint8_t* nulls) {
  take_extreme<false>(candidates, candidate_nulls, size, best, nulls);
}
LW_SIMD_CLONES void take_greatest(const int64_t* candidates, const uint8_t* candidate_nulls, size_t size, int64_t* best,
                                  uint8_t* nulls) {
  take_extreme<true>(candidates, candidate_nulls, size, best, nulls);
}
LW_SIMD_CLONES void take_least(const int64_t* candidates, const uint8_t* candidate_nulls, size_t size, int64_t* best,
                               uint8_t* nulls) {
  take_extreme<false>(candidates, candidate_nulls, size, best, nulls);
}

template <typename Number>
void take_extreme(bool greatest, const Number* candidates, const uint8_t* candidate_nulls, size_t size, Number* best,
                  uint8_t* nulls) {
  (greatest ? take_greatest(candidates, candidate_nulls, size, best, nulls)
            : take_least(candidates, candidate_nulls, size, best, nulls));
}

template <typename Number>
void null_if_equal(const BlockCall& call, const Number* first, const Number* second, Number* result) {
  for (size_t k = 0; k < call.size; ++k) {
    const bool is_equal = !call.arguments[1].is_null(k) && same(first[k], second[k]);
    result[k] = first[k];
    call.result->nulls()[k] = call.arguments[0].is_null(k) || is_equal ? 1 : 0;
  }
}

}  // namespace

BlockFunction block_arithmetic(Arithmetic operation) {
  return [loop = loop_of(operation)](const BlockCall& call) {
    loop(call.arguments[0].numbers, call.arguments[1].numbers, call.size, call.result->numbers());
  };
}

BlockFunction block_float_arithmetic(Arithmetic operation) {
  return [loop = loop_of(operation)](const BlockCall& call) {
    double exact[kBlockSize];
    loop(call.arguments[0].numbers, call.arguments[1].numbers, call.size, exact);
    to_single(exact, call.size, call.result->numbers());
  };
}

BlockFunction block_integer_arithmetic(Arithmetic operation) {
  const auto loop = operation == Arithmetic::kAdd        ? add_integers
                    : operation == Arithmetic::kSubtract ? subtract_integers
                                                         : multiply_integers;
  return [loop](const BlockCall& call) {
    loop(call.arguments[0].integers, call.arguments[1].integers, call.size, call.result->integers(), call.failed);
  };
}

BlockFunction block_absolute() {
  return [](const BlockCall& call) { absolute(call.arguments[0].numbers, call.size, call.result->numbers()); };
}

BlockFunction block_integer_absolute() {
  return [](const BlockCall& call) {
    absolute_integers(call.arguments[0].integers, call.size, call.result->integers(), call.failed);
  };
}

BlockFunction block_function(double (*function)(double)) {
  return [function](const BlockCall& call) {
    const double* x = call.arguments[0].numbers;
    for (size_t k = 0; k < call.size; ++k) call.result->numbers()[k] = function(x[k]);
  };
}

BlockFunction block_function(double (*function)(double, double)) {
  return [function](const BlockCall& call) {
    const double* x = call.arguments[0].numbers;
    const double* y = call.arguments[1].numbers;
    for (size_t k = 0; k < call.size; ++k) call.result->numbers()[k] = function(x[k], y[k]);
  };
}

BlockFunction block_function(bool (*test)(double)) {
  return [test](const BlockCall& call) {
    const double* x = call.arguments[0].numbers;
    for (size_t k = 0; k < call.size; ++k) call.result->truths()[k] = truth_of(test(x[k]));
  };
}

BlockFunction block_order(Order order, const SqlType& type) {
  const bool mirrored = order == Order::kGreater || order == Order::kGreaterEqual;
  const bool or_equal = order == Order::kLessEqual || order == Order::kGreaterEqual;
  if (is_double(type)) {
    const auto loop = order == Order::kEqual ? equal : or_equal ? less_equal : less;
    return [=](const BlockCall& call) {
      loop(call.arguments[mirrored ? 1 : 0].numbers, call.arguments[mirrored ? 0 : 1].numbers, call.size,
           call.result->truths());
    };
  }
  if (type.kind == SqlKind::kVarchar && order == Order::kEqual) {
    return block_texts_function([](std::string_view a, std::string_view b) { return a == b; });
  }
  if (!is_whole(type)) return {};
  const auto loop = order == Order::kEqual ? equal_integers : or_equal ? less_equal_integers : less_integers;
  return [=](const BlockCall& call) {
    loop(call.arguments[mirrored ? 1 : 0].integers, call.arguments[mirrored ? 0 : 1].integers, call.size,
         call.result->truths());
  };
}

BlockFunction block_is_null() {
  return [](const BlockCall& call) {
    for (size_t k = 0; k < call.size; ++k) call.result->truths()[k] = truth_of(call.arguments[0].is_null(k));
  };
}

BlockFunction block_not() {
  return [](const BlockCall& call) {
    for (size_t k = 0; k < call.size; ++k) call.result->truths()[k] = truth_not(call.arguments[0].truths[k]);
  };
}

BlockFunction block_extreme(bool greatest, const SqlType& type) {
  if (!is_double(type) && !is_whole(type)) return {};
  return [greatest, of_doubles = is_double(type)](const BlockCall& call) {
    std::fill_n(call.result->nulls(), call.size, uint8_t{1});
    static constexpr std::array<uint8_t, kBlockSize> kNoNulls{};
    for (const BlockColumn& argument : call.arguments) {
      const uint8_t* nulls = argument.nulls == nullptr ? kNoNulls.data() : argument.nulls;
      if (of_doubles) {
        take_extreme(greatest, argument.numbers, nulls, call.size, call.result->numbers(), call.result->nulls());
      } else {
        take_extreme(greatest, argument.integers, nulls, call.size, call.result->integers(), call.result->nulls());
      }
    }
  };
}

BlockFunction block_null_if(const SqlType& type) {
  if (is_double(type)) {
    return [](const BlockCall& call) {
      null_if_equal(call, call.arguments[0].numbers, call.arguments[1].numbers, call.result->numbers());
    };
  }
  if (!is_whole(type)) return {};
  return [](const BlockCall& call) {
    null_if_equal(call, call.arguments[0].integers, call.arguments[1].integers, call.result->integers());
  };
}

BlockFunction block_cast(const SqlType& from, const SqlType& to, bool is_try) {
  if (from.is_integer() && to.kind == SqlKind::kDouble) {
    return [](const BlockCall& call) { to_double(call.arguments[0].integers, call.size, call.result->numbers()); };
  }
  if (from.is_integer() && to.kind == SqlKind::kFloat) {
    return [](const BlockCall& call) {
      double exact[kBlockSize];
      to_double(call.arguments[0].integers, call.size, exact);
      to_single(exact, call.size, call.result->numbers());
    };
  }
  if (is_double(from) && to.kind == SqlKind::kFloat && !is_try) {
    return [](const BlockCall& call) {
      to_single(call.arguments[0].numbers, call.size, call.result->numbers());
      find_overflow(call.arguments[0].numbers, call.result->numbers(), call.size, call.failed);
    };
  }
  if (from.kind == SqlKind::kDate && to.kind == SqlKind::kTimestamp && !is_try) {
    return [](const BlockCall& call) {
      const int64_t* days = call.arguments[0].integers;
      for (size_t k = 0; k < call.size; ++k) {
        call.failed[k] = __builtin_mul_overflow(days[k], kMicrosPerDay, &call.result->integers()[k]) ? 1 : 0;
      }
    };
  }
  return {};
}

}  // namespace linkwright
