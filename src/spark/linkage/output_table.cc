#include "spark/linkage/output_table.h"

#include <arrow/type.h>

#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/remote_path.h"
#include "engine/output_files.h"
#include "spark/config/uuid.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;

const char* format_name(const OutputPlace& place) {
  if (place.is_delta) return "delta";
  switch (place.format) {
    case OutputFormat::kParquet:
      return "parquet";
    case OutputFormat::kCsv:
      return "csv";
    case OutputFormat::kNdjson:
      return "json";
  }
  return "";
}

bool is_delta_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / "_delta_log", ignored);
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

// Spark's names for files of text, as those of Parquet. The sums that Hadoop keeps beside them are of the old names;
// the first task has a file even where it wrote nothing.
Status name_parquet_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".txt") files.push_back(entry->path());
  }
  for (const fs::path& file : files) {
    if (error) break;
    if (fs::is_empty(file, error)) {
      fs::remove(file, error);
    } else if (!error) {
      fs::rename(file, fs::path(file).replace_extension(".parquet"), error);
    }
    std::error_code ignored;
    fs::remove(folder / ("." + file.filename().string() + ".crc"), ignored);
  }
  return error ? Status::IOError(folder.string(), ": cannot name the files in it: ", error.message()) : Status::OK();
}

}  // namespace

std::string path_in(const OutputPlace& place, const std::string& name) {
  if (!place.table.empty()) return place.table;
  const std::string file = name + (place.is_delta ? ".delta" : file_extension(place.format));
  return has_scheme(place.folder) ? place.folder + "/" + file : (fs::path(place.folder) / file).string();
}

OutputTable::OutputTable(const OutputPlace& place, const std::string& name)
    : place_(place), path_(path_in(place, name)) {
  if (!place_.table.empty() || has_scheme(place_.folder)) return;
  written_ = path_for_others(path_);
  keeps_history_ = place_.is_delta && is_delta_folder(path_);
  if (!keeps_history_) written_ += "." + random_uuid() + ".part";
}

OutputTable::~OutputTable() {
  std::error_code error;
  if (!is_in_place()) fs::remove_all(written_, error);
}

Status OutputTable::write(const Rows& rows, const QueryOptions& query) {
  const bool is_csv = place_.format == OutputFormat::kCsv;
  DataFrameWriter writer = (is_csv ? without_lists(rows) : rows.frame).write();
  writer.mode(SaveMode::kOverwrite);
  if (place_.is_delta) writer.option("overwriteSchema", "true");
  if (place_.table.empty() || place_.is_delta) writer.format(format_name(place_));
  if (!place_.table.empty()) return writer.save_as_table(place_.table, query);
  if (is_csv) writer.option("header", "true").option("escape", "\"");
  if (place_.format == OutputFormat::kNdjson) writer.option("ignoreNullFields", "false");
  return writer.save(place(), query);
}

bool OutputTable::takes_files() const {
  return place_.format == OutputFormat::kParquet && !written_.empty() && !place_.is_delta;
}

// Lines of text are what Spark writes as it is given them: each row to a file of its own, where the end of the line
// ends the file (docs/decisions/0064-kernels-make-parquet-files.md).
Status OutputTable::write_files(const DataFrame& rows, const std::string& column, const QueryOptions& query) {
  DataFrameWriter writer = rows.select({expr("CAST(" + sql_name(column) + " AS STRING) AS value")}).write();
  writer.mode(SaveMode::kOverwrite).format("text").option("compression", "none");
  writer.option("maxRecordsPerFile", "1").option("lineSep", "PAR1");
  has_text_names_ = true;
  return writer.save(place(), query);
}

Result<DataFrame> OutputTable::read(const Session& session, const arrow::Schema& schema) const {
  if (!place_.table.empty()) return session.table(place_.table);
  DataFrameReader reader = session.read();
  if (place_.is_delta) return reader.delta(place());
  ARROW_ASSIGN_OR_RAISE(std::string columns, ddl_of(schema));
  reader.schema(std::move(columns));
  if (place_.format == OutputFormat::kParquet) return reader.parquet({place()});
  if (place_.format == OutputFormat::kNdjson) return reader.json({place()});
  return reader.option("header", "true").option("escape", "\"").option("multiLine", "true").csv({place()});
}

Status OutputTable::publish() {
  if (is_in_place()) return Status::OK();
  if (!fs::exists(written_)) {
    return Status::IOError(written_,
                           ": Spark wrote it where this machine does not see it; give its output a place that ",
                           "the cluster has, as engine.spark.output (s3://bucket/run, dbfs:/run)");
  }
  if (has_text_names_) ARROW_RETURN_NOT_OK(name_parquet_files(written_));
  std::error_code error;
  fs::remove_all(path_, error);
  if (!error) fs::rename(written_, path_, error);
  if (error) return Status::IOError(path_, ": cannot take its name: ", error.message());
  written_.clear();
  return Status::OK();
}

}  // namespace linkwright::spark
