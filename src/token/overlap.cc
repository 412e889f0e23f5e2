#include "token/overlap.h"

#include <algorithm>

#include "token/big_endian.h"

namespace linkwright {
namespace {

constexpr size_t kStepsBetweenChecks = 4096;
constexpr size_t kNumbers = 2 * sizeof(uint64_t);  // of a pair

/// The key of several tokens and one more. Digests are uniform and nobody can choose them, so this only has to keep all
/// their bits, and to tell the tokens x and y of two rules from y and x.
TokenDigest joined(const TokenDigest& key, const TokenDigest& digest) {
  const auto mix = [](uint64_t x, uint64_t by) {
    x = (x ^ by) * 0x9e3779b97f4a7c15ULL;
    return x ^ x >> 29;
  };
  return {mix(key[0], digest[0]), mix(key[1], digest[1])};
}

/// A record as it is sorted: its key (16) | its number (8) | its id.
struct KeyedRecord {
  static constexpr size_t kKeyBytes = sizeof(TokenDigest);

  std::string_view key;
  std::string_view number;
  std::string_view id;

  static void write(const TokenDigest& key, const TokenisedRecord& record, std::string* out) {
    out->clear();
    for (uint64_t half : key) append_number(half, out);
    append_number(record.number, out);
    out->append(record.id);
  }

  explicit KeyedRecord(std::string_view text)
      : key(text.substr(0, kKeyBytes)),
        number(text.substr(kKeyBytes, sizeof(uint64_t))),
        id(text.substr(kKeyBytes + sizeof(uint64_t))) {}
};

/// The records of one key: as many as fit into the memory, the others in a temporary file. They are gone through once
/// for every partner, which takes no longer than writing the pairs does.
class SameKeyRecords {
 public:
  explicit SameKeyRecords(const SortSpace& space) : space_(space) {}

  void clear() {
    held_.clear();
    rest_.reset();
  }

  Status add(std::string_view text) {
    append_number(static_cast<uint32_t>(text.size()), &held_);
    held_.append(text);
    return held_.size() < space_.memory_bytes ? Status::OK() : put_away();
  }

  template <class Take>
  Status for_each(const Take& take) {
    if (rest_ == nullptr) return take_all(held_, take);
    if (!held_.empty()) ARROW_RETURN_NOT_OK(put_away());
    std::string piece;
    for (size_t i = 0; i < pieces_.size(); ++i) {
      const uint64_t begin = i == 0 ? 0 : pieces_[i - 1];
      piece.resize(pieces_[i] - begin);
      ARROW_RETURN_NOT_OK(rest_->read(begin, piece.data(), piece.size()));
      ARROW_RETURN_NOT_OK(take_all(piece, take));
    }
    return Status::OK();
  }

 private:
  Status put_away() {
    if (rest_ == nullptr) {
      ARROW_ASSIGN_OR_RAISE(TemporaryFile file, TemporaryFile::create(space_.folder));
      rest_ = std::make_unique<TemporaryFile>(std::move(file));
      pieces_.clear();
    }
    ARROW_RETURN_NOT_OK(rest_->append(held_));
    pieces_.push_back(rest_->size());
    held_.clear();
    return Status::OK();
  }

  template <class Take>
  static Status take_all(std::string_view records, const Take& take) {
    while (!records.empty()) {
      const auto length = take_number<uint32_t>(&records);
      ARROW_RETURN_NOT_OK(take(KeyedRecord(records.substr(0, length))));
      records.remove_prefix(length);
    }
    return Status::OK();
  }

  const SortSpace space_;
  std::string held_;
  std::unique_ptr<TemporaryFile> rest_;
  std::vector<uint64_t> pieces_;  // where they end
};

/// How many different texts a sorter gives.
Result<size_t> count_distinct(ExternalSorter* texts) {
  ARROW_RETURN_NOT_OK(texts->finish());
  size_t count = 0;
  std::string last;
  std::string_view text;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool more, texts->next(&text));
    if (!more) return count;
    if (count > 0 && text == last) continue;
    ++count;
    last.assign(text);
  }
}

}  // namespace

/// A pair as it is sorted: the numbers of its records (8 each) | the length of the first id (4) | both ids.
Result<bool> OverlapMatches::next(OverlapPair* pair) {
  std::string_view text;
  do {
    ARROW_ASSIGN_OR_RAISE(const bool more, pairs_.next(&text));
    if (!more) return false;
  } while (text.starts_with(last_) && !last_.empty());
  last_.assign(text.substr(0, kNumbers));
  text.remove_prefix(kNumbers);
  const auto length = take_number<uint32_t>(&text);
  *pair = {text.substr(0, length), text.substr(length)};
  return true;
}

/// Takes the pairs of a join as it finds them: sorts them, and counts the records in them.
class OverlapJoin::MatchCollector {
 public:
  explicit MatchCollector(const SortSpace& space)
      : pairs_(space.memory_bytes / 4, space.folder),
        matched_{ExternalSorter(space.memory_bytes / 16, space.folder),
                 ExternalSorter(space.memory_bytes / 16, space.folder)} {}

  Status add_matched(size_t dataset, const KeyedRecord& record) { return matched_[dataset].add(record.number); }

  Status add_pair(const KeyedRecord& record1, const KeyedRecord& record2) {
    pair_.assign(record1.number).append(record2.number);
    append_number(static_cast<uint32_t>(record1.id.size()), &pair_);
    pair_.append(record1.id).append(record2.id);
    return pairs_.add(pair_);
  }

  Result<OverlapMatches> finish(OverlapResult result) {
    ARROW_ASSIGN_OR_RAISE(result.matching_records_dataset1, count_distinct(&matched_[0]));
    ARROW_ASSIGN_OR_RAISE(result.matching_records_dataset2, count_distinct(&matched_[1]));
    ARROW_RETURN_NOT_OK(pairs_.finish());
    OverlapMatches matches(std::move(pairs_));
    matches.result = std::move(result);
    return matches;
  }

 private:
  ExternalSorter pairs_;
  std::array<ExternalSorter, 2> matched_;  // the numbers of records that have a partner
  std::string pair_;
};

OverlapJoin::OverlapJoin(const OverlapOptions& options, const SortSpace& space)
    : space_{space.memory_bytes / 2, space.folder} {
  // One half of the memory is for the records of all sets, the other for one join at a time.
  const size_t memory_bytes = space.memory_bytes / 2 / (2 * options.rule_sets.size());
  for (OverlapOptions::RuleSet& asked : options.distinct_rule_sets()) {
    RuleSet& set = sets_.emplace_back(RuleSet{std::move(asked), {}});
    for (size_t dataset = 0; dataset < 2; ++dataset) set.keyed_records.emplace_back(memory_bytes, space.folder);
  }
}

/// Under one key for each choice of its tokens, nearly always one.
Status OverlapJoin::add_record(RuleSet* set, size_t dataset, const TokenisedRecord& record) {
  size_t choices = 1;
  for (size_t rule : set->rules) {
    const size_t tokens = record.tokens[rule].size();
    if (tokens == 0) return Status::OK();
    choices = std::min(choices * tokens, kMostChoices + 1);
  }
  if (choices > kMostChoices) return too_many_choices(record.id);
  keys_.assign(1, kNoToken);
  for (size_t rule : set->rules) {
    longer_keys_.clear();
    for (const TokenDigest& key : keys_) {
      for (const TokenDigest& digest : record.tokens[rule]) longer_keys_.push_back(joined(key, digest));
    }
    std::swap(keys_, longer_keys_);
  }
  for (const TokenDigest& key : keys_) {
    KeyedRecord::write(key, record, &text_);
    ARROW_RETURN_NOT_OK(set->keyed_records[dataset].add(text_));
  }
  return Status::OK();
}

Status OverlapJoin::add(size_t dataset, TokenisedRecords* records, const Cancellation* cancellation) {
  const auto take = [&](const TokenisedRecord& record) -> Status {
    ++records_[dataset];
    for (RuleSet& set : sets_) ARROW_RETURN_NOT_OK(add_record(&set, dataset, record));
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK(records->for_each(take, cancellation));
  for (RuleSet& set : sets_) ARROW_RETURN_NOT_OK(set.keyed_records[dataset].finish());
  return Status::OK();
}

Result<OverlapMatches> OverlapJoin::join(size_t set, const Cancellation* cancellation) {
  // They and their memory go with the end of this join.
  std::vector<ExternalSorter> keyed = std::move(sets_[set].keyed_records);
  MatchCollector collector(space_);
  SameKeyRecords partners({space_.memory_bytes / 4, space_.folder});
  std::string partners_key;
  std::string_view text1;
  std::string_view text2;
  ARROW_ASSIGN_OR_RAISE(bool more1, keyed[0].next(&text1));
  ARROW_ASSIGN_OR_RAISE(bool more2, keyed[1].next(&text2));
  for (size_t step = 0; more1; ++step) {
    if (cancellation != nullptr && step % kStepsBetweenChecks == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    const KeyedRecord record1(text1);
    while (more2 && KeyedRecord(text2).key < record1.key) {
      ARROW_ASSIGN_OR_RAISE(more2, keyed[1].next(&text2));
    }
    if (more2 && KeyedRecord(text2).key == record1.key) {
      partners.clear();
      partners_key.assign(record1.key);
      while (more2 && KeyedRecord(text2).key == record1.key) {
        ARROW_RETURN_NOT_OK(partners.add(text2));
        ARROW_RETURN_NOT_OK(collector.add_matched(1, KeyedRecord(text2)));
        ARROW_ASSIGN_OR_RAISE(more2, keyed[1].next(&text2));
      }
    }
    if (record1.key == partners_key) {
      ARROW_RETURN_NOT_OK(collector.add_matched(0, record1));
      ARROW_RETURN_NOT_OK(
          partners.for_each([&](const KeyedRecord& record2) { return collector.add_pair(record1, record2); }));
    }
    ARROW_ASSIGN_OR_RAISE(more1, keyed[0].next(&text1));
  }
  OverlapResult result;
  result.matching_rules = sets_[set].names;
  result.total_records_dataset1 = records_[0];
  result.total_records_dataset2 = records_[1];
  return collector.finish(std::move(result));
}

}  // namespace linkwright
