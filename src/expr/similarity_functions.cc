#include "expr/block_functions.h"
#include "expr/function_library.h"
#include "text/damerau_levenshtein.h"
#include "text/hamming.h"
#include "text/jaccard.h"
#include "text/jaro.h"
#include "text/levenshtein.h"

namespace linkwright {
namespace {

constexpr SqlKind kText = SqlKind::kVarchar;

template <typename Distance>
ScalarFunction distance_function(Distance distance) {
  return [distance](Values values, Frame& /*frame*/) {
    return Value::of_integer(static_cast<int64_t>(distance(values[0].text(), values[1].text())));
  };
}

// DuckDB defines neither for empty texts, nor hamming for texts of two lengths.
Value hamming_of(Values values, Frame& frame) {
  const std::string_view a = values[0].text();
  const std::string_view b = values[1].text();
  if (a.size() != b.size()) return frame.fail("hamming wants texts of equal length in bytes");
  if (a.empty()) return frame.fail("hamming of empty texts is not defined");
  return Value::of_integer(static_cast<int64_t>(hamming(a, b)));
}

Value jaccard_of(Values values, Frame& frame) {
  const std::string_view a = values[0].text();
  const std::string_view b = values[1].text();
  if (a.empty() || b.empty())
    return frame.fail("jaccard of an empty text is not defined; turn '' into NULL with nullif");
  return Value::of_double(jaccard(a, b));
}

// With a third argument, similarities below it become 0.
template <typename Similarity>
BoundCall similarity_call(size_t argument_count, Similarity similarity) {
  auto compute = [similarity](Values values, Frame& /*frame*/) {
    const double result = similarity(values[0].text(), values[1].text());
    return Value::of_double(values.size() > 2 && result < values[2].number ? 0.0 : result);
  };
  BoundCall call{{kVarchar, kVarchar}, kDouble, std::move(compute)};
  if (argument_count > 2) {
    call.parameters.push_back(kDouble);
  } else {
    call.block = block_texts_function(similarity);
  }
  return call;
}

Result<BoundCall> bind_jaro(const BindContext& context) {
  return similarity_call(context.operands.size(), [](std::string_view a, std::string_view b) { return jaro(a, b); });
}

Result<BoundCall> bind_jaro_winkler(const BindContext& context) {
  const JaroWinklerRounding rounding = context.jaro_winkler;
  return similarity_call(context.operands.size(),
                         [rounding](std::string_view a, std::string_view b) { return jaro_winkler(a, b, rounding); });
}

}  // namespace

void add_similarity_functions(FunctionLibrary& library) {
  const auto plain = [](std::string_view a, std::string_view b) { return levenshtein(a, b); };
  const auto damerau = [](std::string_view a, std::string_view b) { return damerau_levenshtein(a, b); };
  library.add("levenshtein",
              {{{kText, kText}, SqlKind::kBigint, distance_function(plain), block_texts_function(plain)}});
  library.add("damerau_levenshtein",
              {{{kText, kText}, SqlKind::kBigint, distance_function(damerau), block_texts_function(damerau)}});
  library.add("hamming", {{{kText, kText}, SqlKind::kBigint, hamming_of}});
  library.add("jaccard", {{{kText, kText}, SqlKind::kDouble, jaccard_of}});
  library.add("jaro_similarity", Binder(bind_jaro));
  library.add("jaro_winkler_similarity", Binder(bind_jaro_winkler));
}

}  // namespace linkwright
