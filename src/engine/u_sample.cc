#include "engine/u_sample.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace linkwright {

double cartesian_pairs(const RecordTable& records, bool links_only) {
  const auto rows = static_cast<double>(records.num_rows());
  if (!links_only) return rows * (rows - 1) / 2;
  std::vector<double> of_source(records.source_names().size());
  for (const uint16_t source : records.source_of_row()) of_source[source] += 1;
  double squares = 0;
  for (const double count : of_source) squares += count * count;
  return (rows * rows - squares) / 2;
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

// Source: Splink's sample sizes (reference section 5.6).
double sample_proportion(const UTraining& training, const RecordTable& records, bool links_only) {
  if (training.method == UTraining::Method::kAllPairs) return 1;
  if (links_only) return std::min(1.0, std::sqrt(training.max_pairs / cartesian_pairs(records, true)));
  const double rows = 0.5 * (1 + std::sqrt(8 * training.max_pairs + 1));
  return std::min(1.0, rows / static_cast<double>(records.num_rows()));
}

}  // namespace

std::vector<uint32_t> rows_for_u(const UTraining& training, const RecordTable& records, bool links_only) {
  const double proportion = sample_proportion(training, records, links_only);
  std::vector<uint32_t> rows;
  const auto limit = std::ldexp(proportion, 64);
  for (uint32_t row = 0; row < records.num_rows(); ++row) {
    if (proportion >= 1 || static_cast<double>(sample_hash(records.id_text(row), training.seed)) < limit) {
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace linkwright
