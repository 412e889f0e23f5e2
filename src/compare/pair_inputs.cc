#include "compare/pair_inputs.h"

#include <arrow/array.h>

#include <algorithm>
#include <bit>
#include <type_traits>
#include <utility>

namespace linkwright {
namespace {

bool is_whole(ValueKind kind) {
  return kind == ValueKind::kInteger || kind == ValueKind::kDate || kind == ValueKind::kTimestamp;
}

bool is_borrowed(ValueKind kind) {
  return kind == ValueKind::kText || kind == ValueKind::kList || kind == ValueKind::kNull;
}

uint64_t cell_of(const Value& value) {
  if (value.kind == ValueKind::kBoolean) return value.boolean ? 1 : 0;
  if (value.kind == ValueKind::kDouble) return std::bit_cast<uint64_t>(value.number);
  return static_cast<uint64_t>(value.integer);
}

// By value code: what stands for the value in a cell.
Result<std::vector<uint64_t>> cells_of_values(const PairInputs::Source& source) {
  const auto length = static_cast<size_t>(source.values->length());
  std::vector<uint64_t> cells(length + 1);
  if (is_borrowed(source.kind)) {
    for (size_t code = 1; code <= length; ++code) cells[code] = code - 1;
    return cells;
  }
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(source.values));
  for (size_t code = 1; code <= length; ++code) cells[code] = cell_of(values.at(static_cast<int64_t>(code) - 1));
  return cells;
}

}  // namespace

Result<PairInputs> PairInputs::make(const BaseColumn& base, std::vector<Source> sources) {
  constexpr size_t kBits = 64;
  PairInputs inputs;
  inputs.sources_ = std::move(sources);
  inputs.null_words_ = (inputs.sources_.size() + kBits - 1) / kBits;
  inputs.cells_.resize(base.num_codes * inputs.width());
  const size_t members = base.members.size();
  for (size_t i = 0; i < inputs.sources_.size(); ++i) {
    Source& source = inputs.sources_[i];
    ARROW_ASSIGN_OR_RAISE(const std::vector<uint64_t> cells, cells_of_values(source));
    for (uint32_t code = 0; code < base.num_codes; ++code) {
      const uint32_t member = members == 1 ? code : base.member_codes[code * members + source.member];
      const uint32_t value = source.code_of.empty() ? member : source.code_of[member];
      uint64_t* const of_code = inputs.cells_.data() + code * inputs.width();
      if (value == 0) of_code[i / kBits] |= uint64_t{1} << (i % kBits);
      of_code[inputs.null_words_ + i] = cells[value];
    }
    source.code_of = {};  // the cells have it
  }
  return inputs;
}

Result<PairInputs::Columns> PairInputs::Columns::make(const PairInputs& inputs) {
  Columns columns;
  columns.inputs_ = &inputs;
  columns.columns_.resize(inputs.size());
  for (const Source& source : inputs.sources_) {
    columns.arrays_.emplace_back();
    if (!is_borrowed(source.kind)) continue;
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(source.values));
    columns.arrays_.back() = std::make_unique<ArrayValues>(std::move(values));
  }
  return columns;
}

Value PairInputs::Columns::borrowed_value(size_t i, uint64_t cell) {
  const Value value = arrays_[i]->at(static_cast<int64_t>(cell));
  return value.kind == ValueKind::kList ? lists_.copy(value) : value;  // the array builds lists in one buffer for all
}

void PairInputs::Columns::load_input(size_t i, std::span<const uint32_t> codes) {
  Column& column = columns_[i];
  const size_t size = codes.size();
  const size_t place = inputs_->null_words_ + i;
  // Calls set(k, cell, is null) for every record.
  const auto for_each = [&](const auto& set) {
    for (size_t k = 0; k < size; ++k) set(k, inputs_->cells_of(codes[k])[place], inputs_->is_null(codes[k], i));
  };
  const auto set_numbers = [&](auto* numbers) {
    numbers->resize(size);
    column.nulls.resize(size);
    column.has_nulls = false;
    for_each([&](size_t k, uint64_t cell, bool is_null) {
      (*numbers)[k] = std::bit_cast<std::decay_t<decltype((*numbers)[k])>>(cell);
      column.nulls[k] = is_null ? 1 : 0;
      column.has_nulls = column.has_nulls || is_null;
    });
  };
  const ValueKind kind = inputs_->sources_[i].kind;
  if (kind == ValueKind::kDouble) return set_numbers(&column.numbers);
  if (is_whole(kind)) return set_numbers(&column.integers);
  if (kind == ValueKind::kBoolean) {
    column.truths.resize(size);
    return for_each(
        [&](size_t k, uint64_t cell, bool is_null) { column.truths[k] = is_null ? kNullTruth : truth_of(cell != 0); });
  }
  column.values.resize(size);
  for_each([&](size_t k, uint64_t cell, bool is_null) {
    column.values[k] = is_null ? Value::null() : borrowed_value(i, cell);
  });
}

void PairInputs::Columns::load(std::span<const uint32_t> codes) {
  lists_.clear();
  for (size_t i = 0; i < columns_.size(); ++i) load_input(i, codes);
}

void PairInputs::Columns::load_repeated(uint32_t code, size_t size) {
  load({&code, 1});
  const auto repeat = [size](auto* values) {
    if (!values->empty()) values->assign(size, std::decay_t<decltype(values->front())>(values->front()));
  };
  for (Column& column : columns_) {
    repeat(&column.truths);
    repeat(&column.integers);
    repeat(&column.numbers);
    repeat(&column.values);
    repeat(&column.nulls);
  }
}

BlockColumn PairInputs::Columns::column(size_t i, size_t begin) const {
  const Column& column = columns_[i];
  const auto from = [begin](const auto& values) { return values.empty() ? nullptr : values.data() + begin; };
  return {inputs_->sources_[i].kind, from(column.truths), from(column.integers),
          from(column.numbers),      from(column.values), column.has_nulls ? from(column.nulls) : nullptr};
}

}  // namespace linkwright
