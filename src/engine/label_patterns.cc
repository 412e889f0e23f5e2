#include "engine/label_patterns.h"

#include <arrow/table.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "column/encoded_column.h"
#include "compare/condition_parts.h"
#include "compare/pair_comparer.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

// Ids by their text, whatever type the file has for them; null is "".
Result<std::vector<std::string>> read_texts(const arrow::Table& table, const std::string& name,
                                            const InputSpec& labels) {
  const auto column = table.GetColumnByName(name);
  if (column == nullptr) {
    return Status::Invalid("training.m_from_pairwise_labels: ", labels.paths[0], " has no column '", name,
                           "'; labels name both records of a pair by id");
  }
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn encoded, encode_column(name, *column));
  ARROW_ASSIGN_OR_RAISE(const TextTable texts, TextTable::make(encoded.values));
  std::vector<std::string> values;
  values.reserve(encoded.codes.size());
  for (const uint32_t code : encoded.codes) {
    if (code == 0) {
      values.emplace_back();
    } else {
      values.emplace_back(texts[code]);
    }
  }
  return values;
}

std::string key_of(const LabelledIds::Record& record) { return record.source + '\0' + record.id; }

std::unordered_map<std::string, uint32_t> rows_by_id(const RecordTable& records) {
  std::unordered_map<std::string, uint32_t> rows;
  rows.reserve(records.num_rows());
  for (uint32_t row = 0; row < records.num_rows(); ++row) {
    LabelledIds::Record record{{}, records.id_text(row)};
    if (records.has_sources()) record.source = records.source_names()[records.source_of_row()[row]];
    rows.emplace(key_of(record), row);
  }
  return rows;
}

}  // namespace

Result<LabelledIds> read_labelled_ids(const InputSpec& labels, const LinkageModel& model, ThreadPool& pool) {
  ReadReport read;
  ARROW_ASSIGN_OR_RAISE(const auto table, read_tables(labels.paths, {}, pool, &read));
  const auto side = [&](const std::string& suffix) -> Result<std::vector<LabelledIds::Record>> {
    ARROW_ASSIGN_OR_RAISE(std::vector<std::string> ids,
                          read_texts(*table, model.unique_id_column_name + suffix, labels));
    std::vector<std::string> sources(ids.size());
    if (model.has_sources()) {
      ARROW_ASSIGN_OR_RAISE(sources, read_texts(*table, model.source_dataset_column_name + suffix, labels));
    }
    std::vector<LabelledIds::Record> records;
    for (size_t i = 0; i < ids.size(); ++i) records.push_back({std::move(sources[i]), std::move(ids[i])});
    return records;
  };
  ARROW_ASSIGN_OR_RAISE(std::vector<LabelledIds::Record> left, side("_l"));
  ARROW_ASSIGN_OR_RAISE(std::vector<LabelledIds::Record> right, side("_r"));
  LabelledIds ids;
  for (size_t i = 0; i < left.size(); ++i) ids.pairs.emplace_back(std::move(left[i]), std::move(right[i]));
  return ids;
}

Result<PatternCounts> count_label_patterns(const LabelledIds& labels, const InputSpec& input,
                                           const RecordTable& records, const ComparisonProgram& program) {
  const auto rows = rows_by_id(records);
  const auto row_of = [&](const LabelledIds::Record& record) -> std::optional<uint32_t> {
    const auto found = rows.find(key_of(record));
    return found == rows.end() ? std::nullopt : std::optional(found->second);
  };
  std::vector<RowPair> pairs;
  for (const auto& [left, right] : labels.pairs) {
    const auto left_row = row_of(left);
    const auto right_row = row_of(right);
    if (left_row && right_row) pairs.push_back({*left_row, *right_row});
  }
  if (pairs.empty()) {
    return Status::Invalid("training.m_from_pairwise_labels: none of the ", labels.pairs.size(), " labels in ",
                           input.paths[0], " names two records of the inputs");
  }
  const ComparisonProgram::Choice comparisons = program.all();
  PairComparer comparer(comparisons);
  std::vector<AgreementPattern> patterns(pairs.size());
  ARROW_RETURN_NOT_OK(comparer.compare(pairs, patterns.data()));
  std::sort(patterns.begin(), patterns.end());
  std::vector<PatternCount> counts;
  for (const AgreementPattern pattern : patterns) {
    if (counts.empty() || counts.back().pattern != pattern) counts.push_back({pattern, 0, 0, 0});
    ++counts.back().pairs;
  }
  return PatternCounts(std::move(counts));
}

}  // namespace linkwright
