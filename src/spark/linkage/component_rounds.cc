#include "spark/linkage/component_rounds.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/table.h>

#include <algorithm>
#include <string>
#include <utility>

namespace linkwright::spark {
namespace {

// Another merge of forests is worth its shuffle when the last one took a tenth of their edges away.
constexpr double kLeastShrinking = 0.9;

/// A set of edges, as far as telling whether it is still the same.
struct EdgeSet {
  int64_t size = 0;
  int64_t hashes = 0;  // of the edges, combined so that order does not matter
  bool operator==(const EdgeSet&) const = default;
};

int64_t number(const arrow::Table& row, const std::string& column) {
  const auto scalar = row.GetColumnByName(column)->GetScalar(0).ValueOrDie();
  return scalar->is_valid ? static_cast<const arrow::Int64Scalar&>(*scalar).value : 0;
}

class ComponentRounds {
 public:
  explicit ComponentRounds(const ComponentOptions& options) : options_(options) {}

  Result<Components> run(const DataFrame& edges) {
    if (options_.contract == nullptr) return by_stars(edges);
    if (options_.num_edges && *options_.num_edges <= options_.few_edges) return contract(edges.repartition(1));
    ARROW_ASSIGN_OR_RAISE(Components forest, contract(edges));
    // By either end in turn: edges meet that share an id, and forests that share a root.
    for (const char* end = "lw_right"; forest.size > options_.most_edges_a_task;
         end = std::string(end) == "lw_right" ? "lw_left" : "lw_right") {
      const int64_t size = forest.size;
      const int64_t tasks = (size + options_.most_edges_a_task - 1) / options_.most_edges_a_task;
      ARROW_ASSIGN_OR_RAISE(forest, contract(forest.stars.rows().repartition(static_cast<int>(tasks), {col(end)})));
      const bool has_shrunk = static_cast<double>(forest.size) < kLeastShrinking * static_cast<double>(size);
      if (!has_shrunk) return by_stars(forest.stars.rows());
    }
    return contract(forest.stars.rows().repartition(1));
  }

 private:
  // A forest of each partition's edges, computed and kept on the cluster.
  Result<Components> contract(const DataFrame& edges) const {
    ARROW_ASSIGN_OR_RAISE(DataFrame contracted, options_.contract(edges));
    ARROW_ASSIGN_OR_RAISE(KeptRows stars, KeptRows::cache(std::move(contracted)));
    ARROW_ASSIGN_OR_RAISE(const int64_t size, stars.rows().count(options_.query_options()));
    return Components{std::move(stars), size};
  }

  Result<Components> by_stars(const DataFrame& edges) {
    const DataFrame oriented =
        edges.filter(col("lw_left") != col("lw_right"))
            .select({expr("least(lw_left, lw_right) AS lw_left"), expr("greatest(lw_left, lw_right) AS lw_right")})
            .distinct();
    ARROW_ASSIGN_OR_RAISE(KeptRows stars, checkpoint(oriented));
    ARROW_ASSIGN_OR_RAISE(EdgeSet before, fingerprint(stars.rows()));
    while (true) {
      // A checkpoint after each: a star uses its edges several times, and plans have no memory of what they share.
      {
        ARROW_ASSIGN_OR_RAISE(const KeptRows large, checkpoint(large_star(stars.rows())));
        ARROW_ASSIGN_OR_RAISE(stars, checkpoint(small_star(large.rows())));
      }
      ARROW_ASSIGN_OR_RAISE(const EdgeSet now, fingerprint(stars.rows()));
      if (now == before) return Components{std::move(stars), now.size};
      before = now;
    }
  }

  // Joins every larger neighbour of an id to the smallest of its neighbours and itself.
  static DataFrame large_star(const DataFrame& edges) {
    const DataFrame both =
        edges.select({col("lw_left").alias("id"), col("lw_right").alias("neighbour")})
            .union_all(edges.select({col("lw_right").alias("id"), col("lw_left").alias("neighbour")}));
    const DataFrame smallest = both.group_by({col("id")}).agg({expr("least(id, min(neighbour)) AS smallest")});
    return both.join(smallest, {"id"})
        .filter(col("neighbour") > col("id"))
        .select({col("smallest").alias("lw_left"), col("neighbour").alias("lw_right")})
        .distinct();
  }

  // Joins an id and its smaller neighbours to the smallest of them.
  static DataFrame small_star(const DataFrame& edges) {
    const DataFrame smallest = edges.group_by({col("lw_right")}).agg({expr("min(lw_left) AS smallest")});
    return edges.join(smallest, {"lw_right"})
        .filter(col("lw_left") != col("smallest"))
        .select({col("smallest").alias("lw_left"), col("lw_left").alias("lw_right")})
        .union_all(smallest.select({col("smallest").alias("lw_left"), col("lw_right")}))
        .distinct();
  }

  // Where the cluster has no folder for checkpoints, on the executors: a lost one costs the run, not its correctness.
  Result<KeptRows> checkpoint(const DataFrame& edges) {
    if (place_ == CheckpointPlace::kReliable) {
      Result<DataFrame> kept = edges.checkpoint(CheckpointPlace::kReliable);
      if (kept.ok()) return KeptRows(*std::move(kept));
      if (kept.status().IsIOError() || kept.status().IsCancelled()) return kept.status();
      place_ = CheckpointPlace::kExecutors;
    }
    ARROW_ASSIGN_OR_RAISE(DataFrame kept, edges.checkpoint(place_));
    return KeptRows(std::move(kept));
  }

  Result<EdgeSet> fingerprint(const DataFrame& edges) const {
    ARROW_ASSIGN_OR_RAISE(const auto row,
                          edges.agg({expr("count(1) AS size"), expr("bit_xor(xxhash64(lw_left, lw_right)) AS hashes")})
                              .to_arrow(options_.query_options()));
    if (row->num_rows() != 1) return Status::IOError("Spark sent no count of edges");
    return EdgeSet{number(*row, "size"), number(*row, "hashes")};
  }

  const ComponentOptions& options_;
  CheckpointPlace place_ = CheckpointPlace::kReliable;
};

}  // namespace

Result<Components> connected_components(const DataFrame& edges, const ComponentOptions& options) {
  return ComponentRounds(options).run(edges);
}

}  // namespace linkwright::spark
