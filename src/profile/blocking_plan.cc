#include "profile/blocking_plan.h"

#include <arrow/table.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "expr/printer.h"
#include "profile/match_model.h"
#include "profile/value_counter.h"

namespace linkwright {
namespace {

constexpr int64_t kRowsToRankBy = 100'000;
constexpr size_t kMostKeyColumns = 10;
using Matches = MatchModel::Matches;

std::string rule_sql(const std::vector<KeyPart>& parts, const TableProfile& profile) {
  std::string sql;
  for (const KeyPart& part : parts) {
    const std::string name = quoted_name(profile.columns[part.column].name, '"');
    const auto side = [&](const char* table) {
      const std::string column = std::string(table) + "." + name;
      return part.prefix > 0 ? "substr(" + column + ", 1, " + std::to_string(part.prefix) + ")" : column;
    };
    sql += (sql.empty() ? "" : " AND ") + side("l") + " = " + side("r");
  }
  return sql;
}

class Planner {
 public:
  Planner(std::span<const std::shared_ptr<arrow::Table>> tables, const TableProfile& profile,
          std::span<const size_t> columns, ThreadPool& pool, const BlockingPlanOptions& options)
      : tables_(tables),
        profile_(profile),
        compared_(columns.begin(), columns.end()),
        pool_(pool),
        options_(options),
        model_(profile.columns) {
    for (const auto& table : tables) num_records_ += static_cast<uint64_t>(table->num_rows());
    if (options_.most_pairs == 0) options_.most_pairs = std::max<uint64_t>(1'000'000, 50 * num_records_);
    pick_key_columns(columns);
  }

  Result<BlockingPlan> plan() {
    if (key_columns_.empty()) {
      plan_.notes.push_back("no column can serve as a blocking key: every one is missing, constant or free text");
      return plan_;
    }
    make_candidates();
    ARROW_RETURN_NOT_OK(estimate_pairs());
    ARROW_RETURN_NOT_OK(choose_rules());
    choose_deterministic_rules();
    choose_em_rules();
    return plan_;
  }

 private:
  /// Columns whose values are many and not too often missing make keys.
  void pick_key_columns(std::span<const size_t> columns) {
    std::vector<std::pair<double, size_t>> ranked;
    for (const size_t index : columns) {
      const ColumnProfile& column = profile_.columns[index];
      const double coverage = MatchModel::share(model_.agree(index, false));
      // Not even the beginnings of codes that are different in every record say anything; those of names do.
      const bool is_code_of_one = column.collision_probability == 0 && column.guess.role == ColumnRole::kShortText;
      if (coverage < .02 || column.distinct < 2 || is_code_of_one) continue;
      const double bits = -std::log2(std::max(column.collision_probability, 1e-9));
      ranked.emplace_back(-bits * coverage, index);
    }
    std::sort(ranked.begin(), ranked.end());
    ranked.resize(std::min(ranked.size(), kMostKeyColumns));
    for (const auto& [rank, index] : ranked) key_columns_.push_back(index);
  }

  void add_candidate(std::vector<KeyPart> parts) {
    BlockingCandidate candidate;
    candidate.sql = rule_sql(parts, profile_);
    candidate.parts = std::move(parts);
    candidate.coverage = MatchModel::share(matches_of(candidate));
    candidates_.push_back(std::move(candidate));
  }

  void make_candidates() {
    for (size_t i = 0; i < key_columns_.size(); ++i) {
      const size_t one = key_columns_[i];
      add_candidate({{one, 0}});
      for (size_t j = i + 1; j < key_columns_.size(); ++j) {
        const size_t other = key_columns_[j];
        const unsigned prefix = useful_prefix(profile_.columns[one]);
        const unsigned other_prefix = useful_prefix(profile_.columns[other]);
        add_candidate({{one, 0}, {other, 0}});
        if (prefix > 0) add_candidate({{one, prefix}, {other, 0}});
        if (other_prefix > 0) add_candidate({{one, 0}, {other, other_prefix}});
      }
    }
  }

  Matches matches_of(const BlockingCandidate& candidate) const {
    Matches matches;
    matches.set();
    for (const KeyPart& part : candidate.parts) matches &= model_.agree(part.column, part.prefix > 0);
    return matches;
  }

  Status count_pairs(std::span<BlockingCandidate*> candidates, int64_t most_rows) {
    const RecordKeys records(tables_, profile_, most_rows);
    std::vector<std::pair<std::pair<size_t, unsigned>, RecordKeys::Hashes>> parts;
    for (const BlockingCandidate* candidate : candidates) {
      for (const KeyPart& part : candidate->parts) parts.push_back({{part.column, part.prefix}, {}});
    }
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    ARROW_RETURN_NOT_OK(pool_.for_each_chunk(
        parts.size(),
        [&](size_t i, int) {
          return records.hashes({parts[i].first.first, parts[i].first.second}).Value(&parts[i].second);
        },
        options_.cancellation));
    const auto hashes_of = [&](const KeyPart& part) -> const RecordKeys::Hashes& {
      return std::find_if(parts.begin(), parts.end(),
                          [&](const auto& entry) { return entry.first == std::pair(part.column, part.prefix); })
          ->second;
    };
    const auto count = [&](size_t i, int) {
      RecordKeys::Hashes keys = hashes_of(candidates[i]->parts[0]);
      for (size_t part = 1; part < candidates[i]->parts.size(); ++part) {
        const RecordKeys::Hashes& more = hashes_of(candidates[i]->parts[part]);
        for (size_t row = 0; row < keys.size(); ++row) keys[row] = combine_value_hashes(keys[row], more[row]);
      }
      candidates[i]->pairs = records.scaled(records.pairs(keys, options_.only_across_tables));
      candidates[i]->is_exact = !records.is_sample();
      return Status::OK();
    };
    return pool_.for_each_chunk(candidates.size(), count, options_.cancellation);
  }

  Status estimate_pairs() {
    std::vector<BlockingCandidate*> all;
    for (BlockingCandidate& candidate : candidates_) all.push_back(&candidate);
    return count_pairs(all, kRowsToRankBy);
  }

  Status make_exact(BlockingCandidate& candidate) {
    if (candidate.is_exact) return Status::OK();
    BlockingCandidate* only = &candidate;
    return count_pairs({&only, 1}, INT64_MAX);
  }

  /// Greedy: the rule that makes most new matches for its pairs, again and again, while the budget lasts.
  Status choose_rules() {
    constexpr double kLeastGain = .005;
    Matches covered;
    uint64_t spent = 0;
    std::vector<bool> is_out(candidates_.size());
    std::vector<BlockingCandidate> without_pairs;
    while (plan_.rules.size() < options_.most_rules) {
      size_t best = candidates_.size();
      double best_score = 0;
      for (size_t i = 0; i < candidates_.size(); ++i) {
        if (is_out[i] || candidates_[i].pairs > options_.most_pairs - spent) continue;
        const double gain = MatchModel::share(matches_of(candidates_[i]) & ~covered);
        // A record a pair is what every rule costs anyway; the square root lets a rule that makes much be dearer.
        const double score = gain / std::sqrt(static_cast<double>(candidates_[i].pairs + num_records_ + 1));
        if (gain >= kLeastGain && score > best_score) {
          best = i;
          best_score = score;
        }
      }
      if (best == candidates_.size()) break;
      is_out[best] = true;
      ARROW_RETURN_NOT_OK(make_exact(candidates_[best]));
      if (candidates_[best].pairs > options_.most_pairs - spent) continue;  // the sample made it look cheaper
      if (candidates_[best].pairs == 0) {  // finds no match here, whatever it would elsewhere
        without_pairs.push_back(candidates_[best]);
        continue;
      }
      spent += candidates_[best].pairs;
      covered |= matches_of(candidates_[best]);
      plan_.rules.push_back(candidates_[best]);
    }
    if (plan_.rules.empty()) plan_.rules = std::move(without_pairs);  // of records that have nothing in common
    drop_redundant_rules();
    plan_.coverage = MatchModel::share(covered_by(plan_.rules));
    if (plan_.rules.empty()) {
      plan_.notes.push_back("no blocking rule stays within " + std::to_string(options_.most_pairs) +
                            " pairs; raise the budget or add a column that tells records apart");
    }
    return Status::OK();
  }

  Matches covered_by(std::span<const BlockingCandidate> rules) const {
    Matches covered;
    for (const BlockingCandidate& rule : rules) covered |= matches_of(rule);
    return covered;
  }

  void drop_redundant_rules() {
    constexpr double kLeastOwnShare = .002;
    for (size_t i = plan_.rules.size(); i-- > 0 && plan_.rules.size() > 1;) {
      std::vector<BlockingCandidate> others = plan_.rules;
      others.erase(others.begin() + static_cast<ptrdiff_t>(i));
      const double lost = MatchModel::share(covered_by(plan_.rules) & ~covered_by(others));
      if (lost < kLeastOwnShare) plan_.rules = std::move(others);
    }
  }

  double pairs_in_all() const {
    const auto records = static_cast<double>(num_records_);
    if (!options_.only_across_tables) return records * (records - 1) / 2;
    double pairs = records * records;
    for (const auto& table : tables_)
      pairs -= static_cast<double>(table->num_rows()) * static_cast<double>(table->num_rows());
    return pairs / 2;
  }

  /// Columns of one family go together (a postcode decides the town), so only the strictest of them counts; the two
  /// names of a person are all but independent.
  enum class Family { kFirstName, kLastName, kBirth, kContact, kLocation, kOther, kNumFamilies };

  static Family family_of(ColumnRole role) {
    switch (role) {
      case ColumnRole::kFirstName:
        return Family::kFirstName;
      case ColumnRole::kLastName:
      case ColumnRole::kFullName:
        return Family::kLastName;
      case ColumnRole::kDate:
        return Family::kBirth;
      case ColumnRole::kEmail:
      case ColumnRole::kPhone:
      case ColumnRole::kNationalId:
        return Family::kContact;
      case ColumnRole::kPostcode:
      case ColumnRole::kPlace:
      case ColumnRole::kAddress:
        return Family::kLocation;
      default:
        return Family::kOther;
    }
  }

  /// Pairs that would agree in all of these columns by chance, if families were independent; no pair is left to chance
  /// by columns of a single family, which never make a strict rule.
  double chance_pairs(const std::vector<KeyPart>& parts) const {
    std::array<double, static_cast<size_t>(Family::kNumFamilies)> strictest;
    strictest.fill(1);
    size_t families = 0;
    for (const KeyPart& part : parts) {
      const ColumnProfile& column = profile_.columns[part.column];
      double& collision = strictest[static_cast<size_t>(family_of(column.guess.role))];
      families += collision == 1;
      collision = std::min({collision, std::max(column.collision_probability, 1e-12), .999});
    }
    if (families < 2) return pairs_in_all();
    return std::accumulate(strictest.begin(), strictest.end(), pairs_in_all(), std::multiplies<>());
  }

  /// Whether no two records agree in these whole columns, as far as that was counted.
  bool makes_no_pair(const std::vector<KeyPart>& parts) const {
    return std::any_of(candidates_.begin(), candidates_.end(), [&](const BlockingCandidate& candidate) {
      const auto is_among = [&](const KeyPart& part) {
        return std::find(parts.begin(), parts.end(), part) != parts.end();
      };
      return candidate.is_exact && candidate.pairs == 0 &&
             std::all_of(candidate.parts.begin(), candidate.parts.end(), is_among);
    });
  }

  /// Two or three whole columns that agree by chance in fewer than one pair a thousand records: nearly all their pairs
  /// are matches, so that their number tells how many matches there are.
  void choose_deterministic_rules() {
    constexpr size_t kMostRules = 3;
    const double most_by_chance = std::max(.5, static_cast<double>(num_records_) / 1000);
    std::vector<BlockingCandidate> strict;
    const auto offer = [&](const std::vector<KeyPart>& parts) {
      if (chance_pairs(parts) > most_by_chance || makes_no_pair(parts)) return;
      BlockingCandidate candidate{parts, rule_sql(parts, profile_)};
      candidate.coverage = MatchModel::share(matches_of(candidate));
      if (candidate.coverage >= .02) strict.push_back(std::move(candidate));
    };
    const auto& keys = key_columns_;
    for (size_t i = 0; i < keys.size(); ++i) {
      for (size_t j = i + 1; j < keys.size(); ++j) {
        offer({{keys[i], 0}, {keys[j], 0}});
        for (size_t k = j + 1; k < keys.size(); ++k) {
          if (chance_pairs({{keys[i], 0}, {keys[j], 0}}) > most_by_chance)
            offer({{keys[i], 0}, {keys[j], 0}, {keys[k], 0}});
        }
      }
    }
    Matches covered;
    while (plan_.deterministic.size() < kMostRules) {
      const auto best = std::max_element(strict.begin(), strict.end(), [&](const auto& one, const auto& other) {
        return (matches_of(one) & ~covered).count() < (matches_of(other) & ~covered).count();
      });
      if (best == strict.end() || MatchModel::share(matches_of(*best) & ~covered) < .02) break;
      covered |= matches_of(*best);
      plan_.deterministic.push_back(*best);
    }
    plan_.deterministic_recall = MatchModel::share(covered);
    if (plan_.deterministic.empty()) {
      plan_.notes.push_back("no columns together are strict enough to count matches by: the prior keeps its default");
    }
  }

  bool is_part_of_name(size_t column) const {
    const ColumnRole role = profile_.columns[column].guess.role;
    return role == ColumnRole::kFirstName || role == ColumnRole::kLastName;
  }

  /// Whether a rule says something of the comparison of a column, which it then cannot train.
  bool fixes(const BlockingCandidate& rule, size_t column) const {
    return std::any_of(rule.parts.begin(), rule.parts.end(), [&](const KeyPart& part) {
      return part.column == column ||
             (options_.names_read_each_other && is_part_of_name(part.column) && is_part_of_name(column));
    });
  }

  bool fix_a_column_both(const BlockingCandidate& one, const BlockingCandidate& other) const {
    return std::any_of(one.parts.begin(), one.parts.end(),
                       [&](const KeyPart& part) { return fixes(other, part.column); });
  }

  bool fixes_all(const BlockingCandidate& rule) const {
    return std::all_of(compared_.begin(), compared_.end(), [&](size_t column) { return fixes(rule, column); });
  }

  /// Two rules of whole columns that fix no column both: what one holds equal, the other trains.
  void choose_em_rules() {
    constexpr uint64_t kMostPairs = 20'000'000;
    const double matches = std::max(1.0, static_cast<double>(num_records_) / 10);  // an order of magnitude
    std::vector<const BlockingCandidate*> usable;
    for (const BlockingCandidate& candidate : candidates_) {
      const bool is_whole = std::all_of(candidate.parts.begin(), candidate.parts.end(),
                                        [](const KeyPart& part) { return part.prefix == 0; });
      if (is_whole && candidate.pairs > 0 && candidate.pairs <= kMostPairs && !fixes_all(candidate)) {
        usable.push_back(&candidate);
      }
    }
    // Enough matches among a rule's pairs for EM to find them, without leaving out too many.
    const auto quality = [&](const BlockingCandidate& rule) {
      const double share = std::min(1.0, rule.coverage * matches / static_cast<double>(rule.pairs));
      return rule.coverage * std::min(1.0, share / .02);
    };
    const BlockingCandidate* first = nullptr;
    const BlockingCandidate* second = nullptr;
    double best = 0;
    for (const BlockingCandidate* one : usable) {
      for (const BlockingCandidate* other : usable) {
        if (one >= other || fix_a_column_both(*one, *other)) continue;
        const double worse = std::min(quality(*one), quality(*other));
        const double score = worse + .01 * std::max(quality(*one), quality(*other));
        if (score > best) {
          best = score;
          first = one;
          second = other;
        }
      }
    }
    if (first != nullptr) {
      plan_.em = {*first, *second};
      return;
    }
    plan_.notes.push_back(
        "no two blocking keys without a column in common make pairs to train on: m probabilities keep "
        "their defaults where they cannot be trained");
    if (!usable.empty()) plan_.em = {*usable.front()};
  }

  std::span<const std::shared_ptr<arrow::Table>> tables_;
  const TableProfile& profile_;
  std::vector<size_t> compared_;
  ThreadPool& pool_;
  BlockingPlanOptions options_;
  MatchModel model_;
  uint64_t num_records_ = 0;
  std::vector<size_t> key_columns_;
  std::vector<BlockingCandidate> candidates_;
  BlockingPlan plan_;
};

}  // namespace

Result<BlockingPlan> plan_blocking(std::span<const std::shared_ptr<arrow::Table>> tables, const TableProfile& profile,
                                   std::span<const size_t> columns, ThreadPool& pool,
                                   const BlockingPlanOptions& options) {
  return Planner(tables, profile, columns, pool, options).plan();
}

}  // namespace linkwright
