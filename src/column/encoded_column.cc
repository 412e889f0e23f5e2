#include "column/encoded_column.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>

#include <utility>

#include "column/value_dictionary.h"
#include "expr/arrow_values.h"

namespace linkwright {
namespace {

constexpr uint32_t kMaxValues = UINT32_MAX - 2;

// Text values of a dictionary as one Arrow array; large offsets only where 2 GiB are not enough.
Result<std::shared_ptr<arrow::Array>> text_array(const ByteStringDictionary& dictionary) {
  arrow::LargeStringBuilder large;
  arrow::StringBuilder small;
  int64_t bytes = 0;
  for (uint32_t code = 1; code <= dictionary.size(); ++code)
    bytes += static_cast<int64_t>(dictionary.value(code).size());
  const auto fill = [&](auto& builder) -> Result<std::shared_ptr<arrow::Array>> {
    ARROW_RETURN_NOT_OK(builder.Reserve(dictionary.size()));
    ARROW_RETURN_NOT_OK(builder.ReserveData(bytes));
    for (uint32_t code = 1; code <= dictionary.size(); ++code) builder.UnsafeAppend(dictionary.value(code));
    return builder.Finish();
  };
  return bytes < INT32_MAX ? fill(small) : fill(large);
}

template <typename StringArray>
void append_text(const StringArray& chunk, ByteStringDictionary* dictionary, uint32_t* codes) {
  for (int64_t row = 0; row < chunk.length(); ++row) {
    codes[row] = chunk.IsNull(row) ? 0 : dictionary->code(chunk.GetView(row));
  }
}

Status append_any(const std::shared_ptr<arrow::Array>& chunk, ByteStringDictionary* dictionary,
                  ValueArrayBuilder* distinct, uint32_t* codes) {
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(chunk));
  std::string key;
  for (int64_t row = 0; row < chunk->length(); ++row) {
    const Value value = values.at(row);
    if (value.is_null()) {
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

// Codes of a dictionary-encoded chunk: each entry of its dictionary is looked up once, when a row first uses it.
Status append_dictionary(const arrow::DictionaryArray& chunk, ByteStringDictionary* dictionary,
                         ValueArrayBuilder* distinct, uint32_t* codes) {
  std::vector<uint32_t> code_of(static_cast<size_t>(chunk.dictionary()->length()), kNoCode);
  const auto code_of_entry = [&](int64_t entry) -> Result<uint32_t> {
    uint32_t& code = code_of[static_cast<size_t>(entry)];
    if (code != kNoCode) return code;
    const std::shared_ptr<arrow::Array> one = chunk.dictionary()->Slice(entry, 1);
    if (const auto* text = dynamic_cast<const arrow::StringArray*>(chunk.dictionary().get())) {
      code = text->IsNull(entry) ? 0 : dictionary->code(text->GetView(entry));
    } else if (const auto* large = dynamic_cast<const arrow::LargeStringArray*>(chunk.dictionary().get())) {
      code = large->IsNull(entry) ? 0 : dictionary->code(large->GetView(entry));
    } else {
      ARROW_RETURN_NOT_OK(append_any(one, dictionary, distinct, &code));
    }
    return code;
  };
  for (int64_t row = 0; row < chunk.length(); ++row) {
    if (chunk.IsNull(row)) {
      codes[row] = 0;
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(codes[row], code_of_entry(chunk.GetValueIndex(row)));
  }
  return Status::OK();
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
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder distinct, ValueArrayBuilder::make(encoded.type));
  uint32_t* codes = encoded.codes.data();
  for (const std::shared_ptr<arrow::Array>& chunk : column.chunks()) {
    ARROW_RETURN_NOT_OK(append_chunk(chunk, &dictionary, &distinct, codes));
    codes += chunk->length();
    if (dictionary.size() > kMaxValues) {
      return Status::CapacityError("column '", encoded.name, "' has more than ", kMaxValues, " distinct values");
    }
  }
  if (encoded.type.kind == ValueKind::kText) {
    ARROW_ASSIGN_OR_RAISE(encoded.values, text_array(dictionary));
  } else {
    ARROW_ASSIGN_OR_RAISE(encoded.values, distinct.finish());
  }
  return encoded;
}

Result<DerivedCodes> derive_codes(const EncodedColumn& source, const Evaluator& evaluator) {
  DerivedCodes derived;
  derived.type = evaluator.type();
  if (derived.type.kind == ValueKind::kNull) derived.type.kind = ValueKind::kText;
  ARROW_ASSIGN_OR_RAISE(ArrayValues inputs, ArrayValues::make(source.values));
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder distinct, ValueArrayBuilder::make(derived.type));
  ByteStringDictionary dictionary;
  Evaluator::Scratch scratch;
  std::string key;
  derived.code_of.resize(source.num_codes());
  for (uint32_t code = 0; code < source.num_codes(); ++code) {
    const Value input = code == 0 ? Value::null() : inputs.at(code - 1);
    scratch.clear();
    ARROW_ASSIGN_OR_RAISE(const Value output, evaluator.evaluate({&input, evaluator.columns().size()}, scratch));
    if (output.is_null()) {
      derived.code_of[code] = 0;
      continue;
    }
    key.clear();
    append_key(output, &key);
    const uint32_t known = dictionary.size();
    derived.code_of[code] = dictionary.code(key);
    if (dictionary.size() > known) ARROW_RETURN_NOT_OK(distinct.append(output));
  }
  ARROW_ASSIGN_OR_RAISE(derived.values, distinct.finish());
  return derived;
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

std::vector<double> term_frequencies(const EncodedColumn& column) {
  const std::vector<uint32_t> counts = count_codes(column);
  std::vector<double> frequencies(counts.size());
  const double not_null = static_cast<double>(column.codes.size() - counts[0]);
  for (size_t code = 1; code < counts.size(); ++code) frequencies[code] = counts[code] / not_null;
  return frequencies;
}

}  // namespace linkwright
