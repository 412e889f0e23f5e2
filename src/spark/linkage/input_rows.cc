#include "spark/linkage/input_rows.h"

#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>

#include "base/remote_path.h"
#include "engine/input_types.h"
#include "engine/job_records.h"
#include "io/table_reader.h"
#include "linkwright/spark_error.h"
#include "spark/linkage/column_types.h"

namespace linkwright::spark {
namespace {

// What Spark reads itself; of files on this machine only Parquet, whose types need no guessing.
bool is_for_spark(const InputSpec& input) {
  if (!input.table.empty() || !input.format.empty()) return true;
  return std::all_of(input.paths.begin(), input.paths.end(),
                     [](const std::string& path) { return has_scheme(path) || path.ends_with(".parquet"); });
}

// Of several files Spark reads the largest first, and parts of a folder or table in no order that a user knows.
bool is_one_file(const InputSpec& input) {
  if (input.paths.size() != 1 || has_scheme(input.paths[0]) || !input.format.empty()) return false;
  const auto files = expand_paths(input.paths);
  return files.ok() && files->size() == 1;
}

Result<DataFrame> read_by_spark(const InputSpec& input, const Session& session) {
  DataFrameReader reader = session.read();
  if (input.version) reader.option("versionAsOf", std::to_string(*input.version));
  if (!input.table.empty()) return reader.table(input.table);
  std::vector<std::string> paths;
  for (const std::string& path : input.paths) {
    if (has_scheme(path) || !input.format.empty()) {
      paths.push_back(path);
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> files, expand_paths({path}));
    for (const std::string& file : files) paths.push_back(path_for_others(file));
  }
  if (input.format != "delta") return reader.parquet(paths);
  if (paths.size() == 1) return reader.delta(paths[0]);
  return Status::Invalid("input '", input.name, "': a Delta input has one path, and this one has ", paths.size());
}

Result<InputRows> send(const InputSpec& input, const std::string& id_column, const Session& session, Rejects* rejects,
                       RunContext& context) {
  ReadOptions options = read_options(input, context.cancellation);
  options.rejects = rejects;
  ReadReport read;
  ARROW_ASSIGN_OR_RAISE(auto table, read_tables(input.paths, options, context.pool, &read));
  ARROW_ASSIGN_OR_RAISE(table, with_types(std::move(table), input));
  ARROW_ASSIGN_OR_RAISE(table, with_row_numbers(std::move(table), id_column));
  ARROW_ASSIGN_OR_RAISE(table, for_spark(*table));
  ARROW_ASSIGN_OR_RAISE(DataFrame frame, session.create_data_frame(table));
  return InputRows{{std::move(frame), table->schema()}, read.rejected_lines, true};
}

// The server does not see a file of this machine.
bool is_not_found(const Status& status) {
  const SparkError* error = SparkError::of(status);
  return error != nullptr && error->error_class == "PATH_NOT_FOUND";
}

bool all_are_here(const InputSpec& input) {
  return input.table.empty() && input.format.empty() && expand_paths(input.paths).ok();
}

}  // namespace

Result<InputRows> read_input(const InputSpec& input, const std::string& id_column, const Session& session,
                             Rejects* rejects, RunContext& context) {
  if (!is_for_spark(input)) return send(input, id_column, session, rejects, context);
  ARROW_ASSIGN_OR_RAISE(DataFrame frame, read_by_spark(input, session));
  auto schema = frame.schema();
  if (!schema.ok()) {
    if (is_not_found(schema.status()) && all_are_here(input)) {
      return send(input, id_column, session, rejects, context);
    }
    return schema.status().WithMessage("input '", input.name, "': ", schema.status().message());
  }
  if (id_column == "row_number" && (*schema)->GetFieldByName(id_column) == nullptr) {
    return Status::NotImplemented("input '", input.name,
                                  "': the rows of a table on Spark have no numbers; name a column ",
                                  "as unique_id_column_name");
  }
  return InputRows{{std::move(frame), *schema}, 0, is_one_file(input)};
}

}  // namespace linkwright::spark
