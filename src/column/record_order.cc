#include "column/record_order.h"

#include <arrow/array.h>
#include <arrow/type.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace linkwright {
namespace {

constexpr const char* kSourceSeparator = "-__-";  // between dataset and id in Splink's composite ids

// Order of whole datasets: that of their names once the separator is appended.
std::vector<uint16_t> source_ranks(std::span<const std::string> names) {
  std::vector<uint16_t> by_name(names.size());
  std::iota(by_name.begin(), by_name.end(), uint16_t{0});
  std::sort(by_name.begin(), by_name.end(),
            [&](uint16_t a, uint16_t b) { return names[a] + kSourceSeparator < names[b] + kSourceSeparator; });
  std::vector<uint16_t> ranks(names.size());
  for (size_t rank = 0; rank < by_name.size(); ++rank) ranks[by_name[rank]] = static_cast<uint16_t>(rank);
  return ranks;
}

// The text of an integer in a fixed buffer, for composite ids, which compare as text even where ids are numbers.
struct IntegerText {
  explicit IntegerText(int64_t value) : end(std::to_chars(digits, digits + sizeof digits, value).ptr) {}
  std::string_view view() const { return {digits, static_cast<size_t>(end - digits)}; }
  char digits[24];
  char* end;
};

template <typename Compare>  // three-way: <0, 0, >0
Result<RecordOrder> order_by(int64_t records, const Compare& compare, RepeatedIds repeated, const auto& describe) {
  bool sorted = true;
  for (int64_t i = 1; i < records && sorted; ++i) {
    sorted = compare(static_cast<uint32_t>(i - 1), static_cast<uint32_t>(i)) < 0;
  }
  if (sorted) return RecordOrder{};
  std::vector<uint32_t> order(static_cast<size_t>(records));
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const int way = compare(a, b);
    return way != 0 ? way < 0 : a < b;
  });
  RecordOrder result;
  result.row_of_input.resize(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && compare(order[i - 1], order[i]) == 0) {
      if (repeated == RepeatedIds::kRefused) return describe(order[i - 1], order[i]);
    } else {
      result.input_of_row.push_back(order[i]);
    }
    result.row_of_input[order[i]] = static_cast<uint32_t>(result.input_of_row.size() - 1);
  }
  return result;
}

}  // namespace

Result<RecordOrder> record_order(const arrow::Array& ids, std::span<const uint16_t> source_of_record,
                                 std::span<const std::string> source_names, const std::string& id_column,
                                 RepeatedIds repeated) {
  if (ids.null_count() > 0) {
    int64_t record = 0;
    while (!ids.IsNull(record)) ++record;
    return Status::Invalid("column '", id_column, "' is null in record ", record + 1,
                           " (counted over all inputs); every record needs an id");
  }
  const std::vector<uint16_t> ranks = source_ranks(source_names);
  const auto describe = [&](const auto& id) {
    return [&, id](uint32_t first, uint32_t second) {
      std::string where = source_of_record.empty() ? "" : " of dataset '" + source_names[source_of_record[first]] + "'";
      return Status::Invalid("column '", id_column, "'", where, " must be unique, but ", id(first), " is in records ",
                             first + 1, " and ", second + 1, " (counted over all inputs); deduplicate the ids first");
    };
  };
  const auto with_sources = [&](const auto& compare_ids) {
    return [&, compare_ids](uint32_t a, uint32_t b) {
      if (!source_of_record.empty()) {
        const int way = int{ranks[source_of_record[a]]} - int{ranks[source_of_record[b]]};
        if (way != 0) return way;
      }
      return compare_ids(a, b);
    };
  };
  const auto by_text = [&](const auto& array) {
    const auto id = [&array](uint32_t record) { return array.GetView(record); };
    return order_by(array.length(), with_sources([id](uint32_t a, uint32_t b) { return id(a).compare(id(b)); }),
                    repeated, describe([id](uint32_t record) { return "'" + std::string(id(record)) + "'"; }));
  };
  switch (ids.type_id()) {
    case arrow::Type::STRING:
      return by_text(static_cast<const arrow::StringArray&>(ids));
    case arrow::Type::LARGE_STRING:
      return by_text(static_cast<const arrow::LargeStringArray&>(ids));
    case arrow::Type::INT64: {
      const int64_t* values = static_cast<const arrow::Int64Array&>(ids).raw_values();
      const auto text = [values](uint32_t record) { return std::to_string(values[record]); };
      if (source_of_record.empty()) {
        return order_by(
            ids.length(),
            [values](uint32_t a, uint32_t b) { return (values[a] > values[b]) - (values[a] < values[b]); }, repeated,
            describe(text));
      }
      return order_by(ids.length(), with_sources([values](uint32_t a, uint32_t b) {
                        return IntegerText(values[a]).view().compare(IntegerText(values[b]).view());
                      }),
                      repeated, describe(text));
    }
    default:
      return Status::NotImplemented("column '", id_column, "' is ", ids.type()->ToString(),
                                    "; ids must be integers or text");
  }
}

}  // namespace linkwright
