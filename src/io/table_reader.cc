#include "io/table_reader.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/column_name.h"
#include "base/nearest_name.h"
#include "base/thread_pool.h"
#include "base/type_name.h"
#include "io/arrow_threads.h"
#include "io/csv_reader.h"
#include "io/file_content.h"
#include "io/json_rows.h"
#include "io/parquet_reader.h"
#include "io/rejects.h"
#include "io/text_columns.h"

namespace linkwright {
namespace {

Status leave_out(const ReadOptions& options, const std::string& path, const CsvReject& reject) {
  return options.rejects == nullptr ? rejected(path, reject) : options.rejects->add(path, reject);
}

// All CSV files of a dataset fill the same columns, so that types are settled over all of them.
class CsvDataset {
 public:
  explicit CsvDataset(const ReadOptions& options) : options_(options) {}

  Status add(const std::string& path) {
    const bool tabs = path.find(".tsv") != std::string::npos;
    const char delimiter = options_.delimiter == 0 && tabs ? '\t' : options_.delimiter;
    ARROW_ASSIGN_OR_RAISE(const auto reader, CsvReader::open(path, delimiter));
    if (names_.empty()) {
      names_ = reader->columns();
      columns_.resize(names_.size());
      first_ = path;
    }
    std::vector<size_t> places;
    for (const std::string& name : reader->columns()) {
      const auto found = std::find(names_.begin(), names_.end(), name);
      if (found == names_.end() || reader->columns().size() != names_.size()) {
        return Status::Invalid(path, ":1: has other columns than ", first_, ": ",
                               found == names_.end() ? "'" + name + "' is new" : std::string("some are missing"),
                               "; files of one input need the same columns");
      }
      places.push_back(static_cast<size_t>(found - names_.begin()));
    }
    return reader->read(
        [&](std::span<const CsvField> fields) -> Status {
          for (size_t i = 0; i < fields.size(); ++i) {
            TextColumn& column = columns_[places[i]];
            ARROW_RETURN_NOT_OK(fields[i].is_null ? column.append_null() : column.append(fields[i].text));
          }
          return Status::OK();
        },
        [&](const CsvReject& reject) { return leave_out(options_, path, reject); }, options_.cancellation);
  }

  Result<std::shared_ptr<arrow::Table>> finish() {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    for (size_t i = 0; i < names_.size(); ++i) {
      const bool keep_text = std::find(options_.text_columns.begin(), options_.text_columns.end(), names_[i]) !=
                             options_.text_columns.end();
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), columns_[i].finish(keep_text));
      fields.push_back(arrow::field(names_[i], arrays.back()->type()));
    }
    return arrow::Table::Make(arrow::schema(std::move(fields)), arrays);
  }

 private:
  const ReadOptions& options_;
  std::string first_;
  std::vector<std::string> names_;
  std::vector<TextColumn> columns_;
};

// Codes as the values that they stand for.
Result<std::shared_ptr<arrow::Array>> decoded(const arrow::Array& array) {
  const auto& codes = static_cast<const arrow::DictionaryArray&>(array);
  const auto& type = static_cast<const arrow::DictionaryType&>(*array.type());
  ARROW_ASSIGN_OR_RAISE(const auto builder, arrow::MakeBuilder(type.value_type()));
  ARROW_RETURN_NOT_OK(builder->Reserve(codes.length()));
  const arrow::ArraySpan values(*codes.dictionary()->data());
  for (int64_t row = 0; row < codes.length(); ++row) {
    ARROW_RETURN_NOT_OK(codes.IsNull(row) ? builder->AppendNull()
                                          : builder->AppendArraySlice(values, codes.GetValueIndex(row), 1));
  }
  return builder->Finish();
}

const arrow::DataType& value_type(const arrow::DataType& type) {
  if (type.id() != arrow::Type::DICTIONARY) return type;
  return *static_cast<const arrow::DictionaryType&>(type).value_type();
}

// Whether text is stored as codes is a matter of each Parquet file: where only some do, the column is plain.
std::shared_ptr<arrow::DataType> common_type(const std::vector<std::shared_ptr<arrow::Table>>& tables,
                                             const arrow::Field& field) {
  for (const auto& table : tables) {
    const auto column = table->GetColumnByName(field.name());
    const bool is_mixed = column != nullptr && (column->type()->id() == arrow::Type::DICTIONARY) !=
                                                   (field.type()->id() == arrow::Type::DICTIONARY);
    if (is_mixed) return value_type(*field.type()).GetSharedPtr();
  }
  return field.type();
}

// Tables of files that were read one by one, below each other; columns are found by name.
Result<std::shared_ptr<arrow::Table>> concatenate(const std::vector<std::shared_ptr<arrow::Table>>& tables,
                                                  const std::vector<std::string>& paths) {
  if (tables.size() == 1) return tables[0];
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  arrow::FieldVector fields;
  for (const auto& field : tables[0]->schema()->fields()) {
    arrow::ArrayVector chunks;
    const std::shared_ptr<arrow::DataType> type = common_type(tables, *field);
    for (size_t t = 0; t < tables.size(); ++t) {
      const auto column = tables[t]->GetColumnByName(field->name());
      if (column == nullptr || tables[t]->num_columns() != tables[0]->num_columns()) {
        return Status::Invalid(paths[t], " has other columns than ", paths[0],
                               "; files of one input need the same columns");
      }
      const bool is_decoded = !column->type()->Equals(type) && value_type(*column->type()).Equals(type);
      if (!is_decoded && !column->type()->Equals(type)) {
        return Status::TypeError("column '", field->name(), "' is ", type_name(*column->type()), " in ", paths[t],
                                 " and ", type_name(*field->type()), " in ", paths[0],
                                 "; files of one input need the same types");
      }
      for (const auto& chunk : column->chunks()) {
        ARROW_ASSIGN_OR_RAISE(chunks.emplace_back(), is_decoded ? decoded(*chunk) : chunk);
      }
    }
    columns.push_back(std::make_shared<arrow::ChunkedArray>(std::move(chunks), type));
    fields.push_back(field->WithType(type));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields), tables[0]->schema()->metadata()), std::move(columns));
}

// CSV's header is checked with its line; a schema of Parquet may repeat a name as well.
Status check_names(const arrow::Schema& schema, const std::string& path) {
  std::set<std::string_view> seen;
  for (const auto& field : schema.fields()) {
    if (!seen.insert(field->name()).second) {
      return Status::Invalid(path, ": two columns are named '", field->name(), "'; rename one");
    }
  }
  return Status::OK();
}

Result<std::shared_ptr<arrow::Table>> select_columns(const std::shared_ptr<arrow::Table>& table,
                                                     const std::vector<std::string>& names) {
  if (names.empty()) return table;
  const std::vector<std::string> columns = table->ColumnNames();
  std::vector<int> places;
  for (const std::string& name : names) {
    const std::string* meant = column_meant_by(name, columns);
    if (meant == nullptr) return Status::Invalid("there is no column '", name, "'", suggestion(name, columns));
    places.push_back(table->schema()->GetFieldIndex(*meant));
  }
  return table->SelectColumns(places);
}

}  // namespace

Result<std::shared_ptr<arrow::Table>> read_tables(const std::vector<std::string>& patterns, const ReadOptions& options,
                                                  ThreadPool& pool, ReadReport* report) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> paths, expand_paths(patterns));
  std::vector<ContentFormat> formats;
  for (const std::string& path : paths) {
    ARROW_ASSIGN_OR_RAISE(formats.emplace_back(), content_format(path));
    if (formats.back() != formats.front()) {
      return Status::Invalid(paths.front(), " and ", path, " are of different formats; make them two inputs");
    }
  }
  const int64_t rejected_before = options.rejects == nullptr ? 0 : options.rejects->count();
  std::shared_ptr<arrow::Table> table;
  if (formats.front() == ContentFormat::kCsv) {
    CsvDataset dataset(options);
    for (const std::string& path : paths) ARROW_RETURN_NOT_OK(dataset.add(path));
    ARROW_ASSIGN_OR_RAISE(table, dataset.finish());
  } else {
    std::vector<std::shared_ptr<arrow::Table>> tables;
    ARROW_RETURN_NOT_OK(give_arrow_threads(pool.threads()));
    for (const std::string& path : paths) {
      if (options.cancellation != nullptr) ARROW_RETURN_NOT_OK(options.cancellation->check());
      if (formats.front() == ContentFormat::kParquet) {
        ARROW_ASSIGN_OR_RAISE(tables.emplace_back(), read_parquet(path, pool.threads() > 1, options.cancellation));
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(const FileContent content, read_file_content(path));
      ARROW_ASSIGN_OR_RAISE(
          tables.emplace_back(),
          read_json_rows(
              content.text(), path, [&](const CsvReject& reject) { return leave_out(options, path, reject); },
              options.cancellation));
    }
    ARROW_ASSIGN_OR_RAISE(table, concatenate(tables, paths));
  }
  ARROW_RETURN_NOT_OK(check_names(*table->schema(), paths.front()));
  if (table->num_columns() == 0) return Status::Invalid(paths.front(), " has no columns");
  if (report != nullptr) {
    report->rows += table->num_rows();
    if (options.rejects != nullptr) report->rejected_lines += options.rejects->count() - rejected_before;
  }
  return select_columns(table, options.columns);
}

}  // namespace linkwright
