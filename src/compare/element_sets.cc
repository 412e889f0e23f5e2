#include "compare/element_sets.h"

#include <arrow/array.h>

#include <algorithm>
#include <string>

#include "expr/arrow_values.h"

namespace linkwright {

Result<std::shared_ptr<const ElementSets>> ElementSets::make(const std::shared_ptr<arrow::Array>& lists,
                                                             ByteStringDictionary* dictionary) {
  auto sets = std::make_shared<ElementSets>();
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(lists));
  std::vector<uint32_t> codes;
  std::string key;
  for (int64_t row = 0; row < lists->length(); ++row) {
    codes.clear();
    for (const Value& item : values.at(row).list()) {
      if (item.is_null()) continue;
      if (item.kind == ValueKind::kText) {
        codes.push_back(dictionary->code(item.text()));
        continue;
      }
      key.clear();
      append_key(item, &key);
      codes.push_back(dictionary->code(key));
    }
    std::sort(codes.begin(), codes.end());
    sets->elements_.insert(sets->elements_.end(), codes.begin(), std::unique(codes.begin(), codes.end()));
    sets->ends_.push_back(sets->elements_.size());
  }
  return sets;
}

}  // namespace linkwright
