#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "column/agreement_pattern.h"
#include "model/linkage_model.h"

namespace linkwright {

/// Pairs that look the same to EM: one agreement pattern and, with term frequencies, one adjustment.
struct PatternCount {
  AgreementPattern pattern = 0;
  uint64_t adjusted_comparisons = 0;  // bit c: comparison c has a term frequency adjustment here
  double adjustment = 0;              // their sum, at the u the session starts with
  uint64_t pairs = 0;
};

/// Takes some counts; and what gives all of them to it, in pieces, always in the same order: they need not be in
/// memory.
using PatternCountVisitor = std::function<void(std::span<const PatternCount>)>;
using PatternCountSource = std::function<Status(const PatternCountVisitor&)>;

struct EmOptions {
  double convergence = 0.0001;
  int max_iterations = 25;
  bool fix_m = false;
  bool fix_u = true;
  bool fix_prior = false;
  const Cancellation* cancellation = nullptr;  // looked at between iterations
};

struct EmIteration {
  double probability_two_random_records_match = 0;
  double largest_change = 0;
};

struct EmResult {
  struct LevelParameters {
    double m = 0;
    double u = 0;
    bool m_observed = true;
    bool u_observed = true;
  };
  std::vector<std::vector<LevelParameters>> levels;  // of every comparison
  double probability_two_random_records_match = 0;
  std::vector<EmIteration> iterations;
  bool converged = false;
};

/// Expectation maximisation over pattern counts: m, u and the prior that make the observed patterns likeliest, from the
/// values in `comparisons` (defaults where untrained) and `prior` on.
///
/// It stops when no parameter moves by `convergence` or more. A level that no pair has gets 1e-6 and is marked as not
/// observed. The result depends on the order of `counts` only in the last bits; callers sort them.
/// Errors: Cancelled.
/// Source: Splink 5's EM (reference section 5.7), after Fellegi and Sunter (1969) and Winkler (1988).
Result<EmResult> expectation_maximisation(const std::vector<Comparison>& comparisons, double prior,
                                          const PatternSpace& patterns, std::span<const PatternCount> counts,
                                          const EmOptions& options);

/// The same over counts that are gone through once an iteration. How they are cut into pieces does not matter. Errors:
/// those of `counts` as well.
Result<EmResult> expectation_maximisation(const std::vector<Comparison>& comparisons, double prior,
                                          const PatternSpace& patterns, const PatternCountSource& counts,
                                          const EmOptions& options);

}  // namespace linkwright
