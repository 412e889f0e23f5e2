#include "column/encoded_column.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "column/integer_range.h"
#include "column/value_dictionary.h"
#include "expr/arrow_values.h"

namespace linkwright {
namespace {

constexpr uint32_t kMaxValues = UINT32_MAX - 2;

template <typename TextArray>
void append_text(const TextArray& chunk, ByteStringDictionary* dictionary, uint32_t* codes) {
  constexpr int64_t kRowsAtOnce = 1024;
  std::vector<std::string_view> texts;
  std::vector<uint32_t> found(kRowsAtOnce);
  for (int64_t begin = 0; begin < chunk.length(); begin += kRowsAtOnce) {
    const int64_t end = std::min(begin + kRowsAtOnce, chunk.length());
    texts.clear();
    for (int64_t row = begin; row < end; ++row) {
      if (chunk.IsValid(row)) texts.push_back(chunk.GetView(row));
    }
    dictionary->codes(texts, found.data());
    const uint32_t* next = found.data();
    for (int64_t row = begin; row < end; ++row) codes[row] = chunk.IsValid(row) ? *next++ : 0;
  }
}

// Expressions take such a number for null, which would lose the value without a word.
Status append_any(const std::shared_ptr<arrow::Array>& chunk, ByteStringDictionary* dictionary,
                  ValueArrayBuilder* distinct, uint32_t* codes) {
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(chunk));
  std::string key;
  for (int64_t row = 0; row < chunk->length(); ++row) {
    const Value value = values.at(row);
    if (value.is_null()) {
      ARROW_RETURN_NOT_OK(check_integer_range(*chunk, row));
      codes[row] = 0;
      continue;
    }
    key.clear();
    append_key(value, &key);
    const uint32_t known = dictionary->size();
    codes[row] = dictionary->code(key);
    if (dictionary->size() > known) ARROW_RETURN_NOT_OK(distinct->append(value));
  }
  return Status::OK();
}

// The code of one entry of a chunk's dictionary.
Result<uint32_t> code_of_entry(const arrow::Array& entries, int64_t entry, ByteStringDictionary* dictionary,
                               ValueArrayBuilder* distinct) {
  if (entries.IsNull(entry)) return 0;
  switch (entries.type_id()) {
    case arrow::Type::STRING:
      return dictionary->code(static_cast<const arrow::StringArray&>(entries).GetView(entry));
    case arrow::Type::LARGE_STRING:
      return dictionary->code(static_cast<const arrow::LargeStringArray&>(entries).GetView(entry));
    default: {
      uint32_t code = 0;
      ARROW_RETURN_NOT_OK(append_any(entries.Slice(entry, 1), dictionary, distinct, &code));
      return code;
    }
  }
}

// Codes of a dictionary-encoded chunk: each entry of its dictionary is looked up once, when a row first uses it.
Status append_dictionary(const arrow::DictionaryArray& chunk, ByteStringDictionary* dictionary,
                         ValueArrayBuilder* distinct, uint32_t* codes) {
  const arrow::Array& entries = *chunk.dictionary();
  std::vector<uint32_t> code_of(static_cast<size_t>(entries.length()), kNoCode);
  const auto append = [&](const auto& entry_of_row) -> Status {
    for (int64_t row = 0; row < chunk.length(); ++row) {
      if (chunk.IsNull(row)) {
        codes[row] = 0;
        continue;
      }
      const int64_t entry = entry_of_row(row);
      uint32_t& code = code_of[static_cast<size_t>(entry)];
      if (code == kNoCode) {
        ARROW_ASSIGN_OR_RAISE(code, code_of_entry(entries, entry, dictionary, distinct));
      }
      codes[row] = code;
    }
    return Status::OK();
  };
  if (chunk.indices()->type_id() == arrow::Type::INT32) {  // as Parquet's reader gives them
    const int32_t* indices = static_cast<const arrow::Int32Array&>(*chunk.indices()).raw_values();
    return append([indices](int64_t row) { return indices[row]; });
  }
  return append([&chunk](int64_t row) { return chunk.GetValueIndex(row); });
}

Status append_chunk(const std::shared_ptr<arrow::Array>& chunk, ByteStringDictionary* dictionary,
                    ValueArrayBuilder* distinct, uint32_t* codes) {
  switch (chunk->type_id()) {
    case arrow::Type::STRING:
      append_text(static_cast<const arrow::StringArray&>(*chunk), dictionary, codes);
      return Status::OK();
    case arrow::Type::LARGE_STRING:
      append_text(static_cast<const arrow::LargeStringArray&>(*chunk), dictionary, codes);
      return Status::OK();
    case arrow::Type::DICTIONARY:
      return append_dictionary(static_cast<const arrow::DictionaryArray&>(*chunk), dictionary, distinct, codes);
    default:
      return append_any(chunk, dictionary, distinct, codes);
  }
}

// No more values than this, and no more bytes in them, are distinct in a column of text; none of other columns.
struct TextBound {
  size_t values = 0;
  size_t bytes = 0;

  void add(const arrow::Array& texts) {
    if (texts.type_id() == arrow::Type::STRING) {
      bytes += static_cast<size_t>(static_cast<const arrow::StringArray&>(texts).total_values_length());
    } else if (texts.type_id() == arrow::Type::LARGE_STRING) {
      bytes += static_cast<size_t>(static_cast<const arrow::LargeStringArray&>(texts).total_values_length());
    } else {
      return;
    }
    values += static_cast<size_t>(texts.length());
  }
};

TextBound bound_of(const arrow::ChunkedArray& column) {
  TextBound bound;
  const arrow::Array* last = nullptr;  // chunks of a row group share their dictionary
  for (const std::shared_ptr<arrow::Array>& chunk : column.chunks()) {
    const arrow::Array* texts = chunk.get();
    if (chunk->type_id() == arrow::Type::DICTIONARY) {
      texts = static_cast<const arrow::DictionaryArray&>(*chunk).dictionary().get();
    }
    if (texts != last) bound.add(*texts);
    last = texts;
  }
  return bound;
}

}  // namespace

uint32_t EncodedColumn::num_codes() const { return static_cast<uint32_t>(values->length()) + 1; }
uint32_t DerivedCodes::num_codes() const { return static_cast<uint32_t>(values->length()) + 1; }

Result<EncodedColumn> encode_column(std::string name, const arrow::ChunkedArray& column) {
  EncodedColumn encoded;
  encoded.name = std::move(name);
  auto type = value_type(*column.type());
  if (!type.ok()) return type.status().WithMessage("column '", encoded.name, "': ", type.status().message());
  encoded.type = *type;
  if (encoded.type.kind == ValueKind::kNull) encoded.type.kind = ValueKind::kText;  // a column of nulls only
  encoded.codes.resize(static_cast<size_t>(column.length()));
  ByteStringDictionary dictionary;
  const TextBound bound = bound_of(column);
  dictionary.reserve(bound.values, bound.bytes);
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder distinct, ValueArrayBuilder::make(encoded.type));
  uint32_t* codes = encoded.codes.data();
  for (const std::shared_ptr<arrow::Array>& chunk : column.chunks()) {
    const Status appended = append_chunk(chunk, &dictionary, &distinct, codes);
    if (!appended.ok()) return appended.WithMessage("column '", encoded.name, "': ", appended.message());
    codes += chunk->length();
    if (dictionary.size() > kMaxValues) {
      return Status::CapacityError("column '", encoded.name, "' has more than ", kMaxValues, " distinct values");
    }
  }
  if (encoded.type.kind == ValueKind::kText) {
    ARROW_ASSIGN_OR_RAISE(encoded.values, std::move(dictionary).to_text_array());
  } else {
    ARROW_ASSIGN_OR_RAISE(encoded.values, distinct.finish());
  }
  return encoded;
}

Result<DerivedCodes> derive_codes(const Evaluator& evaluator, size_t num_inputs, const DerivedInput& input) {
  DerivedCodes derived;
  derived.type = evaluator.type();
  if (derived.type.kind == ValueKind::kNull) derived.type.kind = ValueKind::kText;
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder distinct, ValueArrayBuilder::make(derived.type));
  ByteStringDictionary dictionary;
  Evaluator::Scratch scratch;
  std::vector<Value> values(evaluator.columns().size());
  std::string key;
  derived.code_of.resize(num_inputs);
  for (size_t i = 0; i < num_inputs; ++i) {
    input(static_cast<uint32_t>(i), values.data());
    scratch.clear();
    ARROW_ASSIGN_OR_RAISE(const Value output, evaluator.evaluate(values, scratch));
    if (output.is_null()) continue;
    key.clear();
    append_key(output, &key);
    const uint32_t known = dictionary.size();
    derived.code_of[i] = dictionary.code(key);
    if (dictionary.size() > known) ARROW_RETURN_NOT_OK(distinct.append(output));
  }
  ARROW_ASSIGN_OR_RAISE(derived.values, distinct.finish());
  return derived;
}

Result<DerivedCodes> derive_codes(const EncodedColumn& source, const Evaluator& evaluator) {
  ARROW_ASSIGN_OR_RAISE(ArrayValues inputs, ArrayValues::make(source.values));
  const bool reads_it = !evaluator.columns().empty();
  return derive_codes(evaluator, source.num_codes(), [&](uint32_t code, Value* value) {
    if (reads_it) *value = code == 0 ? Value::null() : inputs.at(code - 1);
  });
}

Result<std::vector<uint32_t>> translate_codes(const arrow::Array& from, const arrow::Array& to) {
  ARROW_ASSIGN_OR_RAISE(ArrayValues from_values, ArrayValues::make(arrow::MakeArray(from.data())));
  ARROW_ASSIGN_OR_RAISE(ArrayValues to_values, ArrayValues::make(arrow::MakeArray(to.data())));
  ByteStringDictionary dictionary;
  std::string key;
  for (int64_t row = 0; row < to.length(); ++row) {
    key.clear();
    append_key(to_values.at(row), &key);
    dictionary.code(key);
  }
  std::vector<uint32_t> translated(static_cast<size_t>(from.length()) + 1, kNoCode);
  for (int64_t row = 0; row < from.length(); ++row) {
    key.clear();
    append_key(from_values.at(row), &key);
    const uint32_t code = dictionary.find(key);
    if (code != 0) translated[static_cast<size_t>(row) + 1] = code;
  }
  return translated;
}

std::vector<uint32_t> count_codes(const EncodedColumn& column) {
  std::vector<uint32_t> counts(column.num_codes());
  for (const uint32_t code : column.codes) ++counts[code];
  return counts;
}

namespace {

Status too_many_frequencies(const EncodedColumn& column) {
  return Status::CapacityError("column ", column.name, " has more than 65,535 different term frequencies");
}

Result<TermFrequencyRanks> rank_given_frequencies(const EncodedColumn& column) {
  const std::vector<double>& of_code = column.given_frequencies;
  TermFrequencyRanks ranks{std::vector<uint16_t>(of_code.size()), {of_code.begin() + 1, of_code.end()}};
  std::vector<double>& distinct = ranks.frequencies;
  distinct.push_back(0.0);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() > size_t{UINT16_MAX} + 1) return too_many_frequencies(column);
  for (size_t code = 1; code < of_code.size(); ++code) {
    const auto place = std::lower_bound(distinct.begin(), distinct.end(), of_code[code]);
    ranks.rank_of_code[code] = static_cast<uint16_t>(place - distinct.begin());
  }
  return ranks;
}

}  // namespace

Result<TermFrequencyRanks> rank_term_frequencies(const EncodedColumn& column) {
  if (!column.given_frequencies.empty()) return rank_given_frequencies(column);
  const std::vector<uint32_t> counts = count_codes(column);
  const double not_null = static_cast<double>(column.codes.size() - counts[0]);
  std::vector<bool> occurs(size_t{*std::max_element(counts.begin(), counts.end())} + 1);
  for (size_t code = 1; code < counts.size(); ++code) occurs[counts[code]] = true;
  TermFrequencyRanks ranks{std::vector<uint16_t>(counts.size()), {0.0}};
  std::vector<uint16_t> rank_of_count(occurs.size());
  for (size_t count = 1; count < occurs.size(); ++count) {
    if (!occurs[count]) continue;
    if (ranks.frequencies.size() > UINT16_MAX) return too_many_frequencies(column);
    rank_of_count[count] = static_cast<uint16_t>(ranks.frequencies.size());
    ranks.frequencies.push_back(static_cast<double>(count) / not_null);
  }
  for (size_t code = 1; code < counts.size(); ++code) ranks.rank_of_code[code] = rank_of_count[counts[code]];
  return ranks;
}

}  // namespace linkwright
