#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace arrow {
class Array;
}

namespace linkwright {

/// Which rows of a page of a flat column are null, as data pages of version 1 say it. Reused from page to page.
/// Source: https://github.com/apache/parquet-format/blob/master/README.md, "Nulls" and "Data Pages".
class DefinitionLevels {
 public:
  void add(const arrow::Array& rows);
  size_t rows() const { return rows_; }

  /// Writes their length and the levels, and returns where they end.
  uint8_t* write(uint8_t* out);
  size_t most_bytes() const;

  /// For the next page.
  void clear();

 private:
  size_t rows_ = 0;
  std::vector<uint32_t> levels_;  // 1: not null, 0: null; of no row while there is no null
};

}  // namespace linkwright
