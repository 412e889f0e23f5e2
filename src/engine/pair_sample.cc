#include "engine/pair_sample.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace linkwright {
namespace {

constexpr uint64_t kSeed = 1;
constexpr uint64_t kFewPairs = uint64_t{1} << 17;
constexpr double kLongEnoughSeconds = 0.2;
constexpr size_t kFirstPieces = 16;
constexpr size_t kMostPieces = 1024;

// Steps of this length, counted around a circle, fill it evenly from the first few on.
const double kGoldenStep = (std::sqrt(5.0) - 1) / 2;

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

// Pieces of one kind: whole small blocks, or the first rows of large ones, which are more pairs a piece.
struct Kind {
  size_t pieces = 0;
  uint64_t pairs = 0;
  uint64_t results = 0;
  double seconds = 0;
};

}  // namespace

PairSample::PairSample(const CandidatePairs& pairs, uint64_t seed)
    : pairs_(pairs), start_(std::ldexp(static_cast<double>((seed * 0x9E3779B97F4A7C15ULL) >> 11), -53)) {
  pairs_up_to_.reserve(pairs.num_units());
  for (size_t u = 0; u < pairs.num_units(); ++u) {
    num_pairs_ += pairs.unit(u).num_pairs;
    pairs_up_to_.push_back(num_pairs_);
  }
}

PairUnit PairSample::piece(size_t index) const {
  double whole = 0;
  const double place = std::modf(start_ + static_cast<double>(index) * kGoldenStep, &whole);
  const auto pair = std::min(static_cast<uint64_t>(place * static_cast<double>(num_pairs_)), num_pairs_ - 1);
  const auto unit =
      static_cast<size_t>(std::upper_bound(pairs_up_to_.begin(), pairs_up_to_.end(), pair) - pairs_up_to_.begin());
  return pairs_.piece(pairs_.unit(unit), pair - (unit == 0 ? 0 : pairs_up_to_[unit - 1]));
}

Result<PairWork> measure_pair_work(const CandidatePairs& pairs,
                                   const std::function<Result<uint64_t>(const PairUnits&)>& work) {
  const auto measure = [&](const PairUnits& units, double* seconds) -> Result<uint64_t> {
    const auto began = std::chrono::steady_clock::now();
    ARROW_ASSIGN_OR_RAISE(const uint64_t results, work(units));
    *seconds = seconds_since(began);
    return results;
  };
  PairWork all;
  const PairSample sample(pairs, kSeed);
  if (sample.num_pairs() <= kFewPairs) {
    ARROW_ASSIGN_OR_RAISE(const uint64_t results, measure(pairs, &all.seconds));
    all.results = static_cast<double>(results);
    all.sampled_pairs = sample.num_pairs();
    return all;
  }
  ARROW_RETURN_NOT_OK(measure({pairs, {}}, &all.seconds));
  const double set_up = all.seconds;
  std::array<Kind, 2> kinds;
  double spent = 0;
  size_t taken = 0;
  uint64_t sampled = 0;
  const auto is_half = [&] { return sampled >= sample.num_pairs() / 2; };
  for (size_t wanted = kFirstPieces; taken < kMostPieces && spent < kLongEnoughSeconds && !is_half(); wanted *= 2) {
    std::array<std::vector<PairUnit>, 2> pieces;
    for (; taken < wanted && !is_half(); ++taken) {
      const PairUnit piece = sample.piece(taken);
      const size_t kind = piece.most_left_rows > 0 ? 1 : 0;
      pieces[kind].push_back(piece);
      ++kinds[kind].pieces;
      kinds[kind].pairs += piece.num_pairs;
      sampled += piece.num_pairs;
    }
    for (size_t k = 0; k < kinds.size(); ++k) {
      if (pieces[k].empty()) continue;
      double seconds = 0;
      ARROW_ASSIGN_OR_RAISE(const uint64_t results, measure({pairs, pieces[k]}, &seconds));
      kinds[k].results += results;
      kinds[k].seconds += std::max(0.0, seconds - set_up);
      spent += seconds;
    }
  }
  for (const Kind& kind : kinds) {
    if (kind.pairs == 0) continue;
    const double represented =
        static_cast<double>(sample.num_pairs()) * static_cast<double>(kind.pieces) / static_cast<double>(taken);
    const double times = represented / static_cast<double>(kind.pairs);
    all.seconds += kind.seconds * times;
    all.results += static_cast<double>(kind.results) * times;
    all.sampled_pairs += kind.pairs;
  }
  return all;
}

}  // namespace linkwright
