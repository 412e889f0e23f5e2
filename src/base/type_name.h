#pragma once

#include <string>

namespace arrow {
class DataType;
}

namespace linkwright {

/// The type of a column as messages name it: "text" for all that Arrow has for text, codes of a dictionary as what they
/// stand for, "list of text", and Arrow's own name for the rest ("int64", "date32[day]").
std::string type_name(const arrow::DataType& type);

}  // namespace linkwright
