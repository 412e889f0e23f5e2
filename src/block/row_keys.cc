#include "block/row_keys.h"

#include <arrow/array.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "block/keyed_rows.h"
#include "column/value_dictionary.h"
#include "expr/arrow_values.h"

namespace linkwright {
namespace {

// One side of one equality: for every row a code.
struct KeyPart {
  const EncodedColumn* column = nullptr;  // null: `row_codes` hold the codes themselves
  std::vector<uint32_t> code_of;          // of the column's codes; empty: they are the codes
  std::vector<uint32_t> row_codes;
  std::shared_ptr<arrow::Array> values;
  ValueType type;

  uint64_t num_codes() const { return static_cast<uint64_t>(values->length()) + 1; }

  uint32_t code(size_t row) const {
    if (column == nullptr) return row_codes[row];
    return code_of.empty() ? column->codes[row] : code_of[column->codes[row]];
  }
};

Result<Evaluator> compile_key(const Expression& key, const RuleArm& arm, const RecordTable& records,
                              const EvaluationOptions& options) {
  return Evaluator::compile(
      key, arm.rule_sql, [&](const ColumnReference& column) { return records.column_type(column.name); }, options);
}

Result<KeyPart> key_part(const Expression& key, const RuleArm& arm, const RecordTable& records,
                         const EvaluationOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const Evaluator evaluator, compile_key(key, arm, records, options));
  KeyPart part;
  part.type = evaluator.type();
  if (evaluator.columns().size() != 1) {  // first_name || surname
    ARROW_ASSIGN_OR_RAISE(DerivedCodes derived, derive_codes_of_rows(records, evaluator));
    part.row_codes = std::move(derived.code_of);
    part.values = std::move(derived.values);
    return part;
  }
  ARROW_ASSIGN_OR_RAISE(part.column, records.column(evaluator.columns()[0].name));
  if (key.kind() == Expression::Kind::kColumn) {
    part.values = part.column->values;
    return part;
  }
  ARROW_ASSIGN_OR_RAISE(DerivedCodes derived, derive_codes(*part.column, evaluator));
  part.code_of = std::move(derived.code_of);
  part.values = std::move(derived.values);
  return part;
}

// Gives the right side's values the codes of the left side's; values that no left record has can make no pair.
Status use_codes_of(const KeyPart& left, KeyPart* right) {
  ARROW_ASSIGN_OR_RAISE(std::vector<uint32_t> translated, translate_codes(*right->values, *left.values));
  for (uint32_t& code : translated) code = code == kNoCode ? 0 : code;
  if (right->column != nullptr && right->code_of.empty()) {
    right->code_of = std::move(translated);
    return Status::OK();
  }
  for (uint32_t& code : right->column == nullptr ? right->row_codes : right->code_of) code = translated[code];
  return Status::OK();
}

bool same_on_both_sides(const KeyEquality& key) {
  // Printing drops positions; sides are the only difference that does not count.
  const std::function<bool(const Expression&, const Expression&)> same = [&](const Expression& a, const Expression& b) {
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
      case Expression::Kind::kColumn:
        return a.column().name == b.column().name;
      case Expression::Kind::kCall:
        return a.function() == b.function() &&
               std::equal(a.arguments().begin(), a.arguments().end(), b.arguments().begin(), b.arguments().end(), same);
      default:
        return a == b;
    }
  };
  return same(key.left, key.right);
}

Status check_types(const KeyEquality& equality, const KeyPart& left, const KeyPart& right) {
  if (left.type == right.type) return Status::OK();
  return Status::TypeError("the key ", equality.left.to_sql(), " is ", to_string(left.type), " and ",
                           equality.right.to_sql(), " is ", to_string(right.type), "; cast one to the other's type");
}

// Makes every row's code the last digit of its key.
void append_code(const KeyPart& part, uint64_t num_codes, std::vector<uint64_t>* keys) {
  const auto append = [&](const auto& code_of_row) {
    for (size_t row = 0; row < keys->size(); ++row) {
      uint64_t& key = (*keys)[row];
      const uint64_t code = code_of_row(row);
      key = key == 0 || code == 0 ? 0 : key * num_codes + code;
    }
  };
  if (part.column == nullptr) {
    append([&](size_t row) { return part.row_codes[row]; });
  } else if (part.code_of.empty()) {
    append([&](size_t row) { return part.column->codes[row]; });
  } else {
    append([&](size_t row) { return part.code_of[part.column->codes[row]]; });
  }
}

// Numbers the keys anew, in their order, leaving out those that make no pair: a single row, or rows of one side only.
void renumber(RowKeys* keys) {
  const size_t num_left = keys->left.size();
  const size_t num_rows = num_left + keys->right.size();  // those of the right side behind those of the left
  const auto key_of = [&](size_t row) -> uint64_t& {
    return row < num_left ? keys->left[row] : keys->right[row - num_left];
  };
  keys->largest = with_keyed_rows(keys->largest, num_rows, [&](const auto& new_rows) {
    auto rows = new_rows(num_rows);
    for (size_t row = 0; row < num_rows; ++row) {
      if (key_of(row) != 0) rows.add(key_of(row), static_cast<uint32_t>(row));
    }
    rows.sort_by_key(keys->largest);
    uint64_t numbered = 0;
    for (size_t begin = 0; begin < rows.size();) {
      const size_t end = rows.end_of_key(begin);
      const bool makes_pairs =
          keys->right.empty() ? end - begin > 1 : rows.row(begin) < num_left && rows.row(end - 1) >= num_left;
      numbered += makes_pairs ? 1 : 0;
      for (size_t i = begin; i < end; ++i) key_of(rows.row(i)) = makes_pairs ? numbered : 0;
      begin = end;
    }
    return numbered;
  });
}

}  // namespace

Result<RowKeys> row_keys(const RuleArm& arm, const RecordTable& records, const EvaluationOptions& evaluation) {
  RowKeys keys;
  const bool symmetric = std::all_of(arm.keys.begin(), arm.keys.end(), same_on_both_sides);
  keys.left.assign(records.num_rows(), 1);
  if (!symmetric) keys.right.assign(records.num_rows(), 1);
  keys.largest = 1;
  for (const KeyEquality& equality : arm.keys) {
    ARROW_ASSIGN_OR_RAISE(const KeyPart left, key_part(equality.left, arm, records, evaluation));
    const uint64_t num_codes = left.num_codes();
    const int row_bits = std::bit_width(records.num_rows());
    if (std::bit_width(keys.largest) + std::bit_width(num_codes) + row_bits > 64) renumber(&keys);
    append_code(left, num_codes, &keys.left);
    if (!symmetric) {
      ARROW_ASSIGN_OR_RAISE(KeyPart right, key_part(equality.right, arm, records, evaluation));
      ARROW_RETURN_NOT_OK(check_types(equality, left, right));
      ARROW_RETURN_NOT_OK(use_codes_of(left, &right));
      append_code(right, num_codes, &keys.right);
    }
    keys.largest = keys.largest * num_codes + num_codes - 1;
  }
  return keys;
}

namespace {

// Never 0, which stands for no key.
uint64_t not_zero(uint64_t hash) { return hash == 0 ? 1 : hash; }

// Takes the next value of every row's key into its hash.
Status append_hash(const KeyPart& part, std::vector<uint64_t>* hashes) {
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(part.values));
  std::vector<uint64_t> hash_of_code(part.num_codes());
  std::string bytes;
  for (size_t code = 1; code < hash_of_code.size(); ++code) {
    bytes.clear();
    append_key(values.at(static_cast<int64_t>(code) - 1), &bytes);
    hash_of_code[code] = hash_bytes(bytes);
  }
  for (size_t row = 0; row < hashes->size(); ++row) {
    uint64_t& hash = (*hashes)[row];
    const uint32_t code = part.code(row);
    hash = hash == 0 || code == 0 ? 0 : not_zero(combine_hashes(hash, hash_of_code[code]));
  }
  return Status::OK();
}

}  // namespace

Result<KeyHashes> key_hashes(const RuleArm& arm, const RecordTable& records, const EvaluationOptions& evaluation) {
  KeyHashes hashes;
  const bool symmetric = std::all_of(arm.keys.begin(), arm.keys.end(), same_on_both_sides);
  hashes.left.assign(records.num_rows(), 1);
  if (!symmetric) hashes.right.assign(records.num_rows(), 1);
  for (const KeyEquality& equality : arm.keys) {
    ARROW_ASSIGN_OR_RAISE(const KeyPart left, key_part(equality.left, arm, records, evaluation));
    ARROW_RETURN_NOT_OK(append_hash(left, &hashes.left));
    if (symmetric) continue;
    ARROW_ASSIGN_OR_RAISE(const KeyPart right, key_part(equality.right, arm, records, evaluation));
    ARROW_RETURN_NOT_OK(check_types(equality, left, right));
    ARROW_RETURN_NOT_OK(append_hash(right, &hashes.right));
  }
  return hashes;
}

namespace {

// Numbers keys anew, in order of hash, and of bytes where hashes are equal.
void number_by_hash(const ByteStringDictionary& dictionary, ExplodedKeys* keys) {
  std::vector<std::pair<uint64_t, uint32_t>> order;  // hash and number of each key
  order.reserve(dictionary.size());
  for (uint32_t key = 1; key <= dictionary.size(); ++key) order.emplace_back(hash_bytes(dictionary.value(key)), key);
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : dictionary.value(a.second) < dictionary.value(b.second);
  });
  std::vector<uint32_t> new_number(order.size() + 1);
  for (uint32_t i = 0; i < order.size(); ++i) {
    new_number[order[i].second] = i + 1;
    keys->hashes.push_back(not_zero(order[i].first));
  }
  for (std::vector<ExplodedKey>* side : {&keys->left, &keys->right}) {
    for (ExplodedKey& key : *side) key.key = new_number[key.key];
    std::sort(side->begin(), side->end());
    side->erase(std::unique(side->begin(), side->end()), side->end());
  }
}

using ExplodedColumns = std::set<const EncodedColumn*>;

// A name that no part of the rule reads has no column here, and none to explode.
ExplodedColumns exploded_columns(const std::vector<std::string>& names, const RecordTable& records) {
  ExplodedColumns exploded;
  for (const std::string& name : names) {
    if (const auto column = records.column(name); column.ok()) exploded.insert(*column);
  }
  return exploded;
}

// Evaluates one side's keys for every combination of array elements.
class ExplodingSide {
 public:
  static Result<ExplodingSide> make(const std::vector<Expression>& keys, const RuleArm& arm,
                                    const ExplodedColumns& exploded, const RecordTable& records,
                                    const EvaluationOptions& options) {
    ExplodingSide side;
    const auto types = [&](const ColumnReference& column) -> Result<ValueType> {
      ARROW_ASSIGN_OR_RAISE(const EncodedColumn* found, records.column(column.name));
      const ValueType& type = found->type;
      if (!exploded.contains(found)) return type;
      if (type.kind != ValueKind::kList) {
        return Status::TypeError("column '", column.name, "' is ", to_string(type),
                                 "; only lists can be in arrays_to_explode");
      }
      return ValueType{type.element, type.inner_element, ValueKind::kNull};
    };
    for (const Expression& key : keys) {
      ARROW_ASSIGN_OR_RAISE(auto evaluator, Evaluator::compile(key, arm.rule_sql, types, options));
      side.evaluators_.push_back(std::move(evaluator));
      std::vector<size_t> slots;
      for (const ColumnReference& column : side.evaluators_.back().columns()) {
        ARROW_ASSIGN_OR_RAISE(const EncodedColumn* found, records.column(column.name));
        size_t slot = 0;
        while (slot < side.columns_.size() && side.columns_[slot] != found) ++slot;
        if (slot == side.columns_.size()) {
          side.columns_.push_back(found);
          ARROW_ASSIGN_OR_RAISE(auto dictionary, ArrayValues::make(found->values));
          side.values_.push_back(std::move(dictionary));
          side.explodes_.push_back(exploded.contains(found));
        }
        slots.push_back(slot);
      }
      side.slots_.push_back(std::move(slots));
    }
    return side;
  }

  Status add_rows(size_t rows, ByteStringDictionary* dictionary, std::vector<ExplodedKey>* keys) {
    std::vector<Value> row_values(columns_.size());
    for (size_t row = 0; row < rows; ++row) {
      for (size_t i = 0; i < columns_.size(); ++i) {
        const uint32_t code = columns_[i]->codes[row];
        row_values[i] = code == 0 ? Value::null() : values_[i].at(code - 1);
      }
      ARROW_RETURN_NOT_OK(add_row(static_cast<uint32_t>(row), row_values, 0, dictionary, keys));
    }
    return Status::OK();
  }

 private:
  Status add_row(uint32_t row, std::vector<Value>& values, size_t from, ByteStringDictionary* dictionary,
                 std::vector<ExplodedKey>* keys) {
    while (from < values.size() && !explodes_[from]) ++from;
    if (from < values.size()) {
      const Value list = values[from];
      if (list.is_null()) return Status::OK();  // no element, no row
      for (const Value& element : list.list()) {
        values[from] = element;
        ARROW_RETURN_NOT_OK(add_row(row, values, from + 1, dictionary, keys));
      }
      values[from] = list;
      return Status::OK();
    }
    bytes_.clear();
    scratch_->clear();
    for (size_t i = 0; i < evaluators_.size(); ++i) {
      arguments_.clear();
      for (const size_t slot : slots_[i]) arguments_.push_back(values[slot]);
      ARROW_ASSIGN_OR_RAISE(const Value value, evaluators_[i].evaluate(arguments_, *scratch_));
      if (value.is_null()) return Status::OK();
      append_key(value, &bytes_);
    }
    keys->push_back({dictionary->code(bytes_), row});
    return Status::OK();
  }

  std::vector<Evaluator> evaluators_;
  std::vector<std::vector<size_t>> slots_;  // of each evaluator's arguments in `columns_`
  std::vector<const EncodedColumn*> columns_;
  std::vector<ArrayValues> values_;
  std::vector<bool> explodes_;
  std::vector<Value> arguments_;
  std::string bytes_;
  std::unique_ptr<Evaluator::Scratch> scratch_ = std::make_unique<Evaluator::Scratch>();
};

}  // namespace

Result<ExplodedKeys> exploded_keys(const RuleArm& arm, const std::vector<std::string>& arrays_to_explode,
                                   const RecordTable& records, const EvaluationOptions& evaluation) {
  const ExplodedColumns exploded = exploded_columns(arrays_to_explode, records);
  for (const Expression& filter : arm.filters) {
    for (const ColumnReference& column : filter.columns()) {
      const auto found = records.column(column.name);
      if (found.ok() && exploded.contains(*found)) {
        return Status::NotImplemented("'", column.name, "' is exploded, so it may stand in equalities only, not in ",
                                      filter.to_sql());
      }
    }
  }
  std::vector<Expression> left_keys;
  std::vector<Expression> right_keys;
  for (const KeyEquality& key : arm.keys) {
    left_keys.push_back(key.left);
    right_keys.push_back(key.right);
  }
  ExplodedKeys keys;
  ByteStringDictionary dictionary;
  ARROW_ASSIGN_OR_RAISE(ExplodingSide left, ExplodingSide::make(left_keys, arm, exploded, records, evaluation));
  ARROW_RETURN_NOT_OK(left.add_rows(records.num_rows(), &dictionary, &keys.left));
  if (!std::all_of(arm.keys.begin(), arm.keys.end(), same_on_both_sides)) {
    ARROW_ASSIGN_OR_RAISE(ExplodingSide right, ExplodingSide::make(right_keys, arm, exploded, records, evaluation));
    ARROW_RETURN_NOT_OK(right.add_rows(records.num_rows(), &dictionary, &keys.right));
  }
  number_by_hash(dictionary, &keys);
  return keys;
}

}  // namespace linkwright
