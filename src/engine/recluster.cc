#include "engine/recluster.h"

#include <array>
#include <utility>

#include "engine/edge_clusters.h"
#include "engine/prediction_reader.h"
#include "engine/rows_by_id.h"
#include "expr/arrow_values.h"
#include "expr/value.h"

namespace linkwright {
namespace {

// Columns of predictions in the order in which they are read.
constexpr size_t kWeight = 0;
constexpr size_t kFirstId = 1;  // of the left record, of the right one, then their datasets
constexpr size_t kFirstSource = 3;

class Links {
 public:
  Links(const LinkageModel& model, RowsById rows) : rows_(std::move(rows)) {
    columns_ = {"match_weight", model.unique_id_column_name + "_l", model.unique_id_column_name + "_r"};
    if (!model.has_sources()) return;
    columns_.push_back(model.source_dataset_column_name + "_l");
    columns_.push_back(model.source_dataset_column_name + "_r");
  }

  const std::vector<std::string>& columns() const { return columns_; }

  Result<std::vector<ScoredPair>> of(PredictionBatch& batch) {
    std::vector<ArrayValues>& values = batch.columns;
    ARROW_RETURN_NOT_OK(check_types(values));
    std::vector<ScoredPair> pairs;
    pairs.reserve(static_cast<size_t>(batch.num_rows));
    for (int64_t i = 0; i < batch.num_rows; ++i) {
      const Value weight = values[kWeight].at(i);
      if (weight.is_null()) {
        return Status::Invalid("row ", batch.first_row + i + 1, " of the predictions has no match_weight");
      }
      std::array<uint32_t, 2> sides{};
      for (size_t side = 0; side < sides.size(); ++side) {
        const Value source = columns_.size() > kFirstSource ? values[kFirstSource + side].at(i) : Value::null();
        const auto row = rows_.find(source.is_null() ? "" : source.text(), values[kFirstId + side].at(i));
        if (!row) {
          return Status::KeyError("row ", batch.first_row + i + 1, " of the predictions has in '",
                                  columns_[kFirstId + side], "' an id that no record has; are they of the same data?");
        }
        sides[side] = *row;
      }
      pairs.push_back({{sides[0], sides[1]}, {}, weight.number, 0});
    }
    return pairs;
  }

 private:
  Status check_types(const std::vector<ArrayValues>& values) const {
    if (values[kWeight].type().kind != ValueKind::kDouble) {
      return Status::TypeError("match_weight must be a column of doubles");
    }
    for (size_t column = kFirstId; column < columns_.size(); ++column) {
      const ValueKind wanted = column < kFirstSource ? rows_.id_type().kind : ValueKind::kText;
      if (values[column].type().kind == wanted) continue;
      return Status::TypeError("column '", columns_[column], "' of the predictions is ",
                               to_string(values[column].type()), ", and the records' is ",
                               to_string(ValueType{.kind = wanted}), "; both must be the same ids");
    }
    return Status::OK();
  }

  std::vector<std::string> columns_;
  RowsById rows_;
};

}  // namespace

Result<std::vector<ClusterColumn>> recluster(const std::string& predictions, const ClusterSpec& spec,
                                             const LinkageModel& model, const RecordTable& records,
                                             RunContext& context) {
  StageTimer timer(context, "cluster", "predictions");
  ARROW_ASSIGN_OR_RAISE(EdgeClusters clusters, EdgeClusters::make(spec, records, context));
  uint64_t num_links = 0;
  {
    ARROW_ASSIGN_OR_RAISE(RowsById rows, RowsById::make(records));
    Links links(model, std::move(rows));
    const auto add = [&](PredictionBatch& batch) -> Status {
      ARROW_ASSIGN_OR_RAISE(const std::vector<ScoredPair> pairs, links.of(batch));
      num_links += pairs.size();
      context.progress.advance(pairs.size());
      return clusters.add(pairs);
    };
    ARROW_RETURN_NOT_OK(read_predictions(predictions, links.columns(), context, add));
  }
  ARROW_ASSIGN_OR_RAISE(std::vector<ClusterColumn> columns, clusters.finish(context.cancellation));
  timer.finish(num_links);
  return columns;
}

}  // namespace linkwright
