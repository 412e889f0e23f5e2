#include "profile/case_folding.h"

#include <arrow/array/builder_binary.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <unordered_set>
#include <utility>

#include "expr/arena.h"
#include "expr/text_case.h"
#include "profile/column_text.h"

namespace linkwright {
namespace {

constexpr int64_t kRowsToLookAt = 100'000;
constexpr double kLeastShare = .01;

bool is_text_to_compare(const ColumnProfile& column) {
  switch (column.guess.role) {
    case ColumnRole::kFirstName:
    case ColumnRole::kLastName:
    case ColumnRole::kFullName:
    case ColumnRole::kPostcode:
    case ColumnRole::kEmail:
    case ColumnRole::kNationalId:
    case ColumnRole::kPlace:
    case ColumnRole::kAddress:
    case ColumnRole::kCompany:
    case ColumnRole::kShortText:
    case ColumnRole::kCategory:
      return column.is_text;
    default:
      return false;
  }
}

Result<double> share_of_other_case(const arrow::ChunkedArray& column, const std::vector<int64_t>& rows,
                                   const Cancellation* cancellation) {
  std::unordered_set<std::string> values;
  std::unordered_set<std::string> folded;
  Arena arena;
  const auto look_at = [&](size_t, std::string_view text) {
    if (text.data() == nullptr || !values.emplace(text).second) return;
    arena.clear();
    folded.emplace(lower_text(text, arena));
  };
  ARROW_RETURN_NOT_OK(visit_text(column, rows, look_at, cancellation));
  if (values.empty()) return 0;
  return 1 - static_cast<double>(folded.size()) / static_cast<double>(values.size());
}

Result<std::shared_ptr<arrow::Array>> in_lower_case(const arrow::ChunkedArray& column,
                                                    const Cancellation* cancellation) {
  arrow::LargeStringBuilder builder;
  Arena arena;
  Status status;
  const auto append = [&](size_t, std::string_view text) {
    if (!status.ok()) return;
    arena.clear();
    status = text.data() == nullptr ? builder.AppendNull() : builder.Append(lower_text(text, arena));
  };
  ARROW_RETURN_NOT_OK(visit_text(column, sample_rows(column.length(), column.length()), append, cancellation));
  ARROW_RETURN_NOT_OK(status);
  return builder.Finish();
}

}  // namespace

Result<std::vector<FoldedColumn>> columns_to_fold(const arrow::Table& table, const TableProfile& profile,
                                                  const Cancellation* cancellation) {
  const std::vector<int64_t> rows = sample_rows(table.num_rows(), kRowsToLookAt);
  std::vector<FoldedColumn> folded;
  for (const ColumnProfile& column : profile.columns) {
    const auto values = is_text_to_compare(column) ? table.GetColumnByName(column.name) : nullptr;
    if (values == nullptr) continue;
    ARROW_ASSIGN_OR_RAISE(const double share, share_of_other_case(*values, rows, cancellation));
    if (share < kLeastShare) continue;
    std::string derived = column.name + "_lower";
    while (table.GetColumnByName(derived) != nullptr) derived += "_";
    folded.push_back({column.name, std::move(derived), share});
  }
  return folded;
}

Result<std::shared_ptr<arrow::Table>> with_folded_columns(std::shared_ptr<arrow::Table> table,
                                                          const std::vector<FoldedColumn>& folded,
                                                          const Cancellation* cancellation) {
  for (const FoldedColumn& column : folded) {
    const int place = table->schema()->GetFieldIndex(column.column);
    ARROW_ASSIGN_OR_RAISE(const auto values, in_lower_case(*table->column(place), cancellation));
    ARROW_ASSIGN_OR_RAISE(table, table->SetColumn(place, arrow::field(column.derived, values->type()),
                                                  std::make_shared<arrow::ChunkedArray>(values)));
  }
  return table;
}

}  // namespace linkwright
