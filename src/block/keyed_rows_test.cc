#include "block/keyed_rows.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace linkwright {
namespace {

using KeyAndRow = std::pair<uint64_t, uint32_t>;

template <typename Rows>
std::vector<KeyAndRow> sorted(const std::vector<uint64_t>& keys, uint64_t largest, Rows rows) {
  for (uint32_t row = 0; row < keys.size(); ++row) rows.add(keys[row], row);
  rows.sort_by_key(largest);
  std::vector<KeyAndRow> found;
  for (size_t i = 0; i < rows.size(); ++i) found.emplace_back(rows.key(i), rows.row(i));
  return found;
}

// Keys of every width, so that one or many digits, of narrow and of wide entries, are gone through.
RC_GTEST_PROP(KeyedRows, ComeInOrderOfKeyThenOfRow, ()) {
  const int bits = *rc::gen::inRange(1, 65);
  std::vector<uint64_t> keys;
  for (const uint64_t key : *rc::gen::arbitrary<std::vector<uint64_t>>()) keys.push_back(key >> (64 - bits));
  std::vector<KeyAndRow> expected;
  for (uint32_t row = 0; row < keys.size(); ++row) expected.emplace_back(keys[row], row);
  std::stable_sort(expected.begin(), expected.end());
  const uint64_t largest = keys.empty() ? 0 : *std::max_element(keys.begin(), keys.end());
  const auto found = with_keyed_rows(
      largest, keys.size(), [&](const auto& new_rows) { return sorted(keys, largest, new_rows(keys.size())); });
  RC_ASSERT(found == expected);
}

TEST(KeyedRows, TellWhereAKeyEnds) {
  KeyedRows<uint64_t> rows(4, 4);
  for (const auto& [key, row] : {KeyAndRow{3, 0}, {3, 2}, {3, 3}, {9, 1}}) rows.add(key, row);
  EXPECT_EQ(rows.end_of_key(0), 3u);
  EXPECT_EQ(rows.end_of_key(3), 4u);
}

}  // namespace
}  // namespace linkwright
