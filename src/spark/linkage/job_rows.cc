#include "spark/linkage/job_rows.h"

#include <arrow/type.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "base/column_name.h"
#include "base/nearest_name.h"
#include "engine/job_columns.h"
#include "engine/job_records.h"
#include "expr/arrow_values.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/engine_types.h"
#include "spark/linkage/id_check.h"
#include "spark/linkage/input_rows.h"

namespace linkwright::spark {
namespace {

struct NamedInput {
  std::string name;
  Rows rows;
};

// A column of an input as the first input has it: of one SQL type, which the wider of Spark's types for it holds.
Result<Column> aligned_column(const arrow::Field& wanted, const NamedInput& first, const NamedInput& input) {
  const auto field = input.rows.schema->GetFieldByName(wanted.name());
  if (field == nullptr) {
    return Status::Invalid("dataset '", input.name, "' has no column '", wanted.name(), "', which dataset '",
                           first.name, "' has", suggestion(wanted.name(), input.rows.schema->field_names()),
                           "; all inputs need the columns of the first one");
  }
  if (field->type()->Equals(*wanted.type())) return named(wanted.name());
  ARROW_ASSIGN_OR_RAISE(const ValueType first_type, value_type(*wanted.type()));
  ARROW_ASSIGN_OR_RAISE(const ValueType here, value_type(*field->type()));
  if (first_type != here && first_type.kind != ValueKind::kNull && here.kind != ValueKind::kNull) {
    return Status::TypeError("column '", wanted.name(), "' is ", to_string(first_type), " in dataset '", first.name,
                             "' and ", to_string(here), " in dataset '", input.name,
                             "'; give both one type (input option \"types\")");
  }
  return named(wanted.name());  // Spark's union widens
}

// All inputs below each other, with the columns of the first one in its order, and the datasets' column.
Result<Rows> concatenate(const std::vector<NamedInput>& inputs, const std::string& source_column, bool has_sources) {
  const std::shared_ptr<arrow::Schema>& schema = inputs[0].rows.schema;
  const bool names_sources = has_sources && schema->GetFieldByName(source_column) == nullptr;
  std::optional<DataFrame> all;
  for (const NamedInput& input : inputs) {
    std::vector<Column> columns;
    if (names_sources) columns.push_back(lit(input.name).alias(source_column));
    for (const auto& field : schema->fields()) {
      ARROW_ASSIGN_OR_RAISE(const Column column, aligned_column(*field, inputs[0], input));
      columns.push_back(column);
    }
    const DataFrame aligned = input.rows.frame.select(columns);
    all = all ? all->union_all(aligned) : aligned;
  }
  if (inputs.size() == 1 && !names_sources) return inputs[0].rows;
  if (inputs.size() == 1) {
    arrow::FieldVector fields = schema->fields();
    fields.insert(fields.begin(), arrow::field(source_column, arrow::utf8(), false));
    return Rows{*all, arrow::schema(std::move(fields))};
  }
  ARROW_ASSIGN_OR_RAISE(auto unified, all->schema());
  return Rows{*all, std::move(unified)};
}

Status check_id_column(const arrow::Schema& schema, const std::string& id) {
  const auto field = schema.GetFieldByName(id);
  if (field == nullptr) {
    return Status::Invalid("the inputs have no id column '", id, "'", suggestion(id, schema.field_names()),
                           "; name it in the settings as unique_id_column_name");
  }
  ARROW_ASSIGN_OR_RAISE(const ValueType type, value_type(*field->type()));
  if (type.kind == ValueKind::kInteger || type.kind == ValueKind::kText) return Status::OK();
  return Status::NotImplemented("column '", id, "' is ", to_string(type), "; ids must be integers or text");
}

// All columns of the records, the derived ones behind them.
Rows with_derived(const LinkageJob& job, const JobRows& rows) {
  const LinkageModel& model = job.model;
  std::vector<Column> derived = {named(model.unique_id_column_name).alias("lw_id")};
  Column same = named(model.unique_id_column_name) == col("lw_id");
  std::vector<std::string> keys = {"lw_id"};
  if (model.has_sources()) {
    derived.push_back(named(model.source_dataset_column_name).alias("lw_source"));
    same = same && named(model.source_dataset_column_name) == col("lw_source");
    keys.emplace_back("lw_source");
  }
  arrow::FieldVector fields = rows.all.schema->fields();
  for (const DeriveSpec& spec : job.derive) {
    derived.push_back(named(spec.column));
    fields.push_back(rows.working.schema->GetFieldByName(spec.column));
  }
  return {rows.all.frame.join(rows.working.frame.select(derived), same).drop(keys), arrow::schema(std::move(fields))};
}

Status derive(const LinkageJob& job, const NativeKernel& kernel, JobRows* rows) {
  if (job.derive.empty()) return Status::OK();
  for (const DeriveSpec& derived : job.derive) {
    if (rows->all.schema->GetFieldByName(derived.column) == nullptr) continue;
    return Status::Invalid("derived column '", derived.column, "' has the name of a column that exists already");
  }
  ARROW_ASSIGN_OR_RAISE(rows->working, kernel.run("derive", nlohmann::ordered_json::object(), job, rows->working));
  rows->job.derive.clear();
  ARROW_ASSIGN_OR_RAISE(KeptRows kept, KeptRows::cache(rows->working.frame));
  rows->kept.push_back(std::move(kept));
  rows->all = with_derived(job, *rows);
  return Status::OK();
}

}  // namespace

Rows with_columns(const Rows& rows, const std::vector<std::string>& columns, const LinkageModel& model) {
  const std::set<std::string> wanted = columns_meant_by(columns, rows.schema->field_names());
  const auto is_wanted = [&](const std::string& name) {
    return name == model.unique_id_column_name || (model.has_sources() && name == model.source_dataset_column_name) ||
           wanted.contains(name);
  };
  std::vector<Column> selected;
  arrow::FieldVector fields;
  for (const auto& field : rows.schema->fields()) {
    if (!is_wanted(field->name())) continue;
    selected.push_back(named(field->name()));
    fields.push_back(field);
  }
  return {rows.frame.select(selected), arrow::schema(std::move(fields))};
}

Result<Rows> rows_for(const LinkageJob& job, const Rows& rows) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, working_columns(job));
  return with_columns(rows, columns, job.model);
}

Result<JobRows> read_job_rows(const LinkageJob& job, const Session& session, const NativeKernel* kernel,
                              const RunOptions& options, RunContext& context, RunReport* report) {
  StageTimer reading(context, "read", "rows");
  const LinkageModel& model = job.model;
  std::vector<NamedInput> inputs;
  JobRows rows{{session.range(0, 0), nullptr},
               {session.range(0, 0), nullptr},
               job,
               {},
               0,
               {{{session.range(0, 0), nullptr}, nullptr}, {}, {}, {}, "", {}},
               {}};
  rows.job.training = {};
  Rejects rejects(options.rejects_path);
  bool is_in_order = true;
  for (const InputSpec& input : job.inputs) {
    ARROW_ASSIGN_OR_RAISE(InputRows read, read_input(input, model.unique_id_column_name, session,
                                                     options.rejects_path.empty() ? nullptr : &rejects, context));
    report->inputs.push_back({input.name, 0, read.rejected_lines});
    inputs.push_back({input.name, std::move(read.rows)});
    is_in_order = is_in_order && read.is_in_order;
  }
  ARROW_RETURN_NOT_OK(rejects.finish());
  ARROW_ASSIGN_OR_RAISE(rows.all, concatenate(inputs, model.source_dataset_column_name, model.has_sources()));
  ARROW_RETURN_NOT_OK(check_id_column(*rows.all.schema, model.unique_id_column_name));
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> columns, working_columns(job));
  columns.push_back(model.unique_id_column_name);
  ARROW_ASSIGN_OR_RAISE(rows.all, in_engine_types(rows.all, columns));
  ARROW_ASSIGN_OR_RAISE(rows.all.frame, named_plan(rows.all.frame, session));
  ARROW_ASSIGN_OR_RAISE(rows.working, rows_for(job, rows.all));
  if (kernel != nullptr) {
    ARROW_RETURN_NOT_OK(derive(job, *kernel, &rows));
    auto surveyed = survey_rows(rows.working, with_all_rules(job), session, *kernel, context);
    if (!surveyed.ok()) {  // what is wrong with ids is told before what is wrong with rules
      ARROW_RETURN_NOT_OK(count_and_check_ids(rows.working.frame, model, is_in_order, context).status());
      // The same trial with all columns, so that the nearest names are of all.
      ARROW_RETURN_NOT_OK(
          kernel->run("survey", nlohmann::ordered_json::object(), with_all_rules(job), rows.all).status());
      return surveyed.status();
    }
    rows.surveyed = *std::move(surveyed);
    rows.sources = rows.surveyed.datasets;
  } else {
    ARROW_ASSIGN_OR_RAISE(rows.sources, count_and_check_ids(rows.working.frame, model, is_in_order, context));
  }
  std::vector<std::string> names;
  for (const auto& [name, count] : rows.sources) {
    if (model.has_sources()) names.push_back(name);
    rows.num_rows += count;
    for (RunReport::Input& input : report->inputs) {
      if (input.name == name || report->inputs.size() == 1) input.rows += static_cast<int64_t>(count);
    }
  }
  ARROW_RETURN_NOT_OK(check_datasets(model, names));
  report->records = rows.num_rows;
  reading.finish(rows.num_rows);
  return rows;
}

}  // namespace linkwright::spark
