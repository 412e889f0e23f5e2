#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "token/text_table.h"

namespace linkwright {

/// Slots of a file of tokens.
enum TokenColumn : int { kRuleIdColumn, kTokenColumn, kRecordIdColumn, kTokenColumnCount };

/// Which of these slots each header of tokens goes to, -1 for other columns. Errors: a column that is missing, by its
/// name; `where` says of what.
Result<std::vector<int>> token_column_slots(const std::vector<std::string>& headers, const std::string& where);

/// Opens a file of tokens with its three columns selected; one that lacks a column is an error that names it.
Result<std::unique_ptr<TextTableReader>> open_token_file(const std::string& path, TextDialect dialect);

}  // namespace linkwright
