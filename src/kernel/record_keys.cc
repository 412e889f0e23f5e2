#include "kernel/record_keys.h"

#include <algorithm>

#include "block/blocking_rule.h"
#include "block/row_keys.h"

namespace linkwright {

Result<RecordKeys> RecordKeys::make(const PairTask& task, const RecordTable& records,
                                    const EvaluationOptions& evaluation) {
  RecordKeys keys;
  for (const PairTask::Arm& arm : task.arms()) {
    const std::vector<std::string>& arrays = arm.rule->arrays_to_explode;
    if (arrays.empty()) {
      auto hashes = key_hashes(*arm.arm, records, evaluation);
      if (!hashes.ok()) return in_blocking_rule(arm.rule->sql, hashes.status());
      keys.one_a_row_.push_back(std::move(hashes->left));
      if (!hashes->right.empty()) keys.one_a_row_.push_back(std::move(hashes->right));
      continue;
    }
    auto exploded = exploded_keys(*arm.arm, arrays, records, evaluation);
    if (!exploded.ok()) return in_blocking_rule(arm.rule->sql, exploded.status());
    Exploded blocks;
    for (const auto* side : {&exploded->left, &exploded->right}) {
      for (const ExplodedKey& key : *side) blocks.blocks.emplace_back(key.row, exploded->hashes[key.key]);
    }
    std::sort(blocks.blocks.begin(), blocks.blocks.end());
    blocks.blocks.erase(std::unique(blocks.blocks.begin(), blocks.blocks.end()), blocks.blocks.end());
    keys.exploded_.push_back(std::move(blocks));
  }
  return keys;
}

std::vector<std::string> RecordKeys::columns(const PairTask& task) {
  std::vector<std::string> columns;
  for (const BlockingRule& rule : task.rules) {
    for (const std::string& column : rule.columns()) columns.push_back(column);
  }
  return columns;
}

}  // namespace linkwright
