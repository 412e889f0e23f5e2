#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/record_columns.h"
#include "kernel/gathered_stream.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/partition_pairs.h"

namespace linkwright {
namespace {

// Appends a job's derived columns to rows that do not have them yet.
class DerivedColumns {
 public:
  static Result<DerivedColumns> make(const PairTask& task, const std::shared_ptr<arrow::Schema>& rows) {
    DerivedColumns derived;
    std::vector<std::string> names;
    for (const DeriveSpec& column : task.job.derive) names.push_back(column.column);
    ARROW_ASSIGN_OR_RAISE(derived.options_, task.encoding_in_order(*rows, std::move(names)));
    ARROW_ASSIGN_OR_RAISE(const auto no_rows, arrow::Table::MakeEmpty(rows));
    ARROW_ASSIGN_OR_RAISE(const auto columns, derived.columns_of(no_rows));
    derived.schema_ = rows;
    for (size_t i = 0; i < columns.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(derived.schema_, derived.schema_->AddField(
                                                 derived.schema_->num_fields(),
                                                 arrow::field(derived.options_.derived[i].name, columns[i]->type())));
    }
    return derived;
  }

  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  Result<GatheredStream::Batches> map(const std::shared_ptr<arrow::Table>& rows) const {
    ARROW_ASSIGN_OR_RAISE(const auto batch, rows->CombineChunksToBatch());
    arrow::ArrayVector all = batch->columns();
    ARROW_ASSIGN_OR_RAISE(const auto columns, columns_of(rows));
    all.insert(all.end(), columns.begin(), columns.end());
    return GatheredStream::Batches{arrow::RecordBatch::Make(schema_, rows->num_rows(), std::move(all))};
  }

 private:
  Result<arrow::ArrayVector> columns_of(const std::shared_ptr<arrow::Table>& rows) const {
    KernelRun run;
    ARROW_ASSIGN_OR_RAISE(const RecordTable records,
                          RecordTable::make({{"records", rows}}, options_, run.context().pool));
    std::vector<uint32_t> all_rows(records.num_rows());
    std::iota(all_rows.begin(), all_rows.end(), 0U);
    arrow::ArrayVector columns;
    for (const DerivedColumn& derived : options_.derived) {
      ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(derived.name));
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), gather_values(*column, all_rows));
    }
    return columns;
  }

  RecordTableOptions options_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

Result<RowStream> derive_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(const PairTask task, PairTask::read(options));
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  ARROW_ASSIGN_OR_RAISE(DerivedColumns made, DerivedColumns::make(task, rows->schema()));
  const auto derived = std::make_shared<const DerivedColumns>(std::move(made));
  return std::make_shared<GatheredStream>(derived->schema(), std::move(rows), kEachBatch,
                                          [derived](const auto& table) { return derived->map(table); });
}

}  // namespace linkwright
