#include "engine/u_sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

namespace linkwright {

namespace {

std::vector<uint64_t> records_of_dataset(const RecordTable& records) {
  if (!records.has_sources()) return {records.num_rows()};
  std::vector<uint64_t> counts(records.source_names().size());
  for (const uint16_t source : records.source_of_row()) ++counts[source];
  return counts;
}

}  // namespace

double cartesian_pairs(std::span<const uint64_t> records_of_dataset, bool links_only) {
  double rows = 0;
  double squares = 0;
  for (const uint64_t records : records_of_dataset) {
    const auto count = static_cast<double>(records);
    rows += count;
    squares += count * count;
  }
  return links_only ? (rows * rows - squares) / 2 : rows * (rows - 1) / 2;
}

double cartesian_pairs(const RecordTable& records, bool links_only) {
  return cartesian_pairs(records_of_dataset(records), links_only);
}

namespace {

// A seeded hash of the id, so that a sample does not depend on the order of records.
uint64_t sample_hash(std::string_view id, uint64_t seed) {
  uint64_t hash = 0xcbf29ce484222325ULL ^ (seed * 0x9E3779B97F4A7C15ULL);
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  return hash ^ (hash >> 33);
}

}  // namespace

double u_sample_proportion(const UTraining& training, std::span<const uint64_t> records_of_dataset, bool links_only) {
  if (training.method == UTraining::Method::kAllPairs) return 1;
  if (links_only) return std::min(1.0, std::sqrt(training.max_pairs / cartesian_pairs(records_of_dataset, true)));
  const double rows = 0.5 * (1 + std::sqrt(8 * training.max_pairs + 1));
  const uint64_t records = std::accumulate(records_of_dataset.begin(), records_of_dataset.end(), uint64_t{0});
  return std::min(1.0, rows / static_cast<double>(records));
}

bool is_in_u_sample(std::string_view id, uint64_t seed, double proportion) {
  return proportion >= 1 || static_cast<double>(sample_hash(id, seed)) < proportion * 0x1p64;
}

Result<std::vector<uint32_t>> rows_for_u(const UTraining& training, const RecordTable& records, bool links_only,
                                         ThreadPool& pool) {
  constexpr size_t kRowsAtOnce = size_t{1} << 16;
  const double proportion = u_sample_proportion(training, records_of_dataset(records), links_only);
  std::vector<std::vector<uint32_t>> chosen((records.num_rows() + kRowsAtOnce - 1) / kRowsAtOnce);
  ARROW_RETURN_NOT_OK(pool.for_each_chunk(chosen.size(), [&](size_t chunk, int) -> Status {
    const size_t end = std::min(records.num_rows(), (chunk + 1) * kRowsAtOnce);
    for (size_t row = chunk * kRowsAtOnce; row < end; ++row) {
      const auto number = static_cast<uint32_t>(row);
      if (proportion >= 1 || is_in_u_sample(records.id_text(number), training.seed, proportion)) {
        chosen[chunk].push_back(number);
      }
    }
    return Status::OK();
  }));
  std::vector<uint32_t> rows;
  for (const std::vector<uint32_t>& of_chunk : chosen) rows.insert(rows.end(), of_chunk.begin(), of_chunk.end());
  return rows;
}

}  // namespace linkwright
