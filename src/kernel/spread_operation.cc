#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "kernel/coded_rows.h"
#include "kernel/frequency_file.h"
#include "kernel/gathered_stream.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/parcel.h"
#include "kernel/parcel_stream.h"
#include "kernel/partition_pairs.h"
#include "kernel/record_keys.h"
#include "kernel/spark_hash.h"

namespace linkwright {
namespace {

// As many as make parcels that are worth it, and no more than have room.
constexpr int64_t kRowsOfParcel = 25'000;
constexpr int64_t kFewestAtOnce = 100'000;
constexpr int64_t kMostAtOnce = 400'000;

// A parcel that would have nearly all rows has all of them, which costs nothing to choose and to code.
constexpr double kNearlyAll = 0.8;

std::shared_ptr<arrow::Schema> spread_schema() {
  return arrow::schema({arrow::field("lw_place", arrow::int32()), arrow::field(kParcelColumn, arrow::binary())});
}

// Sends records to the partitions of their blocks.
class Spread {
 public:
  static Result<std::shared_ptr<Spread>> make(PairTask task, std::string frequency_file,
                                              std::vector<std::string> frequency_columns,
                                              const std::shared_ptr<arrow::Schema>& rows) {
    auto spread = std::make_shared<Spread>();
    spread->places_ = places_of_partitions(task.partitions);
    spread->share_.emplace(task.partitions, task.cut_blocks);
    spread->frequency_file_ = std::move(frequency_file);
    spread->frequency_columns_ = std::move(frequency_columns);
    spread->rows_ = rows;
    std::vector<std::string> encoded = CodedRows::text_columns(*rows);
    for (const std::string& column : RecordKeys::columns(task)) encoded.push_back(column);
    for (const std::string& column : spread->frequency_columns_) encoded.push_back(column);
    ARROW_ASSIGN_OR_RAISE(spread->options_, task.encoding_in_order(*rows, std::move(encoded)));
    spread->task_ = std::move(task);
    return spread;
  }

  Result<GatheredStream::Batches> map(std::shared_ptr<arrow::Table> rows) {
    KernelRun run;
    ARROW_ASSIGN_OR_RAISE(const RecordTable records,
                          RecordTable::make({{"records", rows}}, options_, run.context().pool));
    ARROW_ASSIGN_OR_RAISE(std::vector<std::vector<uint32_t>> chosen, choose(records));
    std::shared_ptr<arrow::Schema> schema = rows_;
    ARROW_RETURN_NOT_OK(add_frequencies(records, &rows, &schema));
    ARROW_ASSIGN_OR_RAISE(const CodedRows coded, CodedRows::make(schema, *rows, records));
    std::shared_ptr<arrow::RecordBatch> all;
    GatheredStream::Batches batches;
    for (uint32_t partition = 0; partition < chosen.size(); ++partition) {
      const std::vector<uint32_t>& places = chosen[partition];
      if (places.empty()) continue;
      std::shared_ptr<arrow::RecordBatch> sent;
      if (static_cast<double>(places.size()) >= kNearlyAll * static_cast<double>(records.num_rows())) {
        if (all == nullptr) {
          ARROW_ASSIGN_OR_RAISE(all, coded.all());
        }
        sent = all;
      } else {
        ARROW_ASSIGN_OR_RAISE(sent, coded.at(places));
      }
      ARROW_ASSIGN_OR_RAISE(batches.emplace_back(), batch_of({partition, std::move(sent)}));
    }
    return batches;
  }

 private:
  // The records that each partition needs. Every record goes to the partition of its id as well, so that two with one
  // id are found out.
  Result<std::vector<std::vector<uint32_t>>> choose(const RecordTable& records) const {
    ARROW_ASSIGN_OR_RAISE(RecordKeys keys, RecordKeys::make(task_, records, options_.evaluation));
    const std::vector<uint64_t> hashes = record_hashes(*records.ids());
    std::vector<std::vector<uint32_t>> chosen(share_->partitions());
    if (chosen.size() == 1) {
      chosen[0].resize(records.num_rows());
      std::iota(chosen[0].begin(), chosen[0].end(), 0U);
      return chosen;
    }
    std::vector<uint32_t> last(chosen.size(), UINT32_MAX);  // row that each partition was given
    for (uint32_t row = 0; row < records.num_rows(); ++row) {
      const auto send = [&](uint32_t partition) {
        if (last[partition] == row) return;
        last[partition] = row;
        chosen[partition].push_back(row);
      };
      send(share_->partition_of(hashes[row]));
      keys.for_each_block(row, [&](uint64_t block) { share_->for_each_partition(block, hashes[row], send); });
    }
    return chosen;
  }

  Status add_frequencies(const RecordTable& records, std::shared_ptr<arrow::Table>* rows,
                         std::shared_ptr<arrow::Schema>* schema) {
    if (frequency_columns_.empty()) return Status::OK();
    if (!frequencies_) {
      ARROW_ASSIGN_OR_RAISE(frequencies_, TermFrequencies::read(frequency_file_));
    }
    for (const std::string& name : frequency_columns_) {
      ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
      if (!frequencies_->has(name)) {
        return Status::Invalid(frequency_file_, ": there are no term frequencies of '", name, "'");
      }
      ARROW_ASSIGN_OR_RAISE(const std::vector<double> of_code, frequencies_->of_codes(*column));
      arrow::DoubleBuilder builder;
      ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(column->codes.size())));
      for (const uint32_t code : column->codes) {
        if (code == 0) {
          builder.UnsafeAppendNull();
        } else {
          builder.UnsafeAppend(of_code[code]);
        }
      }
      ARROW_ASSIGN_OR_RAISE(auto array, builder.Finish());
      const auto field = arrow::field(kFrequencyPrefix + name, arrow::float64());
      ARROW_ASSIGN_OR_RAISE(*schema, (*schema)->AddField((*schema)->num_fields(), field));
      ARROW_ASSIGN_OR_RAISE(*rows, (*rows)->AddColumn((*rows)->num_columns(), field,
                                                      std::make_shared<arrow::ChunkedArray>(std::move(array))));
    }
    return Status::OK();
  }

  Result<std::shared_ptr<arrow::RecordBatch>> batch_of(const Parcel& parcel) const {
    ARROW_ASSIGN_OR_RAISE(const auto bytes, pack_parcel(parcel));
    arrow::Int32Builder places;
    arrow::BinaryBuilder parcels;
    ARROW_RETURN_NOT_OK(places.Append(places_[parcel.partition]));
    ARROW_RETURN_NOT_OK(parcels.Append(std::string_view(*bytes)));
    arrow::ArrayVector columns(2);
    ARROW_RETURN_NOT_OK(places.Finish(columns.data()));
    ARROW_RETURN_NOT_OK(parcels.Finish(&columns[1]));
    return arrow::RecordBatch::Make(spread_schema(), 1, std::move(columns));
  }

  PairTask task_;
  std::optional<BlockShare> share_;
  std::vector<int32_t> places_;
  std::string frequency_file_;
  std::vector<std::string> frequency_columns_;
  std::optional<TermFrequencies> frequencies_;
  std::shared_ptr<arrow::Schema> rows_;
  RecordTableOptions options_;
};

}  // namespace

Result<RowStream> spread_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PairTask task, PairTask::read(options));
  ARROW_ASSIGN_OR_RAISE(const std::string file, options.options().text_or("frequency_file", ""));
  ARROW_ASSIGN_OR_RAISE(auto columns, options.options().names_or_empty("frequency_columns"));
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  const std::shared_ptr<arrow::Schema> schema = rows->schema();
  const int64_t at_once = std::clamp(kRowsOfParcel * int64_t{task.partitions}, kFewestAtOnce, kMostAtOnce);
  ARROW_ASSIGN_OR_RAISE(const auto trial, Spread::make(task, "", {}, schema));
  ARROW_ASSIGN_OR_RAISE(const auto none, arrow::Table::MakeEmpty(schema));
  ARROW_RETURN_NOT_OK(trial->map(none).status());  // rules that do not fit the columns are told at once
  ARROW_ASSIGN_OR_RAISE(const auto spread, Spread::make(std::move(task), file, std::move(columns), schema));
  return std::make_shared<GatheredStream>(spread_schema(), std::move(rows), at_once,
                                          [spread](auto table) { return spread->map(std::move(table)); });
}

}  // namespace linkwright
