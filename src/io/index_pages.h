#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "io/chunk_dictionary.h"
#include "io/definition_levels.h"
#include "io/parquet_page.h"

namespace arrow {
class DictionaryArray;
}

namespace linkwright {

/// The data pages of a coded column in one row group: which entry of the row group's dictionary each row has, by
/// `append_rle_bit_packed`, behind the definition levels. Knows nothing of the values, so that columns whose rows have
/// the same codes can share them. Not thread-safe.
class IndexPages {
 public:
  IndexPages(bool nullable, std::shared_ptr<arrow::util::Codec> codec);

  /// The rows' codes are below `num_codes` from now on.
  void use_codes(size_t num_codes) { numbers_.emplace(num_codes); }
  Status add(const arrow::DictionaryArray& rows);
  /// Ends the page that is being filled, if there is one.
  Status end_page();

  /// The codes of the row group's dictionary, in its order.
  std::span<const uint32_t> codes() const { return numbers_ ? numbers_->codes() : std::span<const uint32_t>(); }
  const std::vector<ParquetPage>& pages() const { return pages_; }
  size_t rows() const { return rows_; }

  /// For the next row group.
  void clear();

 private:
  void add_indices(std::span<const int32_t> codes);

  const bool nullable_;
  const std::shared_ptr<arrow::util::Codec> codec_;
  std::optional<ChunkDictionary> numbers_;
  std::vector<ParquetPage> pages_;
  size_t rows_ = 0;

  // The page that is being filled.
  DefinitionLevels levels_;
  std::vector<int32_t> codes_;     // of some rows that are not null
  std::vector<uint32_t> indices_;  // of those that are not null
};

}  // namespace linkwright
