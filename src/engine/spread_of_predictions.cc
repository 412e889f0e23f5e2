#include "engine/spread_of_predictions.h"

#include <algorithm>
#include <bit>
#include <map>
#include <string>

#include "engine/explanation.h"
#include "engine/output_files.h"
#include "engine/prediction_reader.h"
#include "expr/value.h"
#include "io/external_sorter.h"

namespace linkwright {
namespace {

// Two numbers as bytes that sort as the numbers do.
std::string as_sorted_bytes(uint64_t first, uint64_t second) {
  std::string bytes;
  for (const uint64_t number : {first, second}) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
  }
  return bytes;
}

uint64_t second_of(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes.substr(8)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

// Ascending as weights descend.
uint64_t descending(double weight) {
  constexpr uint64_t kSign = uint64_t{1} << 63;
  const auto bits = std::bit_cast<uint64_t>(weight == 0 ? 0.0 : weight);
  return (bits & kSign) != 0 ? bits : ~(bits | kSign);
}

// The rows of predictions at `count` ranks, evenly spread, in order of rank. Their weights are sorted within the run's
// buffers, and beyond them in a file.
Result<std::vector<int64_t>> rows_at_ranks(const std::string& path, size_t count, const RunContext& context) {
  ExternalSorter by_weight(static_cast<size_t>(context.budget.buffer_bytes()), context.temporary_folder);
  uint64_t rows = 0;
  const auto add = [&](PredictionBatch& batch) -> Status {
    for (int64_t i = 0; i < batch.num_rows; ++i) {
      const Value weight = batch.columns[0].at(i);
      const uint64_t rank = descending(weight.is_null() ? 0 : weight.number);
      ARROW_RETURN_NOT_OK(by_weight.add(as_sorted_bytes(rank, ~static_cast<uint64_t>(batch.first_row + i))));
    }
    rows += static_cast<uint64_t>(batch.num_rows);
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK(read_predictions(path, {"match_weight"}, context, add));
  ARROW_RETURN_NOT_OK(by_weight.finish());
  const uint64_t wanted = std::min<uint64_t>(count, rows);
  std::vector<int64_t> chosen;
  std::string_view next;
  for (uint64_t rank = 0; chosen.size() < wanted; ++rank) {
    ARROW_ASSIGN_OR_RAISE(const bool found, by_weight.next(&next));
    if (!found) break;
    while (chosen.size() < wanted && (wanted == 1 ? 0 : chosen.size() * (rows - 1) / (wanted - 1)) == rank) {
      chosen.push_back(static_cast<int64_t>(~second_of(next)));
    }
  }
  return chosen;
}

std::string text_of(const Value& value) {
  return value.kind == ValueKind::kInteger ? std::to_string(value.integer) : std::string(value.text());
}

}  // namespace

Result<std::vector<RowPair>> spread_of_predictions(const LinkageJob& job, const RecordTable& records, size_t count,
                                                   const RunContext& context) {
  const std::string path = output_file(job, "predictions");
  const auto chosen = rows_at_ranks(path, count, context);
  if (!chosen.ok()) {
    return chosen.status().WithMessage(chosen.status().message(),
                                       "; run the job first, or name pairs with --pair ID ID");
  }
  std::vector<std::string> columns;
  for (const char* side : {"_l", "_r"}) {
    columns.push_back(job.model.unique_id_column_name + side);
    if (records.has_sources()) columns.push_back(job.model.source_dataset_column_name + side);
  }
  std::map<int64_t, RowPair> pair_of_row;
  for (const int64_t row : *chosen) pair_of_row[row] = {};
  const auto find = [&](PredictionBatch& batch) -> Status {
    const size_t width = columns.size() / 2;
    const auto end = pair_of_row.lower_bound(batch.first_row + batch.num_rows);
    for (auto entry = pair_of_row.lower_bound(batch.first_row); entry != end; ++entry) {
      const int64_t row = entry->first - batch.first_row;
      const auto row_on = [&](size_t side) {
        std::string id = text_of(batch.columns[side * width].at(row));
        if (width == 2) id = text_of(batch.columns[side * width + 1].at(row)) + ":" + id;
        return find_row(records, id);
      };
      ARROW_ASSIGN_OR_RAISE(entry->second.left, row_on(0));
      ARROW_ASSIGN_OR_RAISE(entry->second.right, row_on(1));
    }
    return Status::OK();
  };
  if (!chosen->empty()) ARROW_RETURN_NOT_OK(read_predictions(path, columns, context, find));
  std::vector<RowPair> pairs;
  for (const int64_t row : *chosen) pairs.push_back(pair_of_row[row]);
  return pairs;
}

}  // namespace linkwright
