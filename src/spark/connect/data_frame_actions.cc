#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>

#include <utility>

#include "linkwright/spark.h"
#include "spark/connect/data_types.h"
#include "spark/connect/session_state.h"

namespace linkwright::spark {
namespace {

proto::Plan plan_of(const DataFrame::State& state) {
  proto::Plan plan;
  *plan.mutable_root() = state.relation;
  return plan;
}

Result<proto::AnalyzePlanResponse> analyze(const DataFrame::State& state, const proto::AnalyzePlanRequest& request) {
  proto::AnalyzePlanResponse response;
  ARROW_RETURN_NOT_OK(
      state.session->transport->call("AnalyzePlan", request, &Transport::Stub::PrepareAsyncAnalyzePlan, &response));
  return response;
}

/// The one value of a plan that has one row and one column.
template <class ArrayType>
Result<decltype(std::declval<ArrayType>().Value(0))> only_value(const arrow::Table& table) {
  if (table.num_rows() != 1 || table.num_columns() != 1) {
    return Status::IOError("Spark sent ", table.num_rows(), " rows and ", table.num_columns(),
                           " columns where one value ", "was due");
  }
  const auto* array = dynamic_cast<const ArrayType*>(table.column(0)->chunk(0).get());
  if (array == nullptr) return Status::IOError("Spark sent a value of type ", table.field(0)->type()->ToString());
  return array->Value(0);
}

proto::AnalyzePlanRequest::Explain::ExplainMode explain_mode(ExplainMode mode) {
  using Explain = proto::AnalyzePlanRequest::Explain;
  switch (mode) {
    case ExplainMode::kSimple:
      return Explain::EXPLAIN_MODE_SIMPLE;
    case ExplainMode::kExtended:
      return Explain::EXPLAIN_MODE_EXTENDED;
    case ExplainMode::kCodegen:
      return Explain::EXPLAIN_MODE_CODEGEN;
    case ExplainMode::kCost:
      return Explain::EXPLAIN_MODE_COST;
    case ExplainMode::kFormatted:
      return Explain::EXPLAIN_MODE_FORMATTED;
  }
  return Explain::EXPLAIN_MODE_UNSPECIFIED;
}

Value value_of(const arrow::Scalar& scalar) {
  if (!scalar.is_valid) return std::monostate();
  switch (scalar.type->id()) {
    case arrow::Type::BOOL:
      return dynamic_cast<const arrow::BooleanScalar&>(scalar).value;
    case arrow::Type::INT8:
      return int32_t{dynamic_cast<const arrow::Int8Scalar&>(scalar).value};
    case arrow::Type::INT16:
      return int32_t{dynamic_cast<const arrow::Int16Scalar&>(scalar).value};
    case arrow::Type::INT32:
      return dynamic_cast<const arrow::Int32Scalar&>(scalar).value;
    case arrow::Type::INT64:
      return dynamic_cast<const arrow::Int64Scalar&>(scalar).value;
    case arrow::Type::FLOAT:
      return double{dynamic_cast<const arrow::FloatScalar&>(scalar).value};
    case arrow::Type::DOUBLE:
      return dynamic_cast<const arrow::DoubleScalar&>(scalar).value;
    default:
      return scalar.ToString();
  }
}

/// A reader that keeps its session alive.
class SessionReader final : public arrow::RecordBatchReader {
 public:
  SessionReader(std::shared_ptr<Session::State> session, std::shared_ptr<ResultReader> reader)
      : session_(std::move(session)), reader_(std::move(reader)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override { return reader_->ReadNext(batch); }
  Status Close() override { return reader_->Close(); }

 private:
  std::shared_ptr<Session::State> session_;  // outlives the reader, which is behind it
  std::shared_ptr<ResultReader> reader_;
};

}  // namespace

Result<std::shared_ptr<arrow::Schema>> DataFrame::schema() const {
  proto::AnalyzePlanRequest request;
  *request.mutable_schema()->mutable_plan() = plan_of(*state_);
  ARROW_ASSIGN_OR_RAISE(const auto response, analyze(*state_, request));
  return arrow_schema(response.schema().schema());
}

Result<std::string> DataFrame::explain(ExplainMode mode) const {
  proto::AnalyzePlanRequest request;
  *request.mutable_explain()->mutable_plan() = plan_of(*state_);
  request.mutable_explain()->set_explain_mode(explain_mode(mode));
  ARROW_ASSIGN_OR_RAISE(auto response, analyze(*state_, request));
  return std::move(*response.mutable_explain()->mutable_explain_string());
}

Result<std::shared_ptr<arrow::RecordBatchReader>> DataFrame::to_batches(const QueryOptions& options) const {
  ARROW_ASSIGN_OR_RAISE(auto reader, state_->session->run(plan_of(*state_), options));
  return std::make_shared<SessionReader>(state_->session, std::move(reader));
}

Result<std::shared_ptr<arrow::Table>> DataFrame::to_arrow(const QueryOptions& options) const {
  ARROW_ASSIGN_OR_RAISE(const auto reader, to_batches(options));
  return reader->ToTable();
}

Result<std::vector<Row>> DataFrame::collect(const QueryOptions& options) const {
  ARROW_ASSIGN_OR_RAISE(const auto batches, to_batches(options));
  std::vector<Row> rows;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches->Next());
    if (batch == nullptr) return rows;
    for (int64_t row = 0; row < batch->num_rows(); ++row) {
      Row& values = rows.emplace_back();
      for (const auto& column : batch->columns()) {
        ARROW_ASSIGN_OR_RAISE(const auto scalar, column->GetScalar(row));
        values.push_back(value_of(*scalar));
      }
    }
  }
}

Result<int64_t> DataFrame::count(const QueryOptions& options) const {
  ARROW_ASSIGN_OR_RAISE(const auto table, agg({expr("count(1)")}).to_arrow(options));
  return only_value<arrow::Int64Array>(*table);
}

Result<std::string> DataFrame::show_string(int rows, int truncate, bool vertical) const {
  const DataFrame shown = make_data_frame(state_->session, [&](proto::Relation* relation) {
    proto::ShowString* show = relation->mutable_show_string();
    *show->mutable_input() = state_->relation;
    show->set_num_rows(rows);
    show->set_truncate(truncate);
    show->set_vertical(vertical);
  });
  ARROW_ASSIGN_OR_RAISE(const auto table, shown.to_arrow());
  if (table->num_rows() != 1 || table->num_columns() != 1) return Status::IOError("Spark sent no text to show");
  ARROW_ASSIGN_OR_RAISE(const auto text, table->column(0)->GetScalar(0));
  return text->ToString();
}

Status DataFrame::cache() const {
  proto::AnalyzePlanRequest request;
  *request.mutable_persist()->mutable_relation() = state_->relation;
  proto::StorageLevel* level = request.mutable_persist()->mutable_storage_level();
  level->set_use_disk(true);
  level->set_use_memory(true);
  level->set_deserialized(true);
  level->set_replication(1);
  return analyze(*state_, request).status();
}

Result<DataFrame> DataFrame::checkpoint(CheckpointPlace place) const {
  proto::Command command;
  proto::CheckpointCommand* checkpoint = command.mutable_checkpoint_command();
  *checkpoint->mutable_relation() = state_->relation;
  checkpoint->set_local(place == CheckpointPlace::kExecutors);
  checkpoint->set_eager(true);
  ARROW_ASSIGN_OR_RAISE(const auto reader, state_->session->run_command(std::move(command)));
  if (!reader->result_relation()) return Status::IOError("Spark made the checkpoint, but did not say where it is");
  return make_data_frame(state_->session, [&](proto::Relation* relation) { *relation = *reader->result_relation(); });
}

Status DataFrame::unpersist(bool blocking) const {
  if (state_->relation.has_cached_remote_relation()) {
    proto::Command command;
    *command.mutable_remove_cached_remote_relation_command()->mutable_relation() =
        state_->relation.cached_remote_relation();
    return state_->session->run_command(std::move(command)).status();
  }
  proto::AnalyzePlanRequest request;
  *request.mutable_unpersist()->mutable_relation() = state_->relation;
  request.mutable_unpersist()->set_blocking(blocking);
  proto::AnalyzePlanResponse response;
  return state_->session->transport->call_to_give_up("AnalyzePlan", request, &Transport::Stub::PrepareAsyncAnalyzePlan,
                                                     &response);
}

Status DataFrame::create_or_replace_temp_view(std::string_view name) const {
  proto::Command command;
  auto* view = command.mutable_create_dataframe_view();
  *view->mutable_input() = state_->relation;
  view->set_name(std::string(name));
  view->set_replace(true);
  return state_->session->run_command(std::move(command)).status();
}

}  // namespace linkwright::spark
