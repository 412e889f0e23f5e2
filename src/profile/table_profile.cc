#include "profile/table_profile.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/type_name.h"
#include "profile/column_text.h"
#include "profile/value_counter.h"

namespace linkwright {
namespace {

constexpr size_t kTextsToLookAt = 2'000;

struct ColumnSample {
  ColumnProfile profile;
  ColumnFacts facts;
  std::vector<std::string> texts;
};

const arrow::DataType& value_type(const arrow::DataType& type) {
  return type.id() == arrow::Type::DICTIONARY ? *static_cast<const arrow::DictionaryType&>(type).value_type() : type;
}

int64_t count_nulls(const arrow::ChunkedArray& column, const std::vector<int64_t>& rows) {
  int64_t nulls = 0;
  int64_t first_row = 0;
  size_t place = 0;
  for (const std::shared_ptr<arrow::Array>& chunk : column.chunks()) {
    for (; place < rows.size() && rows[place] < first_row + chunk->length(); ++place) {
      nulls += chunk->IsNull(rows[place] - first_row);
    }
    first_row += chunk->length();
  }
  return nulls;
}

Status count_values(const arrow::ChunkedArray& column, const std::vector<int64_t>& rows, const ProfileOptions& options,
                    ColumnSample& sample) {
  ColumnProfile& profile = sample.profile;
  ValueCounter counter;
  double total_length = 0;
  profile.min_length = SIZE_MAX;
  ARROW_RETURN_NOT_OK(visit_text(
      column, rows,
      [&](size_t place, std::string_view text) {
        if (text.data() == nullptr) {
          ++profile.nulls;
          return;
        }
        profile.empty += text.empty();
        profile.min_length = std::min(profile.min_length, text.size());
        profile.max_length = std::max(profile.max_length, text.size());
        total_length += static_cast<double>(text.size());
        counter.add(hash_value(text), static_cast<uint32_t>(place));
        if (sample.texts.size() < kTextsToLookAt && !text.empty()) sample.texts.emplace_back(text);
      },
      options.cancellation));
  const auto values = static_cast<double>(profile.rows - profile.nulls);
  if (values == 0) profile.min_length = 0;
  if (values > 0) profile.average_length = total_length / values;
  if (values > 1) profile.collision_probability = static_cast<double>(counter.pairs()) / (values * (values - 1) / 2);
  profile.distinct = static_cast<int64_t>(counter.distinct());

  // The table keeps where a value was seen first, not the value: it is looked up again.
  const std::vector<ValueCounter::Slot> top = counter.top(options.most_top_values);
  std::vector<std::pair<int64_t, size_t>> row_of_top;
  for (size_t i = 0; i < top.size(); ++i) row_of_top.emplace_back(rows[top[i].first_place], i);
  std::sort(row_of_top.begin(), row_of_top.end());
  std::vector<int64_t> top_rows;
  for (const auto& [row, i] : row_of_top) top_rows.push_back(row);
  profile.top_values.resize(top.size());
  return visit_text(column, top_rows, [&](size_t place, std::string_view text) {
    const size_t i = row_of_top[place].second;
    profile.top_values[i] = {std::string(text), static_cast<int64_t>(top[i].count)};
  });
}

Status look_at(const arrow::Table& table, int index, const std::vector<int64_t>& rows, const ProfileOptions& options,
               ColumnSample& sample) {
  const arrow::ChunkedArray& column = *table.column(index);
  const arrow::DataType& type = value_type(*column.type());
  ColumnProfile& profile = sample.profile;
  profile.name = table.field(index)->name();
  profile.type = type_name(type);
  profile.rows = static_cast<int64_t>(rows.size());
  profile.is_text = arrow::is_base_binary_like(type.id());
  sample.facts.has_text = has_text(type);
  if (sample.facts.has_text) {
    ARROW_RETURN_NOT_OK(count_values(column, rows, options, sample));
  } else {
    profile.nulls = count_nulls(column, rows);
  }
  sample.facts.name = profile.name;
  sample.facts.is_date = arrow::is_date(type.id()) || type.id() == arrow::Type::TIMESTAMP;
  sample.facts.is_number = arrow::is_numeric(type.id()) || arrow::is_decimal(type.id());
  sample.facts.rows = profile.rows;
  sample.facts.nulls = profile.nulls;
  sample.facts.distinct = profile.distinct;
  sample.facts.average_length = profile.average_length;
  sample.facts.texts = sample.texts;
  return Status::OK();
}

std::string percent(int64_t part, int64_t whole) {
  if (whole == 0) return "0 %";
  const int64_t tenths = 1000 * part / whole;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

}  // namespace

std::vector<int64_t> sample_rows(int64_t num_rows, int64_t most_rows) {
  std::vector<int64_t> rows;
  const bool all = num_rows <= most_rows;
  const double share = all ? 1 : static_cast<double>(most_rows) / static_cast<double>(num_rows);
  const auto limit = static_cast<uint64_t>(share * 9007199254740992.0);  // 2^53
  rows.reserve(static_cast<size_t>(all ? num_rows : most_rows + most_rows / 10));
  for (int64_t row = 0; row < num_rows; ++row) {
    constexpr uint64_t kSeed = 0x5851f42d4c957f2dULL;
    if (all || combine_value_hashes(kSeed, static_cast<uint64_t>(row) + 1) >> 11 < limit) rows.push_back(row);
  }
  return rows;
}

Result<TableProfile> profile_table(const arrow::Table& table, ThreadPool& pool, const ProfileOptions& options) {
  if (table.num_columns() == 0) return Status::Invalid("a table without columns cannot be profiled");
  const std::vector<int64_t> rows = sample_rows(table.num_rows(), options.most_rows);
  std::vector<ColumnSample> samples(static_cast<size_t>(table.num_columns()));
  ARROW_RETURN_NOT_OK(pool.for_each_chunk(
      samples.size(),
      [&](size_t index, int) { return look_at(table, static_cast<int>(index), rows, options, samples[index]); },
      options.cancellation));
  TableProfile profile;
  profile.rows = table.num_rows();
  profile.rows_looked_at = static_cast<int64_t>(rows.size());
  bool is_unique_id_taken = false;
  for (ColumnSample& sample : samples) {
    sample.profile.guess = guess_role(sample.facts, is_unique_id_taken);
    is_unique_id_taken |= sample.profile.guess.role == ColumnRole::kUniqueId;
    profile.columns.push_back(std::move(sample.profile));
  }
  return profile;
}

std::string TableProfile::to_text() const {
  std::string text = std::to_string(rows) + " rows, " + std::to_string(columns.size()) + " columns";
  if (rows_looked_at < rows) text += "; figures are of a sample of " + std::to_string(rows_looked_at) + " rows";
  text += "\n";
  for (const ColumnProfile& column : columns) {
    text += "\n" + column.name + " (" + column.type + "): " + std::string(to_string(column.guess.role)) + ", because " +
            column.guess.why + "\n";
    text += "  missing " + percent(column.nulls, column.rows) + ", different " + std::to_string(column.distinct) +
            ", length " + std::to_string(column.min_length) + " to " + std::to_string(column.max_length);
    if (column.empty > 0) text += ", empty texts " + std::to_string(column.empty);
    text += "\n";
    if (column.top_values.empty()) continue;
    text += "  most frequent:";
    for (size_t i = 0; i < std::min<size_t>(column.top_values.size(), 5); ++i) {
      const FrequentValue& top = column.top_values[i];
      text += (i == 0 ? " " : ", ") + top.value + " (" + std::to_string(top.count) + ")";
    }
    text += "\n";
  }
  return text;
}

nlohmann::ordered_json TableProfile::to_json() const {
  nlohmann::ordered_json json{
      {"rows", rows}, {"rows_looked_at", rows_looked_at}, {"columns", nlohmann::ordered_json::array()}};
  for (const ColumnProfile& column : columns) {
    nlohmann::ordered_json top = nlohmann::ordered_json::array();
    for (const FrequentValue& value : column.top_values)
      top.push_back({{"value", value.value}, {"count", value.count}});
    nlohmann::ordered_json entry{{"name", column.name},
                                 {"type", column.type},
                                 {"role", to_string(column.guess.role)},
                                 {"why", column.guess.why},
                                 {"nulls", column.nulls},
                                 {"empty", column.empty},
                                 {"distinct", column.distinct},
                                 {"min_length", column.min_length},
                                 {"max_length", column.max_length},
                                 {"average_length", column.average_length},
                                 {"collision_probability", column.collision_probability},
                                 {"top_values", std::move(top)}};
    if (!column.guess.date_format.empty()) entry["date_format"] = column.guess.date_format;
    json["columns"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace linkwright
