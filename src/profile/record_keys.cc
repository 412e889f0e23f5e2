#include "profile/record_keys.h"

#include <arrow/table.h>

#include <algorithm>
#include <string_view>

#include "profile/column_text.h"
#include "profile/value_counter.h"

namespace linkwright {
namespace {

// The first `letters` code points, as SQL's substr counts them.
std::string_view front_of(std::string_view text, unsigned letters) {
  size_t end = 0;
  for (; letters > 0 && end < text.size(); --letters) {
    ++end;
    while (end < text.size() && (text[end] & 0xC0) == 0x80) ++end;
  }
  return text.substr(0, end);
}

}  // namespace

RecordKeys::RecordKeys(std::span<const std::shared_ptr<arrow::Table>> tables, const TableProfile& profile,
                       int64_t most_rows)
    : tables_(tables), profile_(profile) {
  int64_t total = 0;
  for (const auto& table : tables) total += table->num_rows();
  for (const auto& table : tables) {
    const double share = total == 0 ? 0 : static_cast<double>(table->num_rows()) / static_cast<double>(total);
    rows_.push_back(most_rows >= total
                        ? sample_rows(table->num_rows(), table->num_rows())
                        : sample_rows(table->num_rows(), static_cast<int64_t>(share * static_cast<double>(most_rows))));
    num_rows_ += rows_.back().size();
  }
  total_ = static_cast<uint64_t>(total);
}

Result<RecordKeys::Hashes> RecordKeys::hashes(const KeyPart& part) const {
  Hashes hashes(num_rows_);
  size_t first = 0;
  for (size_t table = 0; table < tables_.size(); ++table) {
    const auto column = tables_[table]->GetColumnByName(profile_.columns[part.column].name);
    if (column == nullptr) {
      return Status::Invalid("column '", profile_.columns[part.column].name,
                             "' is not in every input; all inputs of a job must have it");
    }
    ARROW_RETURN_NOT_OK(visit_text(*column, rows_[table], [&](size_t place, std::string_view text) {
      if (text.data() == nullptr) return;
      hashes[first + place] = hash_value(part.prefix > 0 ? front_of(text, part.prefix) : text);
    }));
    first += rows_[table].size();
  }
  return hashes;
}

uint64_t RecordKeys::pairs(const Hashes& keys, bool only_across_tables) const {
  ValueCounter all(keys.size() / 4);
  for (const uint64_t key : keys) {
    if (key != 0) all.add(key);
  }
  uint64_t pairs = all.pairs();
  if (!only_across_tables) return pairs;
  size_t first = 0;
  for (const std::vector<int64_t>& rows : rows_) {
    ValueCounter within(rows.size() / 4);
    for (size_t place = first; place < first + rows.size(); ++place) {
      if (keys[place] != 0) within.add(keys[place]);
    }
    pairs -= within.pairs();
    first += rows.size();
  }
  return pairs;
}

uint64_t RecordKeys::scaled(uint64_t pairs) const {
  if (!is_sample()) return pairs;
  const double factor = static_cast<double>(total_) / static_cast<double>(std::max<size_t>(num_rows_, 1));
  return static_cast<uint64_t>(static_cast<double>(pairs) * factor * factor);
}

}  // namespace linkwright
