#include "base/type_name.h"

#include <arrow/type.h>
#include <arrow/type_traits.h>

namespace linkwright {

std::string type_name(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY) {
    return type_name(*static_cast<const arrow::DictionaryType&>(type).value_type());
  }
  if (arrow::is_string(type.id()) || type.id() == arrow::Type::STRING_VIEW) return "text";
  if (arrow::is_list(type.id())) return "list of " + type_name(*type.field(0)->type());
  return type.ToString();
}

}  // namespace linkwright
