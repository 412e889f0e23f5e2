#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "column/value_dictionary.h"
#include "expr/arrow_values.h"
#include "kernel/coded_rows.h"
#include "kernel/gathered_stream.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/parcel.h"
#include "kernel/partition_pairs.h"
#include "kernel/record_keys.h"
#include "kernel/survey.h"

namespace linkwright {
namespace {

constexpr int64_t kRowsAtOnce = 100'000;
constexpr uint32_t kMostValues = 2'000'000;  // of a column, before they are too many to go to every executor

// How often each value of a column was seen.
class ValueCounts {
 public:
  static Result<ValueCounts> make(std::string name, const ValueType& type) {
    ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder values, ValueArrayBuilder::make(type));
    return ValueCounts(std::move(name), std::move(values));
  }

  Status add(const EncodedColumn& column) {
    const std::vector<uint32_t> counts = count_codes(column);
    if (is_too_many()) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(column.values));
    std::string key;
    for (uint32_t code = 1; code < counts.size(); ++code) {
      const Value value = values.at(int64_t{code} - 1);
      key.clear();
      append_key(value, &key);
      const uint32_t number = dictionary_.code(key);
      if (number > counts_.size()) {
        counts_.push_back(0);
        ARROW_RETURN_NOT_OK(values_.append(value));
      }
      counts_[number - 1] += counts[code];
    }
    return Status::OK();
  }

  // Without values where these are too many.
  Result<SurveyRow> finish() {
    SurveyRow row{SurveyKind::kValues, name_, nullptr};
    if (is_too_many()) return row;
    ARROW_ASSIGN_OR_RAISE(auto values, values_.finish());
    arrow::Int64Builder counts;
    ARROW_RETURN_NOT_OK(counts.AppendValues(counts_.begin(), counts_.end()));
    ARROW_ASSIGN_OR_RAISE(auto count_array, counts.Finish());
    row.rows = arrow::RecordBatch::Make(
        arrow::schema({arrow::field("lw_value", values->type()), arrow::field("lw_count", arrow::int64())}),
        values->length(), {values, count_array});
    return row;
  }

 private:
  ValueCounts(std::string name, ValueArrayBuilder values) : name_(std::move(name)), values_(std::move(values)) {}
  bool is_too_many() const { return dictionary_.size() > kMostValues; }

  std::string name_;
  ByteStringDictionary dictionary_;
  ValueArrayBuilder values_;
  std::vector<int64_t> counts_;
};

// Blocks that have many of a lot's rows. A block that is large among all is so in some lots, unless records lie in
// order of its key, when it is larger still in those that it is in.
class LargeBlocks {
 public:
  void add(const RecordKeys& keys, size_t rows) {
    const uint32_t least = std::max<uint32_t>(kFewest, static_cast<uint32_t>(rows / kShareOfLot));
    for (const std::vector<uint64_t>& hashes : keys.one_a_row()) {
      counters_.fill(0);
      for (const uint64_t hash : hashes) ++counters_[place(hash)];
      std::unordered_map<uint64_t, int64_t> exact;
      for (const uint64_t hash : hashes) {
        if (hash != 0 && counters_[place(hash)] >= least) ++exact[hash];
      }
      for (const auto& [hash, count] : exact) {
        if (count >= int64_t{least}) rows_of_[hash] += count;
      }
    }
  }

  Result<SurveyRow> finish() const {
    arrow::UInt64Builder hashes;
    arrow::Int64Builder rows;
    for (const auto& [hash, count] : rows_of_) {
      ARROW_RETURN_NOT_OK(hashes.Append(hash));
      ARROW_RETURN_NOT_OK(rows.Append(count));
    }
    arrow::ArrayVector columns(2);
    ARROW_RETURN_NOT_OK(hashes.Finish(columns.data()));
    ARROW_RETURN_NOT_OK(rows.Finish(&columns[1]));
    return SurveyRow{SurveyKind::kBlocks, "",
                     arrow::RecordBatch::Make(arrow::schema({arrow::field("lw_block", arrow::uint64()),
                                                             arrow::field("lw_rows", arrow::int64())}),
                                              static_cast<int64_t>(rows_of_.size()), columns)};
  }

 private:
  static constexpr uint32_t kFewest = 32;
  static constexpr size_t kShareOfLot = 4000;
  static constexpr size_t kCounters = size_t{1} << 16;
  static size_t place(uint64_t hash) { return hash >> 48; }

  std::array<uint32_t, kCounters> counters_{};
  std::map<uint64_t, int64_t> rows_of_;
};

class Survey {
 public:
  static Result<std::shared_ptr<Survey>> make(PairTask task, std::vector<std::string> counted,
                                              const std::shared_ptr<arrow::Schema>& rows) {
    auto survey = std::make_shared<Survey>();
    survey->task_ = std::move(task);
    survey->counted_ = std::move(counted);
    survey->rows_ = rows;
    std::vector<std::string> encoded = CodedRows::text_columns(*rows);
    for (const std::string& column : RecordKeys::columns(survey->task_)) encoded.push_back(column);
    encoded.insert(encoded.end(), survey->counted_.begin(), survey->counted_.end());
    const LinkageModel& model = survey->task_.job.model;
    if (model.has_sources()) encoded.push_back(model.source_dataset_column_name);
    ARROW_ASSIGN_OR_RAISE(survey->options_, survey->task_.encoding_in_order(*rows, std::move(encoded)));
    return survey;
  }

  Result<GatheredStream::Batches> add(const std::shared_ptr<arrow::Table>& rows) {
    KernelRun run;
    ARROW_ASSIGN_OR_RAISE(const RecordTable records,
                          RecordTable::make({{"records", rows}}, options_, run.context().pool));
    ARROW_ASSIGN_OR_RAISE(const RecordKeys keys, RecordKeys::make(task_, records, options_.evaluation));
    blocks_->add(keys, records.num_rows());
    ARROW_RETURN_NOT_OK(count_datasets(records));
    for (size_t i = 0; i < counted_.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(counted_[i]));
      if (values_.size() == i) {
        ARROW_ASSIGN_OR_RAISE(ValueCounts counts, ValueCounts::make(counted_[i], column->type));
        values_.push_back(std::move(counts));
      }
      ARROW_RETURN_NOT_OK(values_[i].add(*column));
    }
    ARROW_ASSIGN_OR_RAISE(const CodedRows coded, CodedRows::make(rows_, *rows, records));
    ARROW_ASSIGN_OR_RAISE(auto batch, coded.all());
    ARROW_ASSIGN_OR_RAISE(auto made, survey_batch({SurveyKind::kRecords, "", std::move(batch)}));
    return GatheredStream::Batches{std::move(made)};
  }

  Result<GatheredStream::Batches> finish() {
    GatheredStream::Batches batches;
    const auto put = [&](const SurveyRow& row) { return survey_batch(row).Value(&batches.emplace_back()); };
    for (ValueCounts& values : values_) {
      ARROW_ASSIGN_OR_RAISE(const SurveyRow row, values.finish());
      ARROW_RETURN_NOT_OK(put(row));
    }
    ARROW_ASSIGN_OR_RAISE(const SurveyRow blocks, blocks_->finish());
    ARROW_RETURN_NOT_OK(put(blocks));
    ARROW_ASSIGN_OR_RAISE(const SurveyRow datasets, finish_datasets());
    ARROW_RETURN_NOT_OK(put(datasets));
    return batches;
  }

 private:
  struct DatasetCounts {
    int64_t rows = 0;
    int64_t null_ids = 0;
  };

  Status count_datasets(const RecordTable& records) {
    if (records.ids() == nullptr) return Status::Invalid("the kernel's rows have no id column");
    const LinkageModel& model = task_.job.model;
    const EncodedColumn* sources = nullptr;
    std::vector<DatasetCounts*> of_code;
    if (model.has_sources()) {
      ARROW_ASSIGN_OR_RAISE(sources, records.column(model.source_dataset_column_name));
      ARROW_ASSIGN_OR_RAISE(ArrayValues names, ArrayValues::make(sources->values));
      of_code.push_back(&without_dataset_);
      for (int64_t i = 0; i < names.length(); ++i) {
        const Value name = names.at(i);
        if (name.kind != ValueKind::kText) {
          return Status::Invalid("column '", model.source_dataset_column_name,
                                 "' must name each record's dataset in text");
        }
        of_code.push_back(&datasets_[std::string(name.text())]);
      }
    } else {
      of_code.push_back(&datasets_[""]);
    }
    for (size_t row = 0; row < records.num_rows(); ++row) {
      DatasetCounts& counts = *of_code[sources == nullptr ? 0 : sources->codes[row]];
      ++counts.rows;
      counts.null_ids += records.ids()->IsNull(static_cast<int64_t>(row)) ? 1 : 0;
    }
    return Status::OK();
  }

  Result<SurveyRow> finish_datasets() const {
    arrow::StringBuilder names;
    arrow::Int64Builder rows;
    arrow::Int64Builder null_ids;
    const auto append = [&](const DatasetCounts& counts) -> Status {
      ARROW_RETURN_NOT_OK(rows.Append(counts.rows));
      return null_ids.Append(counts.null_ids);
    };
    for (const auto& [name, counts] : datasets_) {
      ARROW_RETURN_NOT_OK(names.Append(name));
      ARROW_RETURN_NOT_OK(append(counts));
    }
    if (without_dataset_.rows > 0) {
      ARROW_RETURN_NOT_OK(names.AppendNull());
      ARROW_RETURN_NOT_OK(append(without_dataset_));
    }
    const int64_t length = names.length();
    arrow::ArrayVector columns(3);
    ARROW_RETURN_NOT_OK(names.Finish(columns.data()));
    ARROW_RETURN_NOT_OK(rows.Finish(&columns[1]));
    ARROW_RETURN_NOT_OK(null_ids.Finish(&columns[2]));
    return SurveyRow{SurveyKind::kDatasets, "",
                     arrow::RecordBatch::Make(arrow::schema({arrow::field("lw_source", arrow::utf8()),
                                                             arrow::field("lw_rows", arrow::int64()),
                                                             arrow::field("lw_null_ids", arrow::int64())}),
                                              length, columns)};
  }

  PairTask task_;
  std::vector<std::string> counted_;
  std::shared_ptr<arrow::Schema> rows_;
  RecordTableOptions options_;
  std::vector<ValueCounts> values_;
  std::unique_ptr<LargeBlocks> blocks_ = std::make_unique<LargeBlocks>();
  std::map<std::string, DatasetCounts> datasets_;
  DatasetCounts without_dataset_;
};

}  // namespace

Result<RowStream> survey_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PairTask task, PairTask::read(options));
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> counted, options.options().names_or_empty("count_values"));
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  const std::shared_ptr<arrow::Schema> schema = rows->schema();
  ARROW_ASSIGN_OR_RAISE(const auto trial, Survey::make(task, counted, schema));
  ARROW_ASSIGN_OR_RAISE(const auto none, arrow::Table::MakeEmpty(schema));
  ARROW_RETURN_NOT_OK(trial->add(none).status());  // rules that do not fit the columns are told at once
  ARROW_ASSIGN_OR_RAISE(const auto survey, Survey::make(std::move(task), std::move(counted), schema));
  return std::make_shared<GatheredStream>(
      survey_schema(), std::move(rows), kRowsAtOnce, [survey](const auto& table) { return survey->add(table); },
      [survey] { return survey->finish(); });
}

}  // namespace linkwright
