#include "engine/spread_of_predictions.h"

#include <arrow/table.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "column/encoded_column.h"
#include "engine/explanation.h"
#include "engine/output_files.h"
#include "expr/arrow_values.h"
#include "io/table_reader.h"

namespace linkwright {

Result<std::vector<RowPair>> spread_of_predictions(const LinkageJob& job, const RecordTable& records, size_t count,
                                                   ThreadPool& pool) {
  const std::string id = job.model.unique_id_column_name;
  const std::string source = job.model.source_dataset_column_name;
  ReadOptions options;
  options.columns = {"match_weight", id + "_l", id + "_r"};
  if (records.has_sources()) options.columns.insert(options.columns.end(), {source + "_l", source + "_r"});
  auto table = read_tables({output_file(job, "predictions")}, options, pool, nullptr);
  if (!table.ok()) {
    return table.status().WithMessage(table.status().message(), "; run the job first, or name pairs with --pair ID ID");
  }
  std::vector<EncodedColumn> columns;
  for (const auto& column : (*table)->columns()) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), encode_column("", *column));
  }
  ARROW_ASSIGN_OR_RAISE(ArrayValues weights, ArrayValues::make(columns[0].values));
  std::vector<std::pair<double, size_t>> order;
  for (size_t row = 0; row < columns[0].codes.size(); ++row) {
    order.emplace_back(columns[0].codes[row] == 0 ? 0 : weights.at(columns[0].codes[row] - 1).number, row);
  }
  std::sort(order.begin(), order.end(), std::greater<>());
  const auto text = [&](size_t column, size_t row) -> Result<std::string> {
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(columns[column].values));
    const Value value = values.at(columns[column].codes[row] - 1);
    return value.kind == ValueKind::kInteger ? std::to_string(value.integer) : std::string(value.text());
  };
  std::vector<RowPair> pairs;
  const size_t wanted = std::min(count, order.size());
  for (size_t k = 0; k < wanted; ++k) {
    const size_t row = order[wanted == 1 ? 0 : k * (order.size() - 1) / (wanted - 1)].second;
    std::vector<uint32_t> sides;
    for (const size_t side : {size_t{0}, size_t{1}}) {
      ARROW_ASSIGN_OR_RAISE(std::string name, text(1 + side, row));
      if (records.has_sources()) {
        ARROW_ASSIGN_OR_RAISE(const std::string dataset, text(3 + side, row));
        name = dataset + ":" + name;
      }
      ARROW_ASSIGN_OR_RAISE(sides.emplace_back(), find_row(records, name));
    }
    pairs.push_back({sides[0], sides[1]});
  }
  return pairs;
}

}  // namespace linkwright
