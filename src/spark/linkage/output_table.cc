#include "spark/linkage/output_table.h"

#include <arrow/type.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/remote_path.h"
#include "engine/output_files.h"
#include "spark/config/uuid.h"
#include "spark/linkage/column_types.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;

const char* format_name(OutputFormat format) {
  switch (format) {
    case OutputFormat::kParquet:
      return "parquet";
    case OutputFormat::kCsv:
      return "csv";
    case OutputFormat::kNdjson:
      return "json";
  }
  return "";
}

DataFrame without_lists(const Rows& rows) {
  std::vector<Column> columns;
  for (const auto& field : rows.schema->fields()) {
    const Column column = named(field->name());
    columns.push_back(field->type()->id() == arrow::Type::LIST ? call_function("to_json", {column}).alias(field->name())
                                                               : column);
  }
  return rows.frame.select(columns);
}

}  // namespace

OutputTable::OutputTable(const std::string& folder, const std::string& table, OutputFormat format) : format_(format) {
  const std::string name = table + file_extension(format);
  path_ = has_scheme(folder) ? folder + "/" + name : (fs::path(folder) / name).string();
  written_ = has_scheme(folder) ? path_ : path_for_others(path_) + "." + random_uuid() + ".part";
}

OutputTable::~OutputTable() {
  std::error_code error;
  if (written_ != path_) fs::remove_all(written_, error);
}

Status OutputTable::write(const Rows& rows, const QueryOptions& query) {
  const bool is_csv = format_ == OutputFormat::kCsv;
  DataFrameWriter writer = (is_csv ? without_lists(rows) : rows.frame).write();
  writer.format(format_name(format_)).mode(SaveMode::kOverwrite);
  if (is_csv) writer.option("header", "true").option("escape", "\"");
  if (format_ == OutputFormat::kNdjson) writer.option("ignoreNullFields", "false");
  return writer.save(written_, query);
}

Result<DataFrame> OutputTable::read(const Session& session, const arrow::Schema& schema) const {
  DataFrameReader reader = session.read();
  if (format_ == OutputFormat::kParquet) return reader.parquet({written_});
  ARROW_ASSIGN_OR_RAISE(std::string columns, ddl_of(schema));
  reader.schema(std::move(columns));
  if (format_ == OutputFormat::kNdjson) return reader.json({written_});
  return reader.option("header", "true").option("escape", "\"").option("multiLine", "true").csv({written_});
}

Status OutputTable::publish() {
  if (written_ == path_) return Status::OK();
  if (!fs::exists(written_)) {
    return Status::IOError(written_,
                           ": Spark wrote it where this machine does not see it; give its output a place that ",
                           "the cluster has, as engine.spark.output (s3://bucket/run, dbfs:/run)");
  }
  std::error_code error;
  fs::remove_all(path_, error);
  if (!error) fs::rename(written_, path_, error);
  if (error) return Status::IOError(path_, ": cannot take its name: ", error.message());
  written_ = path_;
  return Status::OK();
}

}  // namespace linkwright::spark
