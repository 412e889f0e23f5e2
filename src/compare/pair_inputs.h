#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "compare/base_column.h"
#include "expr/arena.h"
#include "expr/arrow_values.h"
#include "expr/block_column.h"

namespace linkwright {

/// What SQL reads of the records of one side: columns, and what was computed of a column once a distinct value. All of
/// a record lies side by side, so that a pair costs a cache line or two. Immutable; thread-safe.
class PairInputs {
 public:
  /// Values of a member of the base column, by the member's codes or through `code_of`; null has code 0.
  struct Source {
    size_t member;
    ValueKind kind;
    std::shared_ptr<arrow::Array> values;
    std::vector<uint32_t> code_of;  // empty: the identity
  };

  /// Borrows the base column.
  static Result<PairInputs> make(const BaseColumn& base, std::vector<Source> sources);

  size_t size() const { return sources_.size(); }

  /// The inputs of many records, as columns. One a thread.
  class Columns {
   public:
    /// Borrows the inputs.
    static Result<Columns> make(const PairInputs& inputs);

    /// Loads the records with these base codes, any number of them.
    void load(std::span<const uint32_t> codes);
    /// The same value for `size` records.
    void load_repeated(uint32_t code, size_t size);

    /// Input `i` from record `begin` on.
    BlockColumn column(size_t i, size_t begin) const;

   private:
    struct Column {
      std::vector<Truth> truths;
      std::vector<int64_t> integers;
      std::vector<double> numbers;
      std::vector<Value> values;
      std::vector<uint8_t> nulls;
      bool has_nulls = false;
    };
    void load_input(size_t i, std::span<const uint32_t> codes);
    Value borrowed_value(size_t i, uint64_t cell);

    const PairInputs* inputs_ = nullptr;
    std::vector<Column> columns_;
    std::vector<std::unique_ptr<ArrayValues>> arrays_;  // of texts and lists
    Arena lists_;
  };

 private:
  size_t width() const { return null_words_ + sources_.size(); }
  const uint64_t* cells_of(uint32_t code) const { return cells_.data() + code * width(); }
  bool is_null(uint32_t code, size_t i) const { return (cells_of(code)[i / 64] >> (i % 64) & 1) != 0; }

  std::vector<Source> sources_;
  size_t null_words_ = 0;
  // By base code: bits that say which inputs are null, then the inputs: numbers as they are, texts and lists as places
  // in their arrays.
  std::vector<uint64_t> cells_;
};

}  // namespace linkwright
