#pragma once

#include <optional>
#include <utility>

#include "base/status.h"
#include "linkwright/spark.h"

namespace linkwright::spark {

/// Rows that the cluster keeps until this goes: Spark's caches and checkpoints outlive the session that made them.
class KeptRows {
 public:
  /// Of rows that are kept already, as a checkpoint is.
  explicit KeptRows(DataFrame rows) : rows_(std::move(rows)) {}
  /// Asks the cluster to keep rows when they are first computed.
  static Result<KeptRows> cache(DataFrame rows);

  ~KeptRows() { give_up(); }
  KeptRows(KeptRows&& other) noexcept : rows_(std::exchange(other.rows_, std::nullopt)) {}
  KeptRows& operator=(KeptRows&& other) noexcept;

  const DataFrame& rows() const { return *rows_; }

 private:
  void give_up() const;

  std::optional<DataFrame> rows_;  // none when they were moved from here
};

}  // namespace linkwright::spark
