#include "column/record_table.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/column_name.h"
#include "base/nearest_name.h"
#include "base/thread_pool.h"
#include "column/common_type.h"
#include "column/integer_range.h"
#include "column/record_order.h"
#include "expr/arrow_values.h"

namespace linkwright {
namespace {

// One column of all inputs, with values of the type that holds those of each. Chunks may still differ in representation
// (text and dictionary-encoded text): readers look at each chunk's own type.
Result<std::shared_ptr<arrow::ChunkedArray>> concatenate_column(
    const std::vector<std::shared_ptr<arrow::ChunkedArray>>& parts, const std::string& name,
    const std::vector<SourceTable>& sources) {
  const auto has_first_type = [&](const auto& part) { return part->type()->Equals(*parts[0]->type()); };
  const bool is_of_one_type = std::all_of(parts.begin(), parts.end(), has_first_type);
  std::vector<ValueType> types;
  ValueType type;
  for (size_t i = 0; i < parts.size() && !is_of_one_type; ++i) {
    const auto here = value_type(*parts[i]->type());
    if (!here.ok()) return here.status().WithMessage("column '", name, "': ", here.status().message());
    types.push_back(*here);
    const std::optional<ValueType> common = common_type(type, types[i]);
    if (!common) {
      return Status::TypeError("column '", name, "' is ", to_string(type), " in dataset '", sources[0].name, "' and ",
                               to_string(types[i]), " in dataset '", sources[i].name,
                               "'; give both one type (input option \"types\")");
    }
    type = *common;
  }
  arrow::ArrayVector chunks;
  for (const auto& part : parts) {
    for (std::shared_ptr<arrow::Array> chunk : part->chunks()) {
      if (!is_of_one_type) {
        auto wide = widened(std::move(chunk), type);
        if (!wide.ok()) return wide.status().WithMessage("column '", name, "': ", wide.status().message());
        chunk = std::move(*wide);
      }
      chunks.push_back(std::move(chunk));
    }
  }
  std::shared_ptr<arrow::DataType> arrow = parts[0]->type();
  if (!is_of_one_type && types[0] != type) {
    ARROW_ASSIGN_OR_RAISE(arrow, arrow_type(type));
  }
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), std::move(arrow));
}

// All inputs below each other, with the columns of the first one in its order.
Result<std::shared_ptr<arrow::Table>> concatenate_sources(const std::vector<SourceTable>& sources) {
  if (sources.size() == 1) return sources[0].table;
  const std::vector<std::string> names = sources[0].table->ColumnNames();
  std::vector<std::shared_ptr<arrow::Table>> tables;
  for (const SourceTable& source : sources) {
    std::vector<int> places;
    for (const std::string& name : names) {
      const int place = source.table->schema()->GetFieldIndex(name);
      if (place < 0) {
        return Status::Invalid("dataset '", source.name, "' has no column '", name, "', which dataset '",
                               sources[0].name, "' has", suggestion(name, source.table->ColumnNames()),
                               "; all inputs need the columns of the first one");
      }
      places.push_back(place);
    }
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Table> aligned, source.table->SelectColumns(places));
    tables.push_back(std::move(aligned));
  }
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  arrow::FieldVector fields;
  for (int i = 0; i < static_cast<int>(names.size()); ++i) {
    std::vector<std::shared_ptr<arrow::ChunkedArray>> parts;
    for (const auto& table : tables) parts.push_back(table->column(i));
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::ChunkedArray> column, concatenate_column(parts, names[i], sources));
    fields.push_back(tables[0]->schema()->field(i)->WithType(column->type()));
    columns.push_back(std::move(column));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns));
}

// Ids as int64 or as text, whatever their width in the input.
Result<std::shared_ptr<arrow::Array>> plain_ids(const arrow::ChunkedArray& column, const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const ValueType type, value_type(*column.type()));
  if (type.kind != ValueKind::kInteger && type.kind != ValueKind::kText) {
    return Status::NotImplemented("column '", name, "' is ", to_string(type), "; ids must be integers or text: ",
                                  "cast it, or read it as text (input option \"types\")");
  }
  const bool as_is = std::all_of(column.chunks().begin(), column.chunks().end(), [&](const auto& chunk) {
    return chunk->type_id() == column.chunk(0)->type_id() &&
           (chunk->type_id() == arrow::Type::INT64 || chunk->type_id() == arrow::Type::STRING ||
            chunk->type_id() == arrow::Type::LARGE_STRING);
  });
  if (as_is && column.num_chunks() > 0) return arrow::Concatenate(column.chunks());
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(type));
  for (const auto& chunk : column.chunks()) {
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(chunk));
    for (int64_t i = 0; i < values.length(); ++i) {
      if (values.at(i).is_null()) {
        const Status in_range = check_integer_range(*chunk, i);
        if (!in_range.ok()) return in_range.WithMessage("column '", name, "': ", in_range.message());
      }
      ARROW_RETURN_NOT_OK(builder.append(values.at(i)));
    }
  }
  return builder.finish();
}

Result<std::shared_ptr<arrow::Array>> permute_ids(const arrow::Array& ids, std::span<const uint32_t> order) {
  const auto fill = [&](auto builder, const auto& array) -> Result<std::shared_ptr<arrow::Array>> {
    ARROW_RETURN_NOT_OK(builder.Reserve(array.length()));
    for (const uint32_t record : order) ARROW_RETURN_NOT_OK(builder.Append(array.GetView(record)));
    return builder.Finish();
  };
  switch (ids.type_id()) {
    case arrow::Type::INT64:
      return fill(arrow::Int64Builder(), static_cast<const arrow::Int64Array&>(ids));
    case arrow::Type::STRING:
      return fill(arrow::StringBuilder(), static_cast<const arrow::StringArray&>(ids));
    default:
      return fill(arrow::LargeStringBuilder(), static_cast<const arrow::LargeStringArray&>(ids));
  }
}

template <typename T>
void permute(std::vector<T>* values, std::span<const uint32_t> order) {
  std::vector<T> permuted(order.size());
  for (size_t row = 0; row < order.size(); ++row) permuted[row] = (*values)[order[row]];
  values->swap(permuted);
}

// The datasets that records come from: their names, and for every record the place of its own among them.
struct Datasets {
  std::vector<std::string> names;
  std::vector<uint16_t> of_record;
};

Result<Datasets> datasets_in_column(const arrow::ChunkedArray& column, const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn encoded, encode_column(name, column));
  if (encoded.type.kind != ValueKind::kText || encoded.num_codes() > UINT16_MAX) {
    return Status::Invalid("column '", name, "' must name each record's dataset in text");
  }
  Datasets datasets;
  ARROW_ASSIGN_OR_RAISE(ArrayValues names, ArrayValues::make(encoded.values));
  for (int64_t i = 0; i < names.length(); ++i) datasets.names.emplace_back(names.at(i).text());
  datasets.of_record.reserve(encoded.codes.size());
  for (const uint32_t code : encoded.codes) {
    if (code == 0) {
      return Status::Invalid("column '", name, "' is null in record ", datasets.of_record.size() + 1);
    }
    datasets.of_record.push_back(static_cast<uint16_t>(code - 1));
  }
  return datasets;
}

Datasets datasets_of_inputs(const std::vector<SourceTable>& sources, int64_t num_records) {
  Datasets datasets;
  datasets.of_record.reserve(static_cast<size_t>(num_records));
  for (size_t i = 0; i < sources.size(); ++i) {
    datasets.names.push_back(sources[i].name);
    datasets.of_record.insert(datasets.of_record.end(), static_cast<size_t>(sources[i].table->num_rows()),
                              static_cast<uint16_t>(i));
  }
  return datasets;
}

// The datasets as a first column, as Splink has it: rules and levels may read it like any other.
Result<std::shared_ptr<arrow::Table>> with_datasets(const arrow::Table& all, const Datasets& datasets,
                                                    const std::string& name) {
  arrow::StringBuilder names;
  ARROW_RETURN_NOT_OK(names.AppendValues(datasets.names));
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> dictionary, names.Finish());
  arrow::Int32Builder places;
  ARROW_RETURN_NOT_OK(places.Reserve(all.num_rows()));
  for (const uint16_t dataset : datasets.of_record) places.UnsafeAppend(dataset);
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> indices, places.Finish());
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> column,
                        arrow::DictionaryArray::FromArrays(indices, dictionary));
  return all.AddColumn(0, arrow::field(name, column->type()), std::make_shared<arrow::ChunkedArray>(column));
}

// The columns of the input but for the ids: those to encode, and the places of the others.
struct InputColumns {
  std::vector<std::string> names;
  std::vector<std::shared_ptr<arrow::ChunkedArray>> to_encode;
  std::vector<int> others;
};

InputColumns input_columns(const arrow::Table& all, const RecordTableOptions& options) {
  const std::vector<std::string> names = all.ColumnNames();
  std::set<std::string, std::less<>> meant;
  for (const std::string& name : options.encoded) {
    if (const std::string* column = column_meant_by(name, names)) meant.insert(*column);
  }
  InputColumns columns;
  for (int i = 0; i < all.num_columns(); ++i) {
    const std::string& name = names[static_cast<size_t>(i)];
    if (meant.contains(name)) {
      columns.names.push_back(name);
      columns.to_encode.push_back(all.column(i));
    } else if (name != options.unique_id_column) {
      columns.others.push_back(i);
    }
  }
  return columns;
}

// Lets go of each column when it is encoded.
Result<std::vector<EncodedColumn>> encode_columns(InputColumns columns, std::span<const uint32_t> order,
                                                  const Cancellation* cancellation, ThreadPool& pool) {
  std::vector<EncodedColumn> encoded(columns.names.size());
  const auto encode = [&](size_t i, int) -> Status {
    const std::shared_ptr<arrow::ChunkedArray> column = std::move(columns.to_encode[i]);
    ARROW_ASSIGN_OR_RAISE(encoded[i], encode_column(columns.names[i], *column));
    if (!order.empty()) permute(&encoded[i].codes, order);
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK(pool.for_each_chunk(encoded.size(), encode, cancellation));
  return encoded;
}

// An expression over several columns is evaluated record by record; over one, once a distinct value.
Result<EncodedColumn> derive_column(const DerivedColumn& derived, const RecordTable& records,
                                    const EvaluationOptions& options) {
  const auto in_column = [&](const Status& status) {
    return status.WithMessage("derived column '", derived.name, "': ", status.message());
  };
  auto expression = Expression::parse(derived.sql);
  if (!expression.ok()) return in_column(expression.status());
  const auto types = [&](const ColumnReference& column) { return records.column_type(column.name); };
  auto evaluator = Evaluator::compile(*expression, derived.sql, types, options);
  if (!evaluator.ok()) return in_column(evaluator.status());

  const EncodedColumn* input = nullptr;
  if (evaluator->columns().size() == 1) {
    ARROW_ASSIGN_OR_RAISE(input, records.column(evaluator->columns()[0].name));
  }
  auto codes = input != nullptr ? derive_codes(*input, *evaluator) : derive_codes_of_rows(records, *evaluator);
  if (!codes.ok()) return in_column(codes.status());
  EncodedColumn result{derived.name, codes->type, std::move(codes->code_of), std::move(codes->values)};
  if (input == nullptr) return result;
  std::vector<uint32_t> code_of_row(records.num_rows());
  for (size_t row = 0; row < code_of_row.size(); ++row) code_of_row[row] = result.codes[input->codes[row]];
  result.codes = std::move(code_of_row);
  return result;
}

// Frequencies of a column's values, as each of the input's records brings them along.
Status take_frequencies(const std::string& name, const arrow::ChunkedArray& frequencies,
                        std::span<const uint32_t> row_of_input, EncodedColumn* column) {
  ARROW_ASSIGN_OR_RAISE(const ValueType type, value_type(*frequencies.type()));
  if (type.kind != ValueKind::kDouble) {
    return Status::TypeError("column '", name, "' is ", to_string(type), "; term frequencies are doubles");
  }
  column->given_frequencies.assign(column->num_codes(), 0);
  size_t input = 0;
  for (const auto& chunk : frequencies.chunks()) {
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(chunk));
    for (int64_t i = 0; i < values.length(); ++i, ++input) {
      const uint32_t code = column->codes[row_of_input.empty() ? input : row_of_input[input]];
      if (code == 0) continue;
      const Value value = values.at(i);
      double& frequency = column->given_frequencies[code];
      if (value.is_null() || !(value.number > 0) || (frequency != 0 && frequency != value.number)) {
        return Status::Invalid("column '", name, "' must have one frequency above 0 for each value of '", column->name,
                               "', but in record ", input + 1, " it has ",
                               value.is_null() ? "none" : std::to_string(value.number), " for a value",
                               frequency != 0 ? " that had " + std::to_string(frequency) + " before" : "");
      }
      frequency = value.number;
    }
  }
  return Status::OK();
}

}  // namespace

Result<RecordTable> RecordTable::make(std::vector<SourceTable> sources, const RecordTableOptions& options,
                                      ThreadPool& pool) {
  RecordTable records;
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Table> all, concatenate_sources(sources));
  if (all->num_rows() >= int64_t{UINT32_MAX}) {
    return Status::CapacityError("the inputs have ", all->num_rows(), " records; one run takes at most ",
                                 UINT32_MAX - 1, "; use the Spark engine for more");
  }
  records.num_rows_ = static_cast<size_t>(all->num_rows());
  std::shared_ptr<arrow::ChunkedArray> id_column = all->GetColumnByName(options.unique_id_column);
  if (id_column == nullptr && options.by_id) {
    return Status::Invalid("the inputs have no id column '", options.unique_id_column, "'",
                           suggestion(options.unique_id_column, all->ColumnNames()),
                           "; name it in the settings as unique_id_column_name");
  }

  records.has_sources_ = options.has_sources;
  if (options.has_sources) {
    Datasets datasets;
    if (const auto column = all->GetColumnByName(options.source_dataset_column)) {
      ARROW_ASSIGN_OR_RAISE(datasets, datasets_in_column(*column, options.source_dataset_column));
    } else {
      datasets = datasets_of_inputs(sources, all->num_rows());
      if (column_meant_by(options.source_dataset_column, options.encoded) != nullptr) {
        ARROW_ASSIGN_OR_RAISE(all, with_datasets(*all, datasets, options.source_dataset_column));
      }
    }
    records.source_names_ = std::move(datasets.names);
    records.source_of_row_ = std::move(datasets.of_record);
  }
  sources.clear();

  if (id_column != nullptr) {
    ARROW_ASSIGN_OR_RAISE(records.ids_, plain_ids(*id_column, options.unique_id_column));
  }
  RecordOrder record_order_found;
  if (options.by_id) {
    ARROW_ASSIGN_OR_RAISE(
        record_order_found,
        record_order(*records.ids_, records.source_of_row_, records.source_names_, options.unique_id_column,
                     options.repeated_records ? RepeatedIds::kSameRecord : RepeatedIds::kRefused));
  }
  const std::vector<uint32_t>& order = record_order_found.input_of_row;
  if (!order.empty()) {
    ARROW_ASSIGN_OR_RAISE(records.ids_, permute_ids(*records.ids_, order));
    if (!records.source_of_row_.empty()) permute(&records.source_of_row_, order);
    records.num_rows_ = order.size();
    records.row_of_input_ = std::move(record_order_found.row_of_input);
  }

  records.names_ = all->ColumnNames();
  InputColumns columns = input_columns(*all, options);
  ARROW_ASSIGN_OR_RAISE(records.unencoded_, all->SelectColumns(columns.others));
  all.reset();
  id_column.reset();
  ARROW_ASSIGN_OR_RAISE(std::vector<EncodedColumn> encoded,
                        encode_columns(std::move(columns), order, options.cancellation, pool));
  for (EncodedColumn& column : encoded) {
    std::string name = column.name;
    records.encoded_.emplace(std::move(name), std::move(column));
  }
  for (const DerivedColumn& derived : options.derived) {
    if (options.cancellation != nullptr) ARROW_RETURN_NOT_OK(options.cancellation->check());
    if (std::find(records.names_.begin(), records.names_.end(), derived.name) != records.names_.end()) {
      return Status::Invalid("derived column '", derived.name, "' has the name of a column that exists already");
    }
    ARROW_ASSIGN_OR_RAISE(EncodedColumn column, derive_column(derived, records, options.evaluation));
    records.names_.push_back(derived.name);
    records.encoded_.emplace(derived.name, std::move(column));
  }
  if (!options.frequency_prefix.empty()) {
    for (auto& [name, column] : records.encoded_) {
      const std::string frequency_name = options.frequency_prefix + name;
      const auto frequencies = records.unencoded_->GetColumnByName(frequency_name);
      if (frequencies == nullptr) continue;
      ARROW_RETURN_NOT_OK(take_frequencies(frequency_name, *frequencies, records.row_of_input_, &column));
    }
  }
  return records;
}

Result<DerivedCodes> derive_codes_of_rows(const RecordTable& records, const Evaluator& evaluator) {
  std::vector<const EncodedColumn*> columns;
  std::vector<ArrayValues> dictionaries;
  for (const ColumnReference& column : evaluator.columns()) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), records.column(column.name));
    ARROW_ASSIGN_OR_RAISE(auto dictionary, ArrayValues::make(columns.back()->values));
    dictionaries.push_back(std::move(dictionary));
  }
  return derive_codes(evaluator, records.num_rows(), [&](uint32_t row, Value* values) {
    for (size_t i = 0; i < columns.size(); ++i) {
      const uint32_t code = columns[i]->codes[row];
      values[i] = code == 0 ? Value::null() : dictionaries[i].at(code - 1);
    }
  });
}

std::string RecordTable::id_text(uint32_t row) const {
  switch (ids_->type_id()) {
    case arrow::Type::INT64:
      return std::to_string(static_cast<const arrow::Int64Array&>(*ids_).Value(row));
    case arrow::Type::STRING:
      return static_cast<const arrow::StringArray&>(*ids_).GetString(row);
    default:
      return static_cast<const arrow::LargeStringArray&>(*ids_).GetString(row);
  }
}

bool RecordTable::has_column(std::string_view name) const {
  const std::string* meant = column_meant_by(name, names_);
  return meant != nullptr && encoded_.find(*meant) != encoded_.end();
}

Result<const EncodedColumn*> RecordTable::column(std::string_view name) const {
  const std::string* meant = column_meant_by(name, names_);
  const auto found = meant == nullptr ? encoded_.end() : encoded_.find(*meant);
  if (found == encoded_.end()) {
    return Status::Invalid("there is no column '", name, "'", suggestion(name, names_));
  }
  return &found->second;
}

Result<ValueType> RecordTable::column_type(std::string_view name) const {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn* found, column(name));
  return found->type;
}

std::vector<std::string> RecordTable::column_names() const { return names_; }

}  // namespace linkwright
