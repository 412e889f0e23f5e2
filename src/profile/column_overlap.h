#pragma once

#include "base/status.h"
#include "profile/table_profile.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// Finds columns that say again what other columns say, and gives them the role kIgnored with the reason: a text column
/// equal to an earlier one, and a name that contains the values of another name column (a full name beside its first
/// and last name). Compared together they would count the same evidence twice. Looks at a few thousand records.
Status ignore_repeated_columns(const arrow::Table& table, TableProfile& profile);

}  // namespace linkwright
