#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "token/text_table.h"

namespace linkwright {

/// Slots of a file of tokens.
enum TokenColumn : int { kRuleIdColumn, kTokenColumn, kRecordIdColumn, kTokenColumnCount };

/// Opens a file of tokens with its three columns selected; one that lacks a column is an error that names it.
Result<std::unique_ptr<TextTableReader>> open_token_file(const std::string& path, TextDialect dialect);

}  // namespace linkwright
